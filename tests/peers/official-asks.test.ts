import { fileURLToPath } from 'node:url'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { booking } from '../fixtures/booking.mjs'

type Door = 'memory' | 'stdio' | 'http' | 'fetch'

const SELF = { name: 'peer', version: '1.0.0' }
const ABLE = { capabilities: { elicitation: {}, sampling: {}, roots: {} } }
const SERVER = {
  command: process.execPath,
  args: [fileURLToPath(new URL('../fixtures/booking.mjs', import.meta.url))],
  stderr: 'ignore' as const,
}

/** What the client answers: to the first form as said, to everything else gladly. */
interface Answers {
  readonly first: { readonly action: 'accept' | 'decline' | 'cancel'; readonly content?: Record<string, boolean> }
  readonly asked: string[]
}

function answersTo({ first, asked }: Answers) {
  return {
    form: ({ message }: { message: string }) => {
      asked.push(message)
      return message.startsWith('Book') ? first : { action: 'accept' as const, content: { guests: 3 } }
    },
    sample: () => {
      asked.push('sample')
      return { role: 'assistant' as const, model: 'm', content: { type: 'text' as const, text: 'hello' } }
    },
    roots: () => ({ roots: [{ uri: 'file:///work' }] }),
  }
}

/** Where the server is reached over HTTP, or in this process. */
async function reach(door: Door): Promise<{ url: URL; fetch?: typeof fetch; memory: object }> {
  const mcp = booking()
  onTestFinished(() => mcp.close())
  if (door !== 'http') {
    const answer: typeof fetch = async (url, init) => mcp.fetch(new Request(url, init))
    return { url: new URL('http://localhost/mcp'), fetch: answer, memory: mcp['~connect']() }
  }
  const listening = await mcp.listen({ port: 0 })
  onTestFinished(() => listening.close())
  return { url: new URL(listening.url), memory: {} }
}

const v2 = (mode: 'auto' | 'legacy' | { pin: string }) => async (door: Door, answers: Answers) => {
  const client = new ClientV2(SELF, { ...ABLE, versionNegotiation: { mode } })
  const { form, sample, roots } = answersTo(answers)
  client.setRequestHandler('elicitation/create', ({ params }) => form(params))
  client.setRequestHandler('sampling/createMessage', sample)
  client.setRequestHandler('roots/list', roots)
  const { url, fetch, memory } = await reach(door)
  const http = new HttpV2(url, fetch && { fetch })
  // The connection in memory is a transport of the official client.
  await client.connect(door === 'stdio' ? new StdioV2(SERVER) : door === 'memory' ? (memory as HttpV2) : http)
  return client
}

const v1 = async (door: Door, answers: Answers) => {
  const client = new ClientV1(SELF, ABLE)
  const { form, sample, roots } = answersTo(answers)
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => form(params))
  client.setRequestHandler(CreateMessageRequestSchema, sample)
  client.setRequestHandler(ListRootsRequestSchema, roots)
  const { url, fetch, memory } = await reach(door)
  const http = new HttpV1(url, fetch && { fetch })
  const transport = door === 'stdio' ? new StdioV1(SERVER) : door === 'memory' ? memory : http
  // Its interface and its transports differ in `undefined` alone.
  await client.connect(transport as StdioV1)
  return client
}

const CLIENTS = {
  'v2, which finds out by itself': v2('auto'),
  'v2, pinned to the stateless era': v2({ pin: '2026-07-28' }),
  'v2, pinned to the stateful era': v2('legacy'),
  v1,
}

describe.each(Object.entries(CLIENTS))('the official client %s', (_, connect) => {
  describe.each(['memory', 'stdio', 'http', 'fetch'] as const)('over %s', (door) => {
    const book = async (answers: Answers) => {
      const client = await connect(door, answers)
      onTestFinished(() => client.close())
      const { structuredContent } = await client.callTool({ name: 'book', arguments: { room: 'A' } })
      return structuredContent
    }

    it('is asked three rounds, and every effect happens once', async () => {
      const asked: string[] = []
      expect(await book({ first: { action: 'accept', content: { sure: true } }, asked })).toEqual({
        id: 'r-1',
        done: ['reserved A', 'confirmed r-1'],
        answer: '3 guests, hello, file:///work',
      })
      expect(asked).toEqual(['Book A?', 'How many?', 'sample'])
    })

    it.each(['decline', 'cancel'] as const)('may %s', async (action) => {
      const asked: string[] = []
      const expected = { id: 'r-1', done: ['reserved A'], answer: action }
      expect(await book({ first: { action }, asked })).toEqual(expected)
      expect(asked).toEqual(['Book A?'])
    })
  })
})
