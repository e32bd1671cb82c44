import { askForm, createMemoryStorage, FastMCP, inputRequired, McpError, ToolError, toolResult } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import type { Context } from '../engine/context.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import type { Storage } from '../storage/storage.ts'
import { type CacheLayer, type CacheLayerOptions, cache } from './cache.ts'

const READ = { readOnlyHint: true }
const input = z.object({}).loose()

type Handler = (args: Record<string, unknown>, ctx: Context) => unknown

/** A server with one cached tool, and how often it ran. */
function server(handler: Handler, options: Partial<CacheLayerOptions> = {}) {
  const layer = cache({ ttl: 60_000, ...options })
  const mcp = new FastMCP({ name: 'cached', version: '1.0.0', onError: () => undefined })
  mcp.use('tools/call', layer)
  const runs: Record<string, unknown>[] = []
  mcp.tool('read', { description: 'Reads', annotations: READ, input }, (args, ctx) => {
    runs.push(args)
    return handler(args, ctx)
  })
  return { mcp, layer, runs }
}

const call = (args?: Record<string, unknown>, name = 'read') =>
  ['tools/call', args === undefined ? { name } : { name, arguments: args }] as const
const as = (subject: string, scopes?: readonly string[]) => ({ auth: { subject, ...(scopes && { scopes }) } })
const textOf = ({ content }: CallToolResult): string => (content[0]?.type === 'text' ? content[0].text : '')

describe('what is kept', () => {
  it('is what a tool gave that only reads, until its time is over', async () => {
    useFakeClock()
    let count = 0
    const { mcp, layer, runs } = server(() => ({ count: ++count }), { ttl: 1_000 })
    const first = await callDirectly(mcp, call())
    expect(await callDirectly(mcp, call({}))).toEqual(first)
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(await callDirectly(mcp, call())).toEqual(first)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await callDirectly(mcp, call())).toMatchObject({ structuredContent: { count: 2 } })
    expect([runs.length, layer.stats]).toEqual([2, { hits: 2, misses: 2, failures: 0 }])
    vi.useRealTimers()
  })

  it('is nothing of other tools, unless they are named', async () => {
    const layer = cache({ ttl: 60_000, tools: { named: true, never: false, brief: { ttl: 1 } } })
    const mcp = new FastMCP({ name: 'cached', version: '1.0.0' })
    mcp.use('tools/call', layer)
    const runs: Record<string, number> = {}
    const add = (name: string, annotations = {}) =>
      mcp.tool(name, { description: name, annotations }, () => {
        runs[name] = (runs[name] ?? 0) + 1
      })
    add('plain').tool
    add('idempotent', { idempotentHint: true })
    add('named')
    add('never', READ)
    add('brief', READ)
    for (const name of ['plain', 'idempotent', 'named', 'never'])
      for (let n = 0; n < 2; n++) await callDirectly(mcp, call(undefined, name))
    expect(runs).toEqual({ plain: 2, idempotent: 2, named: 1, never: 2 })
  })

  it('is a copy: what somebody does to it changes nothing', async () => {
    const shared = { list: [1] }
    const { mcp } = server(() => shared)
    const first = await callDirectly(mcp, call())
    shared.list.push(2)
    const second = await callDirectly(mcp, call())
    expect(second.structuredContent).toEqual({ list: [1] })
    Reflect.set(second, 'content', [])
    Reflect.get(second.structuredContent as object, 'list').push(9)
    expect((await callDirectly(mcp, call())).structuredContent).toEqual({ list: [1] })
    expect(first).not.toBe(second)
  })

  it.each(['stateless', 'stateful'] as const)('reads the same as what was not kept, %s', async (era) => {
    const mcp = new FastMCP({ name: 'cached', version: '1.0.0' })
    const cached = cache({ ttl: 60_000 })
    mcp.use('tools/call', cached)
    mcp.tool('number', { description: 'A number', annotations: READ, output: z.number() }, () => 7)
    await using client = await createTestClient(mcp, { era })
    expect(await client.callTool('number')).toEqual(await client.callTool('number'))
    expect(cached.stats).toMatchObject({ hits: 1, misses: 1 })
  })

  it('is kept inside a server that is mounted under another name', async () => {
    const { mcp, layer } = server(() => 'x', { tools: { read: { ttl: 60_000 } } })
    const outer = new FastMCP({ name: 'outer', version: '1.0.0' })
    outer.mount('inner', mcp)
    // Another tool, which the outer server knows by the name that the inner one has for its own.
    outer.tool('read', { description: 'Writes' }, () => 'written')
    await using client = await createTestClient(outer)
    for (let n = 0; n < 2; n++) expect((await client.callTool('inner_read')).data).toBe('x')
    expect(layer.stats).toMatchObject({ hits: 1, misses: 1 })
    expect(await layer.invalidate({ tool: 'read' })).toBe(1)
  })

  it('is kept apart by version', async () => {
    const shared = { storage: createMemoryStorage(), name: 'versions' }
    for (const option of [{}, { shared }]) {
      const mcp = new FastMCP({ name: 'versions', version: '1.0.0' })
      mcp.use(cache({ ttl: 60_000, ...option }))
      for (const version of ['1.0.0', '2.0.0'])
        mcp.tool('pay', { description: 'Pays', annotations: READ, version }, () => `by ${version}`)
      const asked = (version?: string) =>
        callDirectly(mcp, call(undefined, 'pay'), version === undefined ? {} : { meta: { 'fastmcp/version': version } })
      for (let n = 0; n < 2; n++) {
        expect(textOf(await asked('1.0.0'))).toBe('by 1.0.0')
        expect(textOf(await asked())).toBe('by 2.0.0')
      }
    }
  })

  it('is no longer what a tool gave that was replaced by another of its name', async () => {
    const { mcp } = server(() => 'old')
    expect(textOf(await callDirectly(mcp, call()))).toBe('old')
    mcp.remove('tool', 'read')
    mcp.tool('read', { description: 'Reads', annotations: READ, input }, () => 'new')
    expect(textOf(await callDirectly(mcp, call()))).toBe('new')
  })
})

