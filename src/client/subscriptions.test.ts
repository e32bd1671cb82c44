import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { FastMCP } from '@fastmcp/ts'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Change, type Client, connect } from './index.ts'

const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
}

/** A server of the official kind in the stateless era, and a way to publish changes. */
async function stateless(options = {}) {
  const handler = createMcpHandler(
    () => new McpServer({ name: 'news', version: '1.0.0' }, { capabilities: CAPABILITIES }),
  )
  const fetch = async (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init))
  const client = await connect('http://localhost/mcp', { fetch, era: 'stateless', ...options })
  onTestFinished(async () => {
    await client.close()
    await handler.close()
  })
  return { client, notify: handler.notify }
}

/** The same in the stateful era; `subscribed` is what the server knows of. */
async function stateful() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const server = new McpServerV1({ name: 'news', version: '1.0.0' }, { capabilities: CAPABILITIES })
  const subscribed = new Set<string>()
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    if (params.uri.startsWith('no:')) throw new Error('no such thing')
    subscribed.add(params.uri)
    return {}
  })
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscribed.delete(params.uri)
    return {}
  })
  await server.connect(new StdioV1(toServer, toClient))
  const client = await connect({ input: toClient, output: toServer }, { era: 'stateful' })
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  const notify = {
    toolsChanged: () => void server.server.sendToolListChanged(),
    promptsChanged: () => void server.server.sendPromptListChanged(),
    resourcesChanged: () => void server.server.sendResourceListChanged(),
    resourceUpdated: (uri: string) => void server.server.sendResourceUpdated({ uri }),
  }
  return { client, notify, subscribed }
}

const heard = (changes: readonly Change[]) =>
  changes.map((change) => (change.kind === 'resource' ? change.uri : change.kind))

describe.each([
  ['stateless', stateless],
  ['stateful', stateful],
])('listening, %s', (_, open) => {
  it('hears of everything it asked for, and of nothing else', async () => {
    const { client, notify } = await open()
    const changes: Change[] = []
    const filter = { tools: true, resourceList: true, resources: ['a://1', 'a://2'] }
    const subscription = await client.listen(filter, (change) => changes.push(change))
    expect(subscription.honored).toEqual(filter)
    notify.promptsChanged()
    notify.resourceUpdated('a://3')
    notify.toolsChanged()
    notify.resourcesChanged()
    notify.resourceUpdated('a://2')
    await vi.waitFor(() => expect(heard(changes)).toEqual(['tools', 'resourceList', 'a://2']))
    expect(changes.every(({ assumed }) => !assumed)).toBe(true)
  })

  it('serves several listeners, each once, until they leave', async () => {
    const { client, notify } = await open()
    const [one, other]: [Change[], Change[]] = [[], []]
    const first = await client.listen({ tools: true, resources: ['a://1'] }, (change) => one.push(change))
    const second = await client.listen({ tools: true, prompts: true }, (change) => other.push(change))
    notify.toolsChanged()
    await vi.waitFor(() => expect([heard(one), heard(other)]).toEqual([['tools'], ['tools']]))
    await first.close()
    await first.close()
    notify.resourceUpdated('a://1')
    notify.promptsChanged()
    await vi.waitFor(() => expect(heard(other)).toEqual(['tools', 'prompts']))
    expect(heard(one)).toEqual(['tools'])
    await second[Symbol.asyncDispose]()
    notify.toolsChanged()
    await client.ping()
    expect(heard(other)).toEqual(['tools', 'prompts'])
  })

  it('goes on when a listener fails, and says so', async () => {
    const { client, notify } = await open()
    const changes: Change[] = []
    await client.listen({ tools: true }, () => {
      throw new Error('listener')
    })
    await client.listen({ tools: true }, (change) => changes.push(change))
    notify.toolsChanged()
    await vi.waitFor(() => expect(heard(changes)).toEqual(['tools']))
  })

  it('has to want something', async () => {
    const { client } = await open()
    await expect(client.listen({}, () => undefined)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await expect(client.listen({ resources: [] }, () => undefined)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })
})

describe('resources in the stateful era', () => {
  it('are subscribed to once, and left when nobody listens any more', async () => {
    const { client, subscribed } = await stateful()
    const one = await client.listen({ resources: ['a://1', 'a://2'] }, () => undefined)
    const other = await client.listen({ resources: ['a://2'] }, () => undefined)
    expect([...subscribed]).toEqual(['a://1', 'a://2'])
    await one.close()
    expect([...subscribed]).toEqual(['a://2'])
    await other.close()
    expect([...subscribed]).toEqual([])
  })

  it('that the server refuses fail their own listener alone', async () => {
    const { client, subscribed } = await stateful()
    await client.listen({ resources: ['a://1'] }, () => undefined)
    await expect(client.listen({ resources: ['no://2'] }, () => undefined)).rejects.toMatchObject({
      name: 'ServerError',
    })
    expect([...subscribed]).toEqual(['a://1'])
  })
})

it('who listens over HTTP misses no change, however late the stream of the session opens', async () => {
  const mcp = new FastMCP({ name: 'live', version: '1.0.0' })
  mcp.tool('one', { description: 'One' }, () => 1)
  let openStream: () => void = () => undefined
  const isOpen = new Promise<void>((resolve) => {
    openStream = resolve
  })
  const fetch = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    if (init?.method === 'GET') await isOpen
    return mcp.fetch(new Request(url, init))
  }
  await using client = await connect('http://localhost/mcp', { fetch, era: 'stateful' })
  const changes: Change[] = []
  const listening = client.listen({ tools: true }, (change) => changes.push(change))
  await client.ping()
  openStream()
  await listening
  mcp.tool('two', { description: 'Two' }, () => 2)
  await vi.waitFor(() => expect(heard(changes)).toEqual(['tools']))
})

it('a server that tells of nothing is not listened to', async () => {
  const handler = createMcpHandler(
    () => new McpServer({ name: 'mute', version: '1.0.0' }, { capabilities: { tools: {} } }),
  )
  const fetch = async (url: string | URL, init?: RequestInit) => handler.fetch(new Request(url, init))
  for (const era of ['stateless', 'stateful'] as const) {
    await using client = await connect('http://localhost/mcp', { fetch, era })
    await expect(client.listen({ prompts: true }, () => undefined)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  }
})

/** A stateless server whose listen streams a test holds in its hands. */
async function flaky(listen: (response: ServerResponse, id: string) => void): Promise<Client> {
  const client = await connect(await serve(answering(listen)), { era: 'stateless' })
  onTestFinished(() => client.close())
  return client
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}

function answering(listen: (response: ServerResponse, id: string) => void): RequestListener {
  return (request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { id, method } = JSON.parse(body)
      if (method === 'subscriptions/listen') return listen(response, id)
      const result = {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: CAPABILITIES,
        ttlMs: 0,
        cacheScope: 'private',
      }
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })
  }
}

