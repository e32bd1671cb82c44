import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ROWS =
  'S1 S2 S3 S4 T1 T2 T3 R1 R2 R3 R4 A1 A2 A3 E1 E2 C1 C2 H1 H2 X1 X2 X3 D1 D2 D3 P1 P2 P3 N1 N2 L1 L2 M1 M2 G1 G2 O1 O2'
/** Rows that are listed and do not exist yet. */
const LATER: readonly string[] = []

interface Row {
  readonly id: string
  /** Paths from the root of the repository. */
  readonly example: string | undefined
  readonly test: string | undefined
}

const page = readFileSync(join(root, 'docs/patterns.md'), 'utf8')
const rows: readonly Row[] = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id = '']) => /^[A-Z]\d$/.test(id))
  .map(([, id = '', , , example, test]) => ({ id, example: pathIn(example), test: pathIn(test) }))
const there = rows.filter(({ id }) => !LATER.includes(id))

function pathIn(cell = ''): string | undefined {
  return /\]\(\.\.\/(.+)\)$/.exec(cell)?.[1]
}

describe('the table of patterns', () => {
  it('has every row once', () => {
    expect(rows.map(({ id }) => id).toSorted()).toEqual(ROWS.split(' ').toSorted())
  })

  it.each(there)('$id has an example and a test that drives it', ({ id, example = '', test = '' }) => {
    expect(example).toMatch(
      id === 'D2' ? /^examples\/docker$/ : new RegExp(`^examples/patterns/${id.toLowerCase()}-[a-z0-9-]+\\.ts$`),
    )
    expect(test).toMatch(new RegExp(`^tests/patterns/${id.toLowerCase()}-[a-z0-9-]+\\.test\\.ts$`))
    expect([example, test].filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(readFileSync(join(root, test), 'utf8')).toContain(`../../${example}`)
  })

  it('has every example; what is no example is imported by one', () => {
    const files = readdirSync(join(root, 'examples/patterns')).filter((name) => name.endsWith('.ts'))
    const [examples, parts] = [
      files.filter((name) => /^[a-z]\d-/.test(name)),
      files.filter((name) => !/^[a-z]\d-/.test(name)),
    ]
    const listed = there.map(({ example }) => example)
    expect(examples.filter((name) => !listed.includes(`examples/patterns/${name}`))).toEqual([])
    const sources = examples.map((name) => readFileSync(join(root, 'examples/patterns', name), 'utf8'))
    expect(parts.filter((name) => !sources.some((source) => source.includes(`'./${name}'`)))).toEqual([])
  })

  it('has no link for a row that does not exist yet', () => {
    expect(rows.filter(({ id, example, test }) => LATER.includes(id) && (example || test))).toEqual([])
  })
})
