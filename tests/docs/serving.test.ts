import { connect } from '@fastmcp/ts/client'
import { expect, it, onTestFinished } from 'vitest'
import server, { overHttp, worker } from '../../examples/guide/serving.ts'
import { installed, Program } from '../cli/sandbox.ts'

const JITI = 'node_modules/jiti/lib/jiti-cli.mjs'
const headers = { authorization: 'Bearer only an example' }
const whoami = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}'

it('serves over HTTP until it is closed', async () => {
  const { url, close } = await overHttp()
  onTestFinished(close)
  await using client = await connect(url, { headers })
  expect((await client.callTool('whoami')).data).toBe('ops')
  await expect(connect(url)).rejects.toThrow('Authentication is required')
})

it('serves by fetch', async () => {
  const asked = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: whoami,
  })
  expect(await (await server.fetch(asked.clone())).text()).toContain('"ops"')

  const kept: unknown[] = []
  const execution = { waitUntil: (promise: unknown) => kept.push(promise) }
  expect(await (await worker.fetch(asked, {}, execution)).text()).toContain('"ops"')
  expect(await (await worker.fetch(new Request('http://localhost/version'), {}, execution)).text()).toBe('1')
})

it('runs over HTTP', async () => {
  const program = new Program([JITI, 'examples/guide/serving.ts', 'http'], { cwd: installed })
  const [, url = ''] = await program.says(/^ops serving on (\S+)$/m)
  await using client = await connect(url, { headers })
  expect((await client.callTool('whoami')).data).toBe('ops')
  await client.close()
  program.signal('SIGTERM')
  expect((await program.ended).code).toBe(0)
})

it('runs over stdio', async () => {
  const program = new Program([JITI, 'examples/guide/serving.ts', 'flags'], { cwd: installed, input: `${whoami}\n` })
  const { code, stdout } = await program.ended
  expect({ code, answer: JSON.parse(stdout) }).toMatchObject({
    code: 0,
    answer: { id: 1, result: { content: [{ text: 'nobody' }] } },
  })
})
