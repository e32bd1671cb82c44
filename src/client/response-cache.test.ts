import { createMcpHandler, inputRequired, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ConnectOptions, connect, ResponseCache } from './index.ts'
import { partitionOf } from './response-cache.ts'

/** A server that lets answers be kept, counts what it is asked, and knows callers by a header. */
function kept({ ttlMs = 60_000, cacheScope = 'private' as 'private' | 'public' } = {}) {
  const asked: string[] = []
  const hint = { ttlMs, cacheScope }
  const handler = createMcpHandler(({ requestInfo }) => {
    const who = requestInfo?.headers.get('authorization') ?? 'nobody'
    const cacheHints = { 'tools/list': hint, 'resources/read': hint, 'resources/list': hint }
    const capabilities = { resources: { subscribe: true } }
    const server = new McpServer({ name: 'kept', version: '1.0.0' }, { cacheHints, capabilities })
    server.registerTool('any', {}, () => ({ content: [] }))
    const uri = new ResourceTemplate('kept://{name}', { list: undefined })
    server.registerResource('kept', uri, {}, ({ href }, _, { mcpReq }) => {
      asked.push(href)
      if (href.endsWith('asks') && !mcpReq.inputResponses) {
        return inputRequired({ inputRequests: { q: inputRequired.listRoots() } })
      }
      return { contents: [{ uri: href, text: `for ${who}` }] }
    })
    return server
  }, {})
  const fetch = async (url: string | URL, init?: RequestInit) => {
    const { method } = JSON.parse(String(init?.body))
    if (method === 'tools/list') asked.push(method)
    return handler.fetch(new Request(url, init))
  }
  const open = async (options: ConnectOptions = {}, url = 'http://localhost/mcp') => {
    const client = await connect(url, { fetch, era: 'stateless', ...options })
    onTestFinished(() => client.close())
    return client
  }
  return { asked, open, notify: handler.notify }
}

describe('an answer that the server lets be kept', () => {
  it('is not asked for again while it is fresh', async () => {
    const { asked, open } = kept()
    const client = await open()
    for (let n = 0; n < 3; n++) {
      await client.tools()
      expect((await client.readResource('kept://a')).text).toBe('for nobody')
    }
    await client.readResource('kept://b')
    expect(asked).toEqual(['tools/list', 'kept://a', 'kept://b'])
  })

  it('is asked for again when its time is over, after a day at the latest', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { asked, open } = kept({ ttlMs: 1_000 })
    const client = await open()
    await client.readResource('kept://a')
    vi.advanceTimersByTime(999)
    await client.readResource('kept://a')
    vi.advanceTimersByTime(2)
    await client.readResource('kept://a')
    expect(asked).toHaveLength(2)
    const forEver = kept({ ttlMs: Number.MAX_SAFE_INTEGER })
    const other = await forEver.open()
    await other.readResource('kept://a')
    vi.advanceTimersByTime(24 * 60 * 60_000)
    await other.readResource('kept://a')
    expect(forEver.asked).toHaveLength(2)
  })

  it('is asked for all the same when told so, once or always', async () => {
    const { asked, open } = kept()
    const client = await open()
    await client.readResource('kept://a')
    await client.readResource('kept://a', { fresh: true })
    await client.tools()
    await client.tools({ fresh: true })
    const never = await open({ cache: false })
    await never.readResource('kept://a')
    await never.readResource('kept://a')
    await never.tools()
    await never.tools()
    expect(asked).toEqual([
      ...['kept://a', 'kept://a', 'tools/list', 'tools/list'],
      ...['kept://a', 'kept://a', 'tools/list', 'tools/list'],
    ])
  })

  it('is forgotten when the server says that it changed', async () => {
    const { asked, open, notify } = kept()
    const client = await open()
    const heard = vi.fn()
    await client.listen({ tools: true, resources: ['kept://a'] }, heard)
    await client.tools()
    await client.readResource('kept://a')
    notify.toolsChanged()
    notify.resourceUpdated('kept://a')
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2))
    await client.tools()
    await client.readResource('kept://a')
    expect(asked).toEqual(['tools/list', 'kept://a', 'tools/list', 'kept://a'])
  })

  it('is not kept when it took an answer of the client to get it', async () => {
    const { asked, open } = kept()
    const client = await open({ onRoots: () => [] })
    for (let n = 0; n < 2; n++) expect((await client.readResource('kept://asks')).text).toBe('for nobody')
    expect(asked).toEqual(['kept://asks', 'kept://asks', 'kept://asks', 'kept://asks'])
  })
})

