import { connect } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/s1-module-level-server.ts'
import { fastmcp, installed, type Program, project, toolsAt } from '../cli/sandbox.ts'

describeEras('S1: a server at module level', (open) => {
  it('answers', async () => {
    const client = await open(mcp)
    expect((await client.callTool('greet', { name: 'Ada' })).data).toBe('Hello, Ada!')
  })
})

describe('S1: the example, served by the command line', () => {
  let program: Program
  let url = ''
  beforeAll(async () => {
    const words = ['run', 'examples/patterns/s1-module-level-server.ts', '--transport', 'http', '--port', '0']
    program = fastmcp(words, { cwd: installed })
    url = (await program.says(/^greeter serving on (\S+)$/m))[1] ?? ''
  })

  it.each(['stateless', 'stateful'] as const)('is called by a client of the %s era', async (era) => {
    await using client = await connect(url, { era })
    expect((await client.callTool('greet', { name: 'Ada' })).data).toBe('Hello, Ada!')
  })
})

const IMPORT = "import { FastMCP } from '@fastmcp/ts'\n"
const files = {
  'module-level.ts': `${IMPORT}
    type Name = string
    const name: Name = 'weather'
    export const weather = new FastMCP({ name, version: '1.0.0' })
    export const mcp = new FastMCP({ name: 'main', version: '1.0.0' })
    weather.tool('forecast', { description: 'Tomorrow' }, () => 'sunny')
    mcp.tool('ping', { description: 'Answers' }, () => 'pong')
    console.log('noise at load')
    await mcp.run()`,
}
const cwd = project(files)
const run = (...args: string[]) => fastmcp(args, { cwd }).ended

describe('S1: a server at module level, as the command line runs it', () => {
  it('is served over HTTP, with what to paste to use it', async () => {
    const program = fastmcp(['run', 'module-level.ts', '--transport', 'http', '--port', '0', '--path', '/x'], { cwd })
    const [, url = ''] = await program.says(/^main serving on (http:\/\/127\.0\.0\.1:\d+\/x)$/m)
    const [, command = ''] = await program.says(/^ {2}(curl .+)$/m)
    await program.says(/Stop it with Ctrl-C/)
    expect(await toolsAt(url)).toEqual(['ping'])

    const [, question = ''] = /-d '(.+)'$/.exec(command) ?? []
    expect(command).toBe(`curl -s ${url} -H 'Content-Type: application/json' -d '${question}'`)
    expect(JSON.parse(question)).toEqual({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

    program.signal('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain(`{"mcpServers":{"main":{"type":"http","url":"${url}"}}}`)
    expect(stderr).toContain(`const client = await connect('${url}')`)
  })

  it('is found under another name when that is given', async () => {
    const { code, stdout } = await run('call', 'module-level.ts:weather', 'forecast')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'sunny\n' })
  })

  it('has standard output to itself over stdio', async () => {
    const input = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ping"}}\n'
    const { code, stdout, stderr } = await fastmcp(['run', 'module-level.ts'], { cwd, input }).ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { content: [{ type: 'text', text: 'pong' }] } })
    expect(stderr).toContain('noise at load')
  })

  it('takes what flags leave out from the environment', async () => {
    const env = { FASTMCP_TRANSPORT: 'http', PORT: '0', FASTMCP_PATH: '/env' }
    const program = fastmcp(['run', 'module-level.ts'], { cwd, env })
    const [, url = ''] = await program.says(/serving on (\S+:\d+\/env)$/m)
    expect(await toolsAt(url)).toEqual(['ping'])
    program.signal('SIGINT')
    expect((await program.ended).code).toBe(0)
  })
})
