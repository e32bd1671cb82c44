import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/client/index.ts'
import { FastMCP, McpError } from '../../src/index.ts'

const SELF = { name: 'peer', version: '1.0.0' }
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What of a client is needed here; all of them have it. */
interface Caller {
  callTool(name: string): Promise<unknown>
  close(): Promise<void>
}

const v2 =
  (mode: 'auto' | 'legacy' | { pin: string }) =>
  async (url: string): Promise<Caller> => {
    const client = new ClientV2(SELF, { versionNegotiation: { mode } })
    await client.connect(new HttpV2(new URL(url)))
    return { callTool: (name) => client.callTool({ name, arguments: {} }), close: () => client.close() }
  }

const v1 = async (url: string): Promise<Caller> => {
  const client = new ClientV1(SELF)
  // Its own interface and transports disagree about `undefined`.
  await client.connect(new HttpV1(new URL(url)) as Parameters<ClientV1['connect']>[0])
  return { callTool: (name) => client.callTool({ name, arguments: {} }), close: () => client.close() }
}

const ours =
  (era: 'stateless' | 'stateful') =>
  async (url: string): Promise<Caller> => {
    const client = await connect(url, { era })
    return { callTool: (name) => client.callTool(name), close: () => client.close() }
  }

const CLIENTS: Readonly<Record<string, (url: string) => Promise<Caller>>> = {
  'the official v2, which finds out by itself': v2('auto'),
  'the official v2, pinned to the stateless era': v2({ pin: '2026-07-28' }),
  'the official v2, pinned to the stateful era': v2('legacy'),
  'the official v1': v1,
  'ours in the stateless era': ours('stateless'),
  'ours in the stateful era': ours('stateful'),
}

/** Opens a client, then lets a layer refuse every call; the function it returns ends that. */
async function refusing(name: string, problem: McpError) {
  let refusal: McpError | undefined
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
  mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
  mcp.use('tools/call', (_, next) => {
    if (refusal !== undefined) throw refusal
    return next()
  })
  const { url, close } = await mcp.listen({ port: 0, drainMs: 100 })
  closing.push(close)
  const client = await CLIENTS[name]?.(url)
  if (client === undefined) throw new Error(name)
  closing.push(() => client.close())
  refusal = problem
  return {
    client,
    relent: () => {
      refusal = undefined
    },
  }
}

describe.each(Object.keys(CLIENTS))('a call that is turned away: %s', (name) => {
  it.each(['RATE_LIMITED', 'OVERLOADED'] as const)('fails with %s, and the next one does not', async (code) => {
    const problem = new McpError(code, 'The shop is full', { data: { retryAfterMs: 1_000 } })
    const { client, relent } = await refusing(name, problem)
    const failure = await client.callTool('hello').catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toMatch(/full|429|fewer requests/)
    relent()
    expect(await client.callTool('hello')).toMatchObject({ content: [{ text: 'Hello' }] })
  })
})

describe.each(Object.keys(CLIENTS))('a client that sends too much: %s', (name) => {
  it('is told so by an error of the call', async () => {
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0', http: { rateLimit: { limit: 12, per: 60_000 } } })
    mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
    const { url, close } = await mcp.listen({ port: 0, drainMs: 100 })
    closing.push(close)
    const client = await CLIENTS[name]?.(url)
    closing.push(async () => client?.close().catch(() => undefined))
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => client?.callTool('hello')))
    const refused = calls.filter((call) => call.status === 'rejected')
    expect(refused.length).toBeGreaterThanOrEqual(8)
    expect(calls.length - refused.length).toBeGreaterThan(4)
    for (const { reason } of refused) expect(String(reason)).toMatch(/Too many requests|fewer requests/)
  })
})
