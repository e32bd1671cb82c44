import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fastmcp, folder, installed, project } from './sandbox.ts'

const SERVER =
  "import { FastMCP } from '@fastmcp/ts'\nexport const mcp = new FastMCP({ name: 'a', version: '1.0.0' })\n"
const files = {
  'compiler.ts': `import { add } from './math.js'
    import { word } from './words'
    ${SERVER}
    enum Kind { Ping = 'ping' }
    mcp.tool(Kind.Ping, { description: 'Answers' }, () => word + add(1, 2))`,
  'math.ts': 'export const add = (a: number, b: number): number => a + b',
  'words.ts': "export const word: string = 'pong'",
  'plain.js': `export { mcp } from './typed.ts'`,
  'typed.ts': `${SERVER} mcp.tool('ping', { description: 'Answers' }, (): string => 'pong')`,
  'waits.ts': `${SERVER} await Promise.resolve()\nmcp.tool('ping', { description: 'Answers' }, () => 'pong')`,
  'later.ts': `import { FastMCP } from '@fastmcp/ts'
    const make = async (): Promise<FastMCP> => {
      const mcp = new FastMCP({ name: 'a', version: '1.0.0' })
      return mcp.tool('ping', { description: 'Answers' }, () => 'pong')
    }
    export const mcp = make()`,
  'rejects.ts': `export const mcp = Promise.reject(new Error('no database'))`,
  'throws.ts': `${SERVER}interface Gone { away: string }\nfunction check(): never {\n  throw new Error('API_KEY is missing')\n}\ncheck()`,
  'throws-text.ts': "throw 'just text'",
  'twice.ts': `${SERVER}mcp.tool('a', { description: 'A' }, () => 1)\nmcp.tool('a', { description: 'A' }, () => 2)\n`,
  'factory-throws.ts': "export function createServer(): never {\n  throw new Error('no database')\n}",
  'broken.ts': 'const a = 1\nconst b = = 2\n',
  'broken.js': 'const a = 1\nconst b = = 2\n',
  'imports-broken.js': "import './broken.js'",
  'no-package.ts': "import { x } from 'not-installed-here/deep'\nexport const y = x",
  'no-file.ts': "import { x } from './gone.ts'\nexport const y = x",
  'stuck.ts': 'await new Promise(() => {})',
  'empty.ts': '',
}
const cwd = project(files)
const list = (target: string) => fastmcp(['list', target], { cwd }).ended

/** The one failure of a target: its code is 1 and standard output is empty. */
async function failure(target: string): Promise<string> {
  const { code, stdout, stderr } = await list(target)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

describe('a file that loads', () => {
  it.each(['compiler.ts', 'plain.js', 'waits.ts', 'later.ts'])('%s', async (file) => {
    const { code, stdout } = await fastmcp(['call', file, 'ping'], { cwd }).ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/^pong/)
  })

  it('may use another copy of the package than the command line', async () => {
    const other = folder()
    for (const name of ['dist', 'package.json']) cpSync(join(installed, name), join(other, name), { recursive: true })
    symlinkSync(join(installed, 'node_modules'), join(other, 'node_modules'))
    const elsewhere = project({ 'typed.ts': files['typed.ts'] }, other)
    const { code, stdout } = await fastmcp(['call', 'typed.ts', 'ping'], { cwd: elsewhere }).ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pong\n' })
  })

  it('runs in the repository itself, where the package names its own build', async () => {
    const { code, stdout } = await fastmcp(['call', 'examples/quickstart.ts', 'add', 'a=1', 'b=2'], { cwd: installed })
      .ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '3\n' })
  })

  it('sees itself as the program, with the arguments after --', async () => {
    const file = `${SERVER} mcp.tool('argv', { description: 'Tells' }, () => process.argv.slice(1))`
    const at = project({ 'argv.ts': file })
    const input = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"argv"}}\n'
    const { stdout } = await fastmcp(['run', 'argv.ts', '--', '--mode', 'x'], { cwd: at, input }).ended
    expect(JSON.parse(JSON.parse(stdout).result.content[0].text)).toEqual([join(at, 'argv.ts'), '--mode', 'x'])
  })
})

describe('a file that does not load', () => {
  it('is not there: the nearest one, or where you are', async () => {
    expect(await failure('tpyed.ts')).toBe('error: There is no file tpyed.ts\n  Did you mean typed.ts?\n')
    expect(await failure('gone/typed.ts')).toContain(`There is no directory gone either. You are in ${cwd}.`)
    mkdirSync(join(cwd, 'folder.ts'))
    expect(await failure('folder.ts')).toContain('folder.ts is a directory')
    rmSync(join(cwd, 'folder.ts'), { recursive: true })
  })

  it('threw: its own lines of the stack, none of ours', async () => {
    expect(await failure('throws.ts')).toMatch(
      /^error: throws\.ts failed while it was loading\n\n {2}Error: API_KEY is missing\n {6}at check \(.*throws\.ts:5:\d+\)\n {6}at .*throws\.ts:7:\d+\n\n {2}Correct this and run the command again; --debug shows every line of the stack\.\n\n$/,
    )
    expect(await failure('rejects.ts')).toContain('Error: no database\n')
    expect(await failure('throws-text.ts')).toContain("It threw 'just text', which is no error.")
    expect(await failure('factory-throws.ts')).toContain('error: createServer() of factory-throws.ts failed')
  })

  it('defines something that cannot be', async () => {
    const stderr = await failure('twice.ts')
    expect(stderr).toContain('tool "a": there is already a tool of this name')
    expect(stderr).toMatch(/at .*twice\.ts:4:/)
    expect(stderr).not.toContain(installed)
  })

  it('has a syntax error: where, with the line', async () => {
    for (const file of ['broken.ts', 'broken.js']) {
      const stderr = await failure(file)
      expect(stderr).toMatch(new RegExp(`^error: ${file}:2:11 has a syntax error: `))
      expect(stderr).toContain('    const b = = 2\n              ^\n')
    }
    expect(await failure('imports-broken.js')).toContain(
      'not in imports-broken.js itself but in a file that it imports',
    )
  })

  it('imports what is not there', async () => {
    expect(await failure('no-package.ts')).toBe(
      'error: no-package.ts needs the package not-installed-here, which is not installed\n\n  Install it:\n\n      npm install not-installed-here\n\n',
    )
    expect(await failure('no-file.ts')).toMatch(/^error: no-file\.ts imports (\.\/)?gone\.ts, which does not exist\n/)
  })

  it('waits for ever', async () => {
    expect(await failure('stuck.ts')).toContain('error: stuck.ts never finishes loading')
  })

  it('exports nothing', async () => {
    expect(await failure('empty.ts')).toContain(
      'error: empty.ts exports no server\n\n  It exports nothing. Export one:',
    )
    expect(await failure('typed.ts:server')).toContain('typed.ts has no export "server"\n  It exports mcp.')
  })

  it('shows everything with --debug', async () => {
    const { stderr } = await fastmcp(['list', 'throws.ts', '--debug'], { cwd }).ended
    expect(stderr).toContain('[cause]: Error: API_KEY is missing')
  })
})