describe('CA-01: what one caller got', () => {
  it('is given to no other, nor to the same with other scopes', async () => {
    const { mcp, runs } = server((_, ctx) => `${ctx.auth?.subject} ${ctx.auth?.scopes}`)
    const callers = [
      {},
      as('ada'),
      as('bob'),
      as('ada', ['admin']),
      { auth: { subject: 'ada', issuer: 'https://a' } },
      { auth: { subject: 'ada', clientId: 'x' } },
    ]
    for (let n = 0; n < 2; n++) {
      for (const part of callers) {
        const { auth } = part as ReturnType<typeof as>
        expect(textOf(await callDirectly(mcp, call(), part))).toBe(`${auth?.subject} ${auth?.scopes}`)
      }
    }
    expect(runs).toHaveLength(callers.length)
    await callDirectly(mcp, call(), as('x', ['b', 'a']))
    await callDirectly(mcp, call(), as('x', ['a', 'b']))
    expect(runs).toHaveLength(callers.length + 1)
  })

  it('is given to nobody else, whatever else the author says it depends on', async () => {
    const { mcp, runs } = server((_, ctx) => ctx.header('accept-language') ?? '', {
      vary: ({ context }) => context.header('accept-language') ?? '',
    })
    const speaking = (language: string) => ({ header: () => language })
    expect(textOf(await callDirectly(mcp, call(), speaking('de')))).toBe('de')
    expect(textOf(await callDirectly(mcp, call(), speaking('fr')))).toBe('fr')
    expect(textOf(await callDirectly(mcp, call(), speaking('de')))).toBe('de')
    expect(runs).toHaveLength(2)
  })

  it('is never served across principals or arguments, whoever calls in whatever order', async () => {
    const subject = fc.constantFrom('', 'a', 'b', 'a"', 'a\n', '["","a",""]')
    const args = fc.dictionary(fc.constantFrom('x', 'y', 'x\n', '__proto__'), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 3,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(subject, args, fc.boolean()), { maxLength: 25 }), async (calls) => {
        const { mcp } = server((given, ctx) => JSON.stringify([ctx.auth?.subject ?? '', sorted(given)]))
        const asked = calls.map(async ([who, given, isAwaited]) => {
          const result = callDirectly(mcp, call(given), who === '' ? {} : as(who))
          if (isAwaited) await result
          expect(JSON.parse(textOf(await result))).toEqual([who, sorted(withoutProto(given))])
        })
        await Promise.all(asked)
      }),
      { numRuns: 100 },
    )
  })
})

