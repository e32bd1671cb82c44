import { describe, expect, it } from 'vitest'
import { fastmcp, installed, project } from './sandbox.ts'

const server = `import { FastMCP, image, ToolError } from '@fastmcp/ts'
import { z } from 'zod'
export const mcp = new FastMCP({ name: 'shop', version: '2.1.0', title: 'The Shop', instructions: 'Be kind.' })
mcp.tool('add', { description: 'Add two numbers', input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => a + b)
mcp.tool('find', { description: 'Find', input: z.object({ tags: z.array(z.string()).default([]), filter: z.object({ limit: z.number() }).optional() }) }, (args) => args)
mcp.tool('divide', { description: 'Divide' }, () => { throw new ToolError('VALIDATION_ERROR', 'Not by zero') })
mcp.tool('dot', { description: 'A picture' }, () => image(new Uint8Array([1, 2, 3]), { mimeType: 'image/png' }))
mcp.tool('slow', { description: 'Reports' }, (_, ctx) => { ctx.progress(1, 2, 'half'); ctx.log.info('working'); return 'done' })
mcp.tool('noisy', { description: 'Prints' }, () => { console.log('noise in a call'); return 'quiet' })
mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
mcp.resource('users://{id}/profile', { description: 'A user' }, ({ id }) => ({ id }))
mcp.prompt('review', { description: 'Review code', input: z.object({ code: z.string() }) }, ({ code }) => 'Review ' + code)
setInterval(() => {}, 1_000)
`
const files = {
  'server.ts': server,
  // Loads in half the time: what TypeScript is to the command line, loading.test.ts tells.
  'server.js': server,
  'one.json': JSON.stringify({ mcpServers: { shop: { command: 'node', args: ['run.js'] } } }),
  'two.json': JSON.stringify({
    mcpServers: { shop: { command: 'node', args: ['run.js'] }, other: { command: 'false' } },
  }),
  'run.js': `import { FastMCP } from '@fastmcp/ts'
const mcp = new FastMCP({ name: 'plain', version: '1.0.0' })
mcp.tool('ping', { description: 'Answers' }, () => 'pong')
await mcp.run()`,
}
const cwd = project(files)
const run = (...args: string[]) => fastmcp(args, { cwd }).ended

describe('fastmcp list', () => {
  it('shows what a server offers, in columns', async () => {
    expect(await run('list', 'server.ts')).toEqual({
      code: 0,
      stderr: '',
      stdout: `Tools (6)
  add     a b            Add two numbers
  find    tags? filter?  Find
  divide                 Divide
  dot                    A picture
  slow                   Reports
  noisy                  Prints

Resources (1)
  config://app  application/json

Templates (1)
  users://{id}/profile    A user

Prompts (1)
  review  code  Review code
`,
    })
  })

  it('shows the definitions as JSON', async () => {
    const { code, stdout } = await run('list', 'server.js', '--json')
    expect(code).toBe(0)
    const listed = JSON.parse(stdout)
    expect(Object.keys(listed)).toEqual(['tools', 'resources', 'templates', 'prompts'])
    expect(listed.tools[0]).toMatchObject({ name: 'add', inputSchema: { required: ['a', 'b'] } })
  })

  it.each(['auto', 'stateless', 'stateful'])('speaks the %s era', async (era) => {
    const { code, stdout } = await run('list', 'server.js', '--era', era)
    expect(code).toBe(0)
    expect(stdout).toContain('Tools (6)')
  })
})

