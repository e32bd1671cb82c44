import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  type RequestOptions,
} from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LIBRARY, serveLibrary } from './serve-library.ts'

type Way = 'stdio' | 'http'
type Official = ClientV1 | ClientV2

const SELF = { name: 'peer', version: '1.0.0' }
let library: Awaited<ReturnType<typeof serveLibrary>>

beforeAll(async () => {
  library = await serveLibrary()
})
afterAll(async () => {
  expect(await library.stop()).toBe(0)
})

const v2 = (mode: 'auto' | 'legacy' | { pin: string }) => async (way: Way) => {
  const client = new ClientV2(SELF, { versionNegotiation: { mode } })
  await client.connect(
    way === 'stdio' ? new StdioV2({ ...LIBRARY, stderr: 'ignore' }) : new HttpV2(new URL(library.url)),
  )
  return client
}

const v1 = async (way: Way) => {
  const client = new ClientV1(SELF)
  const transport = way === 'stdio' ? new StdioV1({ ...LIBRARY, stderr: 'ignore' }) : new HttpV1(new URL(library.url))
  // Its own interface and transports disagree about `undefined`.
  await client.connect(transport as StdioV1)
  return client
}

const CLIENTS: Readonly<Record<string, (way: Way) => Promise<Official>>> = {
  'v2, which finds out by itself': v2('auto'),
  'v2, pinned to the stateless era': v2({ pin: '2026-07-28' }),
  'v2, pinned to the stateful era': v2('legacy'),
  v1,
}

describe.each(Object.keys(CLIENTS))('the official client %s', (name) => {
  describe.each(['stdio', 'http'] as const)('over %s', (way) => {
    let client: ClientV2
    beforeAll(async () => {
      const opened = await CLIENTS[name]?.(way)
      if (!opened) throw new Error(name)
      // Both majors have these methods with the same parameters; seen as one, for the compiler.
      client = opened as ClientV2
    })
    afterAll(() => client.close())

    it('learns who the server is', () => {
      expect(client.getServerVersion()).toMatchObject({ name: 'library', version: '1.2.3' })
      expect(client.getInstructions()).toBe('Ask before you borrow')
      expect(client.getServerCapabilities()).toMatchObject({ tools: {}, resources: {}, prompts: {}, completions: {} })
    })

    it('lists everything', async () => {
      const { tools } = await client.listTools()
      expect(tools.map((tool) => tool.name)).toEqual(['add', 'count', 'lend', 'wait'])
      expect(tools[0]).toMatchObject({
        inputSchema: { type: 'object', required: ['a'] },
        annotations: { readOnlyHint: true },
      })
      expect((await client.listResources()).resources).toMatchObject([{ uri: 'config://app' }])
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: 'books://{isbn}' },
      ])
      expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'recommend' }])
    })

    it('calls tools and checks their results against their schemas', async () => {
      await client.listTools()
      const added = await client.callTool({ name: 'add', arguments: { a: 2 } })
      expect(added).toMatchObject({ structuredContent: { sum: 3 }, content: [{ type: 'text', text: '{"sum":3}' }] })
      const counted = await client.callTool({ name: 'count', arguments: { to: 3 } })
      expect(counted.content).toMatchObject([{ type: 'text', text: '3' }])
    })

    it('reads failures of tools, and of the protocol', async () => {
      const lent = await client.callTool({ name: 'lend', arguments: { title: 'Dune' } })
      expect(lent).toMatchObject({
        isError: true,
        content: [{ text: 'No book called Dune' }, { text: '{"code":"NOT_FOUND"}' }],
      })
      expect(await client.callTool({ name: 'lend', arguments: {} })).toMatchObject({ isError: true })
      await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject({ code: -32602 })
    })

    it('reads resources, fills in prompts and completes', async () => {
      const read = async (uri: string) => (await client.readResource({ uri })).contents[0]
      expect(await read('config://app')).toMatchObject({ mimeType: 'application/json', text: '{"theme":"dark"}' })
      expect(await read('books://42')).toMatchObject({ text: 'Book 42' })
      await expect(read('nope://x')).rejects.toThrow(/not found/i)
      const { messages } = await client.getPrompt({ name: 'recommend', arguments: { genre: 'crime' } })
      expect(messages).toMatchObject([{ role: 'user', content: { type: 'text', text: 'Recommend a crime' } }])
      const ref = { type: 'ref/prompt', name: 'recommend' } as const
      const { completion } = await client.complete({ ref, argument: { name: 'genre', value: 'c' } })
      expect(completion.values).toEqual(['crime', 'comedy'])
    })

    it('hears of progress, cancels the call and goes on', async () => {
      const abort = new AbortController()
      const waiting = call(client, 'wait', {}, { signal: abort.signal, onprogress: () => abort.abort() })
      await expect(waiting).rejects.toThrow()
      expect(await client.callTool({ name: 'add', arguments: { a: 1 } })).toMatchObject({
        structuredContent: { sum: 2 },
      })
    })
  })
})

/** Calls a tool with options, which the first major takes behind a schema. */
function call(client: ClientV1 | ClientV2, name: string, args: Record<string, unknown>, options: RequestOptions) {
  const params = { name, arguments: args }
  return client instanceof ClientV1 ? client.callTool(params, undefined, options) : client.callTool(params, options)
}