/** As the checks of a schema leave arguments. */
function withoutProto(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), function (this: unknown, key, member) {
    return key === '__proto__' ? undefined : member
  })
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  )
}

describe('CA-03: arguments', () => {
  it.each([
    ['members in another order', { a: 1, b: { c: 2, d: [3] } }, { b: { d: [3], c: 2 }, a: 1 }, true],
    ['1 and 1.0', JSON.parse('{"n": 1}'), JSON.parse('{"n": 1.0}'), true],
    ['0 and -0', { n: 0 }, JSON.parse('{"n": -0}'), true],
    ['1 and "1"', { n: 1 }, { n: '1' }, false],
    ['null and nothing', { n: null }, {}, false],
    ['two forms of é', { n: 'e\u0301' }, { n: '\u00e9' }, false],
    ['half a character and its stand-in', { n: '\ud800' }, { n: '\ufffd' }, false],
    ['lists in another order', { n: [1, 2] }, { n: [2, 1] }, false],
    ['a list and an object', { n: ['a'] }, { n: { 0: 'a' } }, false],
  ])('%s', async (_, one, other, isSame) => {
    const { mcp, runs } = server(() => 'x')
    await callDirectly(mcp, call(one))
    await callDirectly(mcp, call(other))
    expect(runs).toHaveLength(isSame ? 1 : 2)
  })
})

describe('CA-04: what is not kept', () => {
  it.each([
    [
      'an error that is thrown',
      () => {
        throw new Error('down')
      },
    ],
    [
      'an error for the model',
      () => {
        throw new ToolError('NOT_FOUND', 'none')
      },
    ],
    [
      'a protocol error',
      () => {
        throw new McpError('INVALID_PARAMS', 'bad')
      },
    ],
    ['an error that is returned', () => toolResult({ content: 'bad', isError: true })],
  ])('%s', async (_, handler) => {
    const { mcp, runs } = server(handler)
    for (let n = 0; n < 2; n++) await callDirectly(mcp, call()).catch(() => undefined)
    expect(runs).toHaveLength(2)
  })

  it('bad arguments', async () => {
    const layer = cache({ ttl: 60_000 })
    const mcp = new FastMCP({ name: 'cached', version: '1.0.0' })
    mcp.use('tools/call', layer)
    mcp.tool('strict', { description: 'Strict', annotations: READ, input: z.object({ n: z.number() }) }, () => 1)
    for (let n = 0; n < 2; n++)
      expect(await callDirectly(mcp, call({ n: [] }, 'strict'))).toMatchObject({ isError: true })
    expect(layer.stats).toMatchObject({ hits: 0, misses: 2 })
  })

  it.each(['stateless', 'stateful'] as const)('questions, and what came of answers, %s', async (era) => {
    const { mcp, runs, layer } = server(async ({ way }, ctx) => {
      if (way === 'await') return (await ctx.elicit('Sure?', z.object({}))).action
      if (Object.keys(ctx.inputResponses).length > 0) return 'answered'
      return inputRequired({ inputRequests: { ok: askForm('Sure?', z.object({})) } })
    })
    await using client = await createTestClient(mcp, { era, onElicit: () => ({ action: 'decline' }) })
    for (const way of ['await', 'guard']) {
      for (let n = 0; n < 2; n++) {
        expect((await client.callTool('read', { way })).data).toBe(way === 'await' ? 'decline' : 'answered')
      }
    }
    expect(runs.length).toBe(era === 'stateless' ? 8 : 6)
    expect(layer.stats.hits).toBe(0)
  })

  it('what was cancelled on the way', async () => {
    let cancel: (reason: Error) => void = () => undefined
    const onCancel = (listener: (reason: Error) => void) => {
      cancel = listener
    }
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const { mcp, runs } = server(async (_, { signal }) => {
      await gate
      return signal.aborted ? 'half of it' : 'all of it'
    })
    const first = callDirectly(mcp, call(), { onCancel })
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    cancel(new McpError('CANCELLED', 'gone'))
    goOn()
    expect(textOf(await first)).toBe('half of it')
    expect(textOf(await callDirectly(mcp, call()))).toBe('all of it')
    expect(runs).toHaveLength(2)
  })
})