describe('fastmcp call', () => {
  const call = (...args: string[]) => run('call', 'server.js', ...args)

  it('gives arguments by the schema', async () => {
    const [words, nested, json] = await Promise.all([
      call('add', 'a=1', 'b=-2.5'),
      call('find', 'tags=x', 'tags=y', 'filter={"limit":3}'),
      call('add', '--args', '{"a":1,"b":1}', 'b=2'),
    ])
    expect(words).toEqual({ code: 0, stdout: '-1.5\n', stderr: '' })
    expect(JSON.parse(nested.stdout)).toEqual({ tags: ['x', 'y'], filter: { limit: 3 } })
    expect(json.stdout).toBe('3\n')
  })

  it('refuses what cannot be, before it calls', async () => {
    const [wrong, unknown] = await Promise.all([call('add', 'a=x', 'b=1'), call('add', 'c=1')])
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: 'error: a must be a number, not "x"\n  Write a=1.\n' })
    expect(unknown.stderr).toBe('error: There is no argument "c"\n  It takes a, b.\n')
  })

  it('prints the words of a tool that failed, and fails', async () => {
    const [failed, missing, json] = await Promise.all([call('divide'), call('add', 'a=1'), call('divide', '--json')])
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Not by zero') })
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('b')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ isError: true })
  })

  it('names the tool that was meant', async () => {
    expect(await call('ad')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: The server has no tool "ad"\n  Did you mean add?\n',
    })
  })

  it('describes what is no text', async () => {
    const [shown, json] = await Promise.all([call('dot'), call('dot', '--json')])
    expect(shown.stdout).toBe('[image image/png, 3 bytes; --json shows it in base64]\n')
    expect(JSON.parse(json.stdout).content[0]).toMatchObject({ type: 'image', data: 'AQID' })
  })

  it('keeps progress, logs and noise out of the answer', async () => {
    const [{ stdout, stderr }, noisy] = await Promise.all([call('slow'), call('noisy')])
    expect(stdout).toBe('done\n')
    expect(stderr).toContain('1/2 half')
    expect(stderr).toContain('info: working')
    expect(noisy).toEqual({ code: 0, stdout: 'quiet\n', stderr: 'noise in a call\n' })
  })

  it('reads resources and what templates match', async () => {
    const [plain, matched, template, unknown, wrong] = await Promise.all([
      call('config://app'),
      call('users://7/profile'),
      call('users://{id}/profile'),
      call('nothing://here'),
      call('config://app', 'a=1'),
    ])
    expect(plain.stdout).toBe('{"theme":"dark"}\n')
    expect(matched.stdout).toBe('{"id":"7"}\n')
    expect(template).toMatchObject({ code: 2, stderr: expect.stringContaining('in place of {id}') })
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('fastmcp list shows') })
    expect(wrong).toMatchObject({ code: 2 })
  })

  it('gets prompts', async () => {
    const [got, unknown, wrong] = await Promise.all([
      call('--prompt', 'review', 'code=let a'),
      call('--prompt', 'reviev'),
      call('--prompt', 'review', 'cod=1'),
    ])
    expect(got.stdout).toBe('user: Review let a\n')
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean review?') })
    expect(wrong).toMatchObject({ code: 2 })
  })
})

describe('fastmcp inspect', () => {
  it('shows the server and everything in it', async () => {
    const { code, stdout } = await run('inspect', 'server.ts', '--era', 'stateful')
    expect(code).toBe(0)
    for (const line of [
      /^Server +shop 2\.1\.0$/m,
      /^Title +The Shop$/m,
      /^Era +stateful, revision 2025-11-25$/m,
      /^Offers +6 tools, 1 resource, 1 template, 1 prompt$/m,
      /^ {2}Be kind\.$/m,
      /^ {6}tags +string\[\] = \[\] +optional$/m,
      /^ {6}code +string +required$/m,
      /^No problems found\.$/m,
    ]) {
      expect(stdout).toMatch(line)
    }
  })

  it('gives the same as JSON', async () => {
    const { stdout } = await run('inspect', 'server.js', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      server: { name: 'shop', version: '2.1.0' },
      era: 'stateless',
      revision: '2026-07-28',
      instructions: 'Be kind.',
      counts: { tools: 6, resources: 1, templates: 1, prompts: 1 },
      problems: [],
    })
  })
})

describe('targets', () => {
  it('may be an address', async () => {
    const program = fastmcp(['run', 'server.js', '--port', '0'], { cwd })
    const [, url = ''] = await program.says(/serving on (\S+)$/m)
    expect((await run('call', url, 'add', 'a=1', 'b=2', '--header', 'x-tenant=one')).stdout).toBe('3\n')
    const wrong = await run('list', url.replace('/mcp', '/nope'))
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('Most servers answer at /mcp.')
    program.signal('SIGTERM')
    expect((await program.ended).code).toBe(0)
    const gone = await run('list', url)
    expect({ code: gone.code, stdout: gone.stdout }).toEqual({ code: 1, stdout: '' })
    expect(gone.stderr).toContain('does an MCP server run there?')
    expect(gone.stderr).not.toMatch(/^\s+at /m)
  })

  it('may be a config file', async () => {
    const [only, chosen, open] = await Promise.all([
      run('call', 'one.json', 'ping'),
      run('call', 'two.json:shop', 'ping'),
      run('list', 'two.json'),
    ])
    expect(only.stdout).toBe('pong\n')
    expect(chosen.stdout).toBe('pong\n')
    expect(open.stderr).toContain('It names shop, other. Choose one, as in two.json:shop.')
  })

  it('may not be reached in time', async () => {
    const { code, stderr } = await run('list', '--timeout', '0.3', '--', 'node', '-e', 'process.stdin.resume()')
    expect(code).toBe(1)
    expect(stderr).toContain('--timeout <seconds>')
  })

  it('may fail to start', async () => {
    const [missing, ended] = await Promise.all([run('list', '--', 'no-such-program-here'), run('list', 'node gone.js')])
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('The server process ended') })
  })
})

