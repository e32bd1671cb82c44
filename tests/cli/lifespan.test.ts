import { expect, it } from 'vitest'
import { fastmcp, project } from './sandbox.ts'

const files = {
  'server.ts': `import { FastMCP } from '@fastmcp/ts'
    export const mcp = new FastMCP({
      name: 'shop',
      version: '1.0.0',
      lifespan: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        if (process.env.DOWN) throw new Error('no database')
        console.error('opened')
        // What is open holds the process, as a pool of connections does.
        const timer = setInterval(() => undefined, 1_000)
        const close = async () => {
          clearInterval(timer)
          console.error('closed')
        }
        return { word: 'tea', [Symbol.asyncDispose]: close }
      },
    })
    mcp.tool('word', { description: 'Says it' }, (_, ctx) => ctx.app.word)`,
}
const cwd = project(files)
const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"word"}}\n'

it('is opened before a server listens over HTTP, and closed on SIGTERM', async () => {
  const program = fastmcp(['run', 'server.ts', '--transport', 'http', '--port', '0'], { cwd })
  const [, url = ''] = await program.says(/^shop serving on (\S+)$/m)
  const headers = { 'content-type': 'application/json' }
  expect(await (await fetch(url, { method: 'POST', headers, body: call })).text()).toContain('"tea"')
  program.signal('SIGTERM')
  const { code, stderr } = await program.ended
  expect(code).toBe(0)
  expect(stderr.match(/^(?:opened|closed|shop serving)/gm)).toEqual(['opened', 'shop serving', 'closed'])
})

it('is closed when standard input ends', async () => {
  const { code, stdout, stderr } = await fastmcp(['run', 'server.ts'], { cwd, input: call }).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'opened\nclosed\n' })
  expect(stdout).toContain('"tea"')
})

it.each([[], ['--transport', 'http', '--port', '0']])('ends the program where it fails %s', async (...flags) => {
  const { code, stdout, stderr } = await fastmcp(['run', 'server.ts', ...flags], { cwd, env: { DOWN: '1' } }).ended
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('no database')
})

it('lets a program go that only calls a tool', async () => {
  const { code, stdout, stderr } = await fastmcp(['call', 'server.ts', 'word'], { cwd }).ended
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'tea\n', stderr: 'opened\nclosed\n' })
})