describe('CA-05: times', () => {
  beforeEach(useFakeClock)
  afterEach(() => void vi.useRealTimers())

  it('of more than a day count as a day', async () => {
    const { mcp, runs } = server(() => 'x', { ttl: 1e18 })
    const day = 24 * 60 * 60_000
    await callDirectly(mcp, call())
    await vi.advanceTimersByTimeAsync(day - 1)
    await callDirectly(mcp, call())
    expect(runs).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await callDirectly(mcp, call())
    expect(runs).toHaveLength(2)
  })

  it.each([
    { ttl: -1 },
    { ttl: 0 },
    { ttl: Number.NaN },
    { ttl: 1, max: 0 },
    { ttl: 1, maxBytes: -1 },
    { ttl: 1, tools: { a: { ttl: Number.NaN } } },
  ])('and sizes that cannot be are refused where they are set: %j', (options) => {
    expect(() => cache(options)).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })
})

describe('CA-06: a stampede', () => {
  it('of a thousand runs the tool once', async () => {
    const { mcp, runs } = server(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return 'x'
    })
    const results = await Promise.all(Array.from({ length: 1_000 }, () => callDirectly(mcp, call())))
    expect(new Set(results.map(textOf))).toEqual(new Set(['x']))
    expect(runs).toHaveLength(1)
  })

  it('whose leader fails: all get the error, and the next one tries again', async () => {
    let isDown = true
    const { mcp, runs } = server(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      if (isDown) throw new ToolError('API_ERROR', 'down')
      return 'x'
    })
    const results = await Promise.all(Array.from({ length: 1_000 }, () => callDirectly(mcp, call())))
    expect(results.every(({ isError }) => isError === true)).toBe(true)
    expect(runs).toHaveLength(1)
    isDown = false
    expect(textOf(await callDirectly(mcp, call()))).toBe('x')
  })

  it('whose leader leaves: another one leads', async () => {
    let cancel: (reason: Error) => void = () => undefined
    const onCancel = (listener: (reason: Error) => void) => {
      cancel = listener
    }
    let goOn: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const { mcp, runs } = server(async (_, { signal }) => {
      await gate
      signal.throwIfAborted()
      return 'x'
    })
    const leader = callDirectly(mcp, call(), { onCancel }).catch((problem: unknown) => problem)
    const others = Array.from({ length: 50 }, () => callDirectly(mcp, call()))
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    cancel(new McpError('CANCELLED', 'gone'))
    goOn()
    expect(await leader).toMatchObject({ code: 'CANCELLED' })
    expect(new Set((await Promise.all(others)).map(textOf))).toEqual(new Set(['x']))
    expect(runs).toHaveLength(2)
  })

  it('whose leader is asked something: the others are asked themselves', async () => {
    const { mcp, runs } = server(async (_, ctx) => (await ctx.elicit('Sure?', z.object({}))).action)
    const actions = ['accept', 'decline', 'cancel'] as const
    const results = await Promise.all(
      actions.map((action) =>
        callDirectly(mcp, call(), {
          can: () => true,
          ask: async () => (action === 'accept' ? { action, content: {} } : { action }),
        }),
      ),
    )
    expect(results.map(textOf)).toEqual(actions)
    expect(runs).toHaveLength(3)
  })
})

