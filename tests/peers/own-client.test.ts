import { type Client, connect } from '@fastmcp/ts/client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { LIBRARY, serveLibrary } from './serve-library.ts'

let library: Awaited<ReturnType<typeof serveLibrary>>

beforeAll(async () => {
  library = await serveLibrary()
})
afterAll(async () => {
  await library.stop()
})

const TARGETS = {
  'a command': () => LIBRARY,
  'a command line': () => [LIBRARY.command, ...LIBRARY.args].map((word) => `'${word}'`).join(' '),
  'an address': () => library.url,
  'a config': () => ({ mcpServers: { library: { url: library.url } } }),
}

describe.each(Object.entries(TARGETS))('%s', (_, target) => {
  it.each([
    ['auto', 'stateless'],
    ['stateless', 'stateless'],
    ['stateful', 'stateful'],
  ] as const)('is served in a process of its own, era %s', async (era, agreed) => {
    const client: Client = await connect(target(), { era, stderr: 'ignore' })
    onTestFinished(() => client.close())
    expect([client.era, client.serverInfo?.name]).toEqual([agreed, 'library'])
    expect((await client.tools()).map(({ name }) => name)).toEqual(['add', 'count', 'lend', 'wait'])
    const seen: number[] = []
    const { data } = await client.callTool('count', { to: 5 }, { onProgress: ({ progress }) => seen.push(progress) })
    expect([data, seen]).toEqual([5, [1, 2, 3, 4, 5]])
    expect((await client.readResource('config://app')).json()).toEqual({ theme: 'dark' })
    await expect(client.callTool('lend', { title: 'Dune' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('a command gets one process, which leaves by itself when the client closes', async () => {
  const starts: string[] = []
  const client = await connect(LIBRARY, { stderr: (text) => starts.push(text), graceTimeout: 10_000 })
  const abort = new AbortController()
  const waiting = client.callTool('wait', {}, { signal: abort.signal, onProgress: () => abort.abort() })
  await expect(waiting).rejects.toThrow()
  const from = Date.now()
  await client.close()
  expect(Date.now() - from).toBeLessThan(5_000)
  // What the tool printed was kept out of the messages; one process printed it once.
  expect(starts.join('').match(/this text must not reach the client/g)).toHaveLength(1)
})