describe('a cache that clients share', () => {
  /** The same way to the server for all: credentials in headers alone. */
  async function two(scope: 'private' | 'public', urls: readonly string[] = []) {
    const { asked, open } = kept({ cacheScope: scope })
    const cache = new ResponseCache()
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((authorization, index) => open({ cache, headers: { authorization } }, urls[index])),
    )
    if (!alice || !bob) throw new Error('nobody')
    return { asked, alice, bob, cache }
  }

  it('keeps what is private with the credentials that fetched it', async () => {
    const { asked, alice, bob } = await two('private')
    for (const client of [alice, bob, alice, bob]) await client.readResource('kept://a')
    expect((await alice.readResource('kept://a')).text).toBe('for alice')
    expect((await bob.readResource('kept://a')).text).toBe('for bob')
    expect(asked).toHaveLength(2)
  })

  it('shares what is public, at one address', async () => {
    const { asked, alice, bob } = await two('public')
    await alice.readResource('kept://a')
    await bob.readResource('kept://a')
    expect(asked).toHaveLength(1)
    const elsewhere = await two('public', ['http://localhost/one', 'http://localhost/two'])
    await elsewhere.alice.readResource('kept://a')
    await elsewhere.bob.readResource('kept://a')
    expect(elsewhere.asked).toHaveLength(2)
  })

  it('knows credentials by a digest, and takes each fetch for a principal of its own', async () => {
    const secret = await partitionOf({ headers: { Authorization: 'Bearer secret' } })
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(await partitionOf({ headers: { authorization: 'Bearer secret' } })).toBe(secret)
    expect(await partitionOf({ headers: { authorization: 'Bearer other' } })).not.toBe(secret)
    expect(await partitionOf({ headers: { cookie: 'Bearer secret' } })).not.toBe(secret)
    const [one, other] = [async () => undefined, async () => undefined]
    expect(await partitionOf({ fetch: one })).toBe(await partitionOf({ fetch: one }))
    expect(await partitionOf({ fetch: one })).not.toBe(await partitionOf({ fetch: other }))
  })
})

describe('what a cache holds', () => {
  const key = (params: string) => ({ method: 'resources/read', params, partition: 'p' })

  it('is bounded in number; what was not used for longest goes first', async () => {
    const cache = new ResponseCache({ maxEntries: 2 })
    const part = cache.part('here')
    await part.set(key('a'), { value: '1' })
    await part.set(key('b'), { value: '2' })
    await part.get(key('a'))
    await part.set(key('c'), { value: '3' })
    expect([await part.get(key('a')), await part.get(key('b')), await part.get(key('c'))]).toMatchObject([
      { value: '1' },
      undefined,
      { value: '3' },
    ])
    expect(cache.size).toBe(2)
  })

  it('is bounded in bytes, and too large an answer is not kept at all', async () => {
    const cache = new ResponseCache({ maxBytes: 1_000 })
    const part = cache.part('here')
    for (const name of 'abcdefgh') await part.set(key(name), { value: 'x'.repeat(100) })
    expect(cache.bytes).toBeLessThanOrEqual(1_000)
    expect(cache.size).toBeGreaterThan(0)
    const before = cache.size
    await part.set(key('z'), { value: 'x'.repeat(1_000) })
    expect([await part.get(key('z')), cache.size]).toEqual([undefined, before])
    cache.clear()
    expect([cache.size, cache.bytes]).toEqual([0, 0])
  })

  it('is kept apart by place, whatever is in its keys', async () => {
    const cache = new ResponseCache()
    const [here, there] = [cache.part('a'), cache.part('a","resources/read')]
    await here.set(key('x'), { value: '1' })
    await there.set(key('x'), { value: '2' })
    expect([await here.get(key('x')), await there.get(key('x'))]).toMatchObject([{ value: '1' }, { value: '2' }])
    await here.evict('resources/read')
    expect([await here.get(key('x')), await there.get(key('x'))]).toMatchObject([undefined, { value: '2' }])
    await there.clear()
    expect([cache.size, cache.bytes]).toEqual([0, 0])
  })
})