describe('CA-07: memory', () => {
  it('is bounded by number and by bytes', async () => {
    const { mcp, runs } = server(() => 'x'.repeat(1_000), { max: 100, maxBytes: 20_000 })
    for (let n = 0; n < 300; n++) await callDirectly(mcp, call({ n }))
    expect(runs).toHaveLength(300)
    for (let n = 299; n >= 0; n--) await callDirectly(mcp, call({ n }))
    expect(runs.length).toBeGreaterThan(580)
    expect(runs.length).toBeLessThan(600)
  })

  it('counts long arguments, too', async () => {
    const { mcp, runs } = server(() => 'x', { maxBytes: 100_000 })
    const long = (n: number) => call({ n, text: 'y'.repeat(20_000) })
    for (let n = 0; n < 10; n++) await callDirectly(mcp, long(n))
    for (let n = 0; n < 10; n++) await callDirectly(mcp, long(n))
    expect(runs.length).toBeGreaterThan(17)
  })
})

describe('invalidation', () => {
  const tagged = (handler: Handler, options: Partial<CacheLayerOptions> = {}) =>
    server(handler, { tags: ({ params }) => [`user:${params.arguments?.id}`], ...options })

  it('forgets what has a tag, what a tool gave, or everything', async () => {
    const { mcp, layer, runs } = tagged(() => 'x')
    const both = async () => {
      await callDirectly(mcp, call({ id: 1 }))
      await callDirectly(mcp, call({ id: 2 }))
    }
    await both()
    expect(await layer.invalidate({ tag: 'user:1' })).toBe(1)
    await both()
    expect(runs).toHaveLength(3)
    expect(await layer.invalidate({ tool: 'read' })).toBe(2)
    expect(await layer.invalidate({ tool: 'user:1' })).toBe(0)
    await both()
    await layer.clear()
    await both()
    expect(runs).toHaveLength(7)
  })

  it('counts for what is being loaded, too', async () => {
    let value = 'old'
    let goOn: () => void = () => undefined
    const { mcp, layer } = tagged(async () => {
      const seen = value
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      return seen
    })
    const first = callDirectly(mcp, call({ id: 1 }))
    await new Promise((resolve) => setImmediate(resolve))
    const releaseFirst = goOn
    value = 'new'
    layer.invalidate({ tag: 'user:1' })
    const second = callDirectly(mcp, call({ id: 1 }))
    await new Promise((resolve) => setImmediate(resolve))
    releaseFirst()
    goOn()
    expect([textOf(await first), textOf(await second)]).toEqual(['old', 'new'])
    expect(textOf(await callDirectly(mcp, call({ id: 1 })))).toBe('new')
  })
})

