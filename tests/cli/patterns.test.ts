import { describe, expect, it } from 'vitest'
import { fastmcp, Program, project, toolsAt } from './sandbox.ts'

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
  'factory.ts': `${IMPORT}
    export function createServer(): FastMCP {
      const mcp = new FastMCP({ name: 'made', version: '1.0.0' })
      mcp.tool('ping', { description: 'Answers' }, () => 'pong')
      if (process.env.ADMIN === '1') mcp.tool('reset', { description: 'Resets' }, () => 'done')
      return mcp
    }`,
  'factory-and-export.ts': `import { createServer } from './factory.ts'
    export { createServer }
    export const mcp = createServer()`,
  'class.ts': `${IMPORT}
    class Weather {
      readonly mcp = new FastMCP({ name: 'class', version: '1.0.0' })
      readonly #degrees = 21
      constructor() {
        this.mcp.tool('degrees', { description: 'Now' }, () => this.read())
        this.mcp.resource('weather://now', {}, () => ({ degrees: this.read() }))
      }
      read(): number { return this.#degrees }
    }
    export const { mcp } = new Weather()`,
  'wrapped.ts': `${IMPORT}
    export function createServer(name: string): FastMCP {
      return new FastMCP({ name, version: '1.0.0' })
    }`,
  'server.js': `${IMPORT}
    const mcp = new FastMCP({ name: 'plain', version: '1.0.0' })
    mcp.tool('ping', { description: 'Answers' }, () => 'pong')
    await mcp.run()`,
}
const cwd = project(files)
const run = (...args: string[]) => fastmcp(args, { cwd }).ended

describe('S1: a server at module level', () => {
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

describe('S2: a factory', () => {
  it('is called when it is the only candidate', async () => {
    const { code, stdout } = await run('call', 'factory.ts', 'ping')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pong\n' })
  })

  it('registers by its environment, with or without an export of what it makes', async () => {
    for (const file of ['factory.ts', 'factory-and-export.ts']) {
      const names = async (env: Record<string, string>): Promise<unknown> => {
        const { stdout } = await fastmcp(['list', file, '--json'], { cwd, env }).ended
        return JSON.parse(stdout).tools.map(({ name }: { name: string }) => name)
      }
      expect(await names({ ADMIN: '0' })).toEqual(['ping'])
      expect(await names({ ADMIN: '1' })).toEqual(['ping', 'reset'])
    }
  })
})

describe('S3: a class', () => {
  it('keeps this in its tools and resources', async () => {
    expect(await run('call', 'class.ts', 'degrees')).toMatchObject({ code: 0, stdout: '21\n' })
    expect(await run('call', 'class.ts', 'weather://now')).toMatchObject({ code: 0, stdout: '{"degrees":21}\n' })
  })
})

describe('S4: a server wrapped in a function', () => {
  it('is told what was found, what must be, and the two lines that mend it', async () => {
    for (const command of ['run', 'list']) {
      expect(await run(command, 'wrapped.ts')).toEqual({
        code: 1,
        stdout: '',
        stderr: `error: wrapped.ts exports no server: createServer is a function

  The server must be exported at module level, so that it is there as soon as the file is loaded.
  Keep the function and export what it makes:

    export function createServer(…) { … }
    export const mcp = createServer(…)

`,
      })
    }
  })
})

describe('X3: a plain file that runs its server', () => {
  it('answers health and a bare tools/list, and leaves on SIGTERM', async () => {
    const program = new Program(['server.js', '--transport', 'http', '--port', '0'], { cwd })
    const [, url = ''] = await program.says(/^plain serving on (\S+)$/m)
    const health = await fetch(new URL('/health', url))
    expect(health.status).toBe(200)
    expect(await toolsAt(url)).toEqual(['ping'])
    program.signal('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, stdout: '' })
  })

  it('is reached as a command line, too', async () => {
    expect(await run('call', 'node server.js', 'ping')).toMatchObject({ code: 0, stdout: 'pong\n' })
    expect(await run('call', 'ping', '--', 'node', 'server.js')).toMatchObject({ code: 0, stdout: 'pong\n' })
  })
})
