import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'scripts', 'snippets.mjs')

const check = (...args: string[]) => {
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, lines: stdout.split('\n').filter((line) => line !== '') }
}

/** The files below a folder whose names end so. */
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name))

describe('the code in the pages', () => {
  it('is the code of files that compile', () => {
    expect(check()).toEqual({ status: 0, lines: [] })
  })

  it('comes from files that tests run', () => {
    const pages = ['README.md', ...filesIn('docs', '.md')].map((page) => readFileSync(join(root, page), 'utf8'))
    const shown = pages.flatMap((page) =>
      [...page.matchAll(/^<!-- (examples\/[^\s#]+)/gm)].map(([, path = '']) => path),
    )
    const rooms = ['docs', 'patterns', 'cli']
    const tests = rooms
      .flatMap((room) => filesIn(`tests/${room}`, '.test.ts'))
      .map((test) => readFileSync(join(root, test), 'utf8'))
    const idle = [...new Set(shown)].filter((path) => !tests.some((test) => test.includes(path)))
    expect(shown.length).toBeGreaterThan(30)
    expect(idle).toEqual([])
  })
})

describe('a page', () => {
  /** A repository with these files. */
  function repository(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'fastmcp-docs-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const [name, text] of Object.entries({ 'docs/empty.md': '', ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return folder
  }

  const block = (above: string, text = 'old()', language = 'ts') => `${above}\n\`\`\`${language}\n${text}\n\`\`\`\n`

  it('is put right, region by region', () => {
    const at = repository({
      'README.md': `# A\n${block('<!-- examples/a.ts#use -->')}words\n${block('<!-- examples/a.ts -->')}`,
      'examples/a.ts':
        '// #region use\n\nimport a\n\n// #endregion\nrest()\nif (a) {\n  // #region use\n  a(\n    1)\n  // #endregion\n}\n',
    })
    expect(check(at)).toEqual({
      status: 1,
      lines: [
        'README.md:3: differs from examples/a.ts#use; run node scripts/snippets.mjs --write',
        'README.md:8: differs from examples/a.ts; run node scripts/snippets.mjs --write',
      ],
    })
    expect(check('--write', at)).toEqual({ status: 0, lines: [] })
    expect(check(at)).toEqual({ status: 0, lines: [] })
    const whole = 'import a\n\nrest()\nif (a) {\n  a(\n    1)\n}'
    expect(readFileSync(join(at, 'README.md'), 'utf8')).toBe(
      `# A\n${block('<!-- examples/a.ts#use -->', 'import a\n\na(\n  1)')}words\n${block('<!-- examples/a.ts -->', whole)}`,
    )
  })

  it.each([
    ['code from nowhere', block(''), 'a block of "ts" needs the file that it comes from in the line above'],
    ['a block of no language', block('', 'x', ''), 'a block of "" needs the file that it comes from in the line above'],
    ['a file that is gone', block('<!-- examples/b.ts -->'), 'there is no file examples/b.ts'],
    ['a region that is gone', block('<!-- examples/a.ts#gone -->'), 'examples/a.ts has no region gone'],
    ['a region that has no end', block('<!-- examples/open.ts#use -->'), 'examples/open.ts does not end use'],
    ['JSON that is none', block('', '{ a: 1 }', 'json'), 'is no JSON'],
    ['a block that has no end', '\n```sh\nls\n', 'the block does not end'],
  ])('is told of %s', (_, page, words) => {
    const files = { 'examples/a.ts': 'a()\n', 'examples/open.ts': '// #region use\na()\n' }
    const { status, lines } = check(repository({ 'docs/page.md': page, ...files }))
    expect(status).toBe(1)
    expect(lines).toEqual([expect.stringContaining(`docs/page.md:2: ${words}`)])
  })

  it('may be laid out by the formatter where a region was moved to the left', () => {
    const files = { 'examples/a.ts': '{\n  // #region use\n  a(\n    one,\n    two,\n  )\n  // #endregion\n}\n' }
    const laid = block('<!-- examples/a.ts#use -->', 'a(one, two)')
    expect(check(repository({ 'docs/page.md': laid, ...files }))).toEqual({ status: 0, lines: [] })
    const other = block('<!-- examples/a.ts#use -->', 'a(one, three)')
    expect(check(repository({ 'docs/page.md': other, ...files })).status).toBe(1)
  })

  it('may show commands, data and output as they are', () => {
    const page = block('', '{"a":1}', 'json') + block('', 'npm start', 'sh') + block('', 'output', 'text')
    expect(check(repository({ 'docs/page.md': page }))).toEqual({ status: 0, lines: [] })
  })
})

it('has every page of the guide in its index', () => {
  const index = readFileSync(join(root, 'docs/guide/index.md'), 'utf8')
  const pages = filesIn('docs/guide', '.md').map((page) => basename(page))
  expect(pages.filter((page) => page !== 'index.md' && !index.includes(`](${page})`))).toEqual([])
})

it('has no page that links to what is not there', () => {
  const broken = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md')].flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, to = '']) => join(dirname(page), to))
      .filter((to) => !existsSync(join(root, to))),
  )
  expect(broken).toEqual([])
})