describe('a shared storage', () => {
  const shared = (storage: Storage, name = 'tests') => ({ shared: { storage, name } })

  it('serves what other processes have kept', async () => {
    const storage = createMemoryStorage()
    const [one, other] = [server(() => ({ n: 1 }), shared(storage)), server(() => ({ n: 2 }), shared(storage))]
    const first = await callDirectly(one.mcp, call({ a: 1, b: 2 }), as('ada'))
    expect(await callDirectly(other.mcp, call({ b: 2, a: 1 }), as('ada'))).toEqual(first)
    expect([other.runs.length, other.layer.stats]).toEqual([0, { hits: 1, misses: 0, failures: 0 }])
    expect(await callDirectly(other.mcp, call({ a: 1, b: 2 }), as('bob'))).toMatchObject({
      structuredContent: { n: 2 },
    })
  })

  it('keeps servers of other names apart, and tools of other definitions', async () => {
    const storage = createMemoryStorage()
    const [one, other] = [server(() => 1, shared(storage, 'a')), server(() => 2, shared(storage, 'a:b'))]
    await callDirectly(one.mcp, call())
    await callDirectly(other.mcp, call())
    expect(other.runs).toHaveLength(1)
    const changed = new FastMCP({ name: 'x', version: '1.0.0' })
    const layer = cache({ ttl: 1_000, ...shared(storage, 'a') })
    changed.use('tools/call', layer)
    changed.tool('read', { description: 'Reads otherwise', annotations: READ, input }, () => 3)
    expect(textOf(await callDirectly(changed, call()))).toBe('3')
  })

  it('shows nothing of callers and arguments in its keys', async () => {
    const storage = createMemoryStorage()
    const { mcp } = server(() => 'x', shared(storage))
    await callDirectly(mcp, call({ secret: 'c4n4ry' }), as('ada@example.com'))
    const keys: string[] = []
    for await (const key of storage.list('')) keys.push(key)
    expect(keys).toHaveLength(1)
    expect(keys.join()).not.toMatch(/c4n4ry|ada/)
  })

  it('is invalidated, whoever kept it', async () => {
    const storage = createMemoryStorage()
    const options = { ...shared(storage), tags: () => ['t'] }
    const [one, other] = [server(() => 1, options), server(() => 2, options)]
    await callDirectly(one.mcp, call())
    expect(await other.layer.invalidate({ tag: 'x' })).toBe(0)
    expect(await other.layer.invalidate({ tag: 't' })).toBe(1)
    expect(textOf(await callDirectly(one.mcp, call()))).toBe('1')
    expect(one.runs).toHaveLength(2)
    await other.layer.clear()
    await callDirectly(one.mcp, call())
    expect(one.runs).toHaveLength(3)
  })

  it('CA-06: a stampede runs the tool once', async () => {
    const { mcp, runs } = server(async () => 'x', shared(createMemoryStorage()))
    await Promise.all(Array.from({ length: 200 }, () => callDirectly(mcp, call())))
    expect(runs).toHaveLength(1)
  })

  it.each([
    [
      'does not answer',
      { get: () => Promise.reject(new Error('ECONNREFUSED')), set: () => Promise.reject(new Error('ECONNREFUSED')) },
    ],
    ['has something else there', { get: () => Promise.resolve({ text: 7 }) }],
    ['has half of it', { get: () => Promise.resolve({ text: '{"content":[', tags: [] }) }],
    ['has what is no result', { get: () => Promise.resolve({ text: '"x"', tags: [] }) }],
  ] as [string, Partial<Storage>][])('CA-08: that %s costs what was kept, never a call', async (_, broken) => {
    const { mcp, layer, runs } = server(() => 'fresh', shared(Object.assign(createMemoryStorage(), broken)))
    for (let n = 0; n < 2; n++) expect(textOf(await callDirectly(mcp, call()))).toBe('fresh')
    expect(runs).toHaveLength(2)
    await new Promise((resolve) => setImmediate(resolve))
    expect(layer.stats.failures).toBeGreaterThanOrEqual(2)
  })

  it('CA-08: that hangs is waited for a second', async () => {
    useFakeClock()
    const { mcp, layer } = server(
      () => 'fresh',
      shared(Object.assign(createMemoryStorage(), { get: () => new Promise<undefined>(() => undefined) })),
    )
    const result = callDirectly(mcp, call())
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(textOf(await result)).toBe('fresh')
    expect(layer.stats.failures).toBe(1)
    vi.useRealTimers()
  })
})

describe('by its type', () => {
  it('is a layer for tools', () => {
    const layer: CacheLayer = cache({ ttl: 1 })
    expect(layer.name).toBe('cache')
  })
})