function acknowledge(response: ServerResponse, id: string): void {
  const params = {
    _meta: { 'io.modelcontextprotocol/subscriptionId': id },
    notifications: { toolsListChanged: true },
  }
  const message = { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params }
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`data: ${JSON.stringify(message)}\n\n`)
}

describe('a stream that breaks', () => {
  it('is opened again, and what may have been missed is told', async () => {
    let streams = 0
    const client = await flaky((response, id) => {
      acknowledge(response, id)
      if (++streams === 1) setImmediate(() => response.destroy())
    })
    const changes: Change[] = []
    await client.listen({ tools: true }, (change) => changes.push(change))
    await vi.waitFor(() => expect(changes).toEqual([{ kind: 'tools', assumed: true }]), 2_000)
    expect(streams).toBe(2)
  })

  it('is opened ever more slowly while the server will not have it, up to half a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const at: number[] = []
    const client = await flaky((response, id) => {
      at.push(performance.now())
      if (at.length === 1) {
        acknowledge(response, id)
        setImmediate(() => response.destroy())
      } else response.writeHead(503).end()
    })
    await client.listen({ tools: true }, () => undefined)
    while (at.length < 12) {
      await vi.advanceTimersByTimeAsync(50)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    expect(gaps[0]).toBeGreaterThanOrEqual(200)
    expect(gaps[0]).toBeLessThan(700)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(31_000)
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(15_000)
  })

  it('is left alone once nobody listens, or the client is closed', async () => {
    let streams = 0
    const client = await flaky((response, id) => {
      streams++
      acknowledge(response, id)
      setImmediate(() => response.destroy())
    })
    const subscription = await client.listen({ tools: true }, () => undefined)
    await subscription.close()
    await client.listen({ tools: true }, () => undefined)
    await client.close()
    const before = streams
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(streams).toBe(before)
  })
})

it('a subscription can be given up while the server thinks about it', async () => {
  const client = await flaky(() => undefined)
  const reason = new Error('enough')
  const abort = new AbortController()
  const listening = client.listen({ tools: true }, () => undefined, { signal: abort.signal })
  abort.abort(reason)
  await expect(listening).rejects.toBe(reason)
})
