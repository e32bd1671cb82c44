import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const guide = readdirSync(join(root, 'docs/guide')).map((name) => `docs/guide/${name}`)
const index = textOf('docs/guide/index.md')

describe('the guide', () => {
  it('names every page and every door', () => {
    const pages = guide.map((page) => `(${page.slice('docs/guide/'.length)})`).filter((page) => page !== '(index.md)')
    const { name, exports } = JSON.parse(textOf('package.json')) as { name: string; exports: object }
    const doors = Object.keys(exports).filter((door) => door !== './package.json')
    const expected = [...pages, ...doors.map((door) => `\`${name}${door.slice(1)}\``)]
    expect(expected.filter((words) => !index.includes(words))).toEqual([])
  })

  it.each(['README.md', 'docs/openapi.md', ...guide])('%s leads to what is there', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)]
    const dead = links.filter(([, path = '', place]) => {
      const target = path === '' ? page : join(dirname(page), path)
      return !existsSync(join(root, target)) || (place !== undefined && !placesIn(textOf(target)).includes(place))
    })
    expect(dead.map(([link]) => link)).toEqual([])
  })
})

/** The anchors of a page: its headings as GitHub names them. */
function placesIn(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