describe('usage', () => {
  it('helps, on standard output when asked and on standard error when not', async () => {
    const commands = ['run', 'list', 'call', 'inspect']
    const [help, bare, ...each] = await Promise.all([
      run('--help'),
      run(),
      ...commands.map((command) => run(command, '--help')),
    ])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const [place, command] of commands.entries()) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
      const stdout = expect.stringContaining(`fastmcp ${command}`)
      expect(each[place]).toMatchObject({ code: 0, stderr: '', stdout })
    }
    expect(bare).toEqual({ code: 2, stdout: '', stderr: help.stdout })
  })

  it('tells the version of the package', async () => {
    const { version } = JSON.parse((await import('node:fs')).readFileSync(`${installed}/package.json`, 'utf8'))
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [['lst', 'server.ts'], 'error: There is no command "lst"\n  Did you mean list?\n'],
    [['server.ts'], 'error: There is no command "server.ts"\n  Did you mean fastmcp run server.ts?\n'],
    [
      ['--port', '1'],
      'error: There is no flag --port here\n  Flags follow the command: fastmcp run server.ts --port 8000\n',
    ],
    [['run', 'server.ts', '--prot', '1'], 'error: There is no flag --prot\n  Did you mean --port?\n'],
    [['run', 'server.ts', '--transport', 'htp'], 'error: --transport cannot be "htp"\n  Did you mean http?\n'],
    [['run', 'server.ts', '--port', '1.5'], 'error: --port must be a whole number from 0 to 65535, not "1.5"\n'],
    [['run'], 'error: There is no file to run\n  For example: fastmcp run server.ts\n'],
    [
      ['run', 'http://127.0.0.1/mcp'],
      'error: http://127.0.0.1/mcp is no file that exports a server\n  run serves a JavaScript or TypeScript file: fastmcp run server.ts\n',
    ],
    [
      ['call', 'server.ts'],
      'error: There is nothing to call\n  Name a tool, the URI of a resource, or --prompt <name>.\n',
    ],
    [
      ['list', 'server.ts', '--header', 'a=1'],
      'error: --header needs a server at an address\n  Only HTTP has headers: leave it out, or give a URL.\n',
    ],
  ])('%j', async (args, stderr) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr })
  })
})

describe('fastmcp openapi', () => {
  const paths = { '/pets': { get: { operationId: 'list pets', responses: { 200: { description: 'ok' } } } } }
  const servers = [{ url: 'https://api.example.com' }]
  const at = project({
    'pets.json': JSON.stringify({ openapi: '3.1.0', info: { title: 'Pets', version: '1' }, servers, paths }),
    'none.yaml': 'openapi: 3.1.0\ninfo: { title: None, version: "1" }\npaths: { /a: { get: { responses: {} } } }\n',
    'other.json': '{}',
  })
  const openapi = (...args: string[]) => fastmcp(['openapi', ...args], { cwd: at }).ended

  it('tells what comes of a document', async () => {
    const { code, stdout, stderr } = await openapi('pets.json', '--all')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Pets 1\n {2}1 operation, about \d+ tokens for a model\n/)
    expect(stdout).toContain('list_pets  GET  /pets')
    const json = await openapi('pets.json', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ title: 'Pets', taken: [{ id: 'list_pets', type: 'tool' }] })
  })

  it('fails where nothing comes of it, and says why', async () => {
    const { code, stdout } = await openapi('none.yaml')
    expect(code).toBe(1)
    expect(stdout).toContain('GET  /a  ')
    expect(stdout).toContain('baseUrl')
    expect((await openapi('none.yaml', '--base-url', 'https://api.example.com')).code).toBe(0)
  })

  it('tells what it cannot read', async () => {
    const [gone, other, none] = await Promise.all([openapi('gone.json'), openapi('other.json'), openapi()])
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('no file gone.json') })
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('"openapi"') })
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no document') })
  })
})
