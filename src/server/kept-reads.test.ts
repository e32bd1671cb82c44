import { createTestClient } from '@fastmcp/ts/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import type { Change } from '../engine/application.ts'
import type { Context } from '../engine/context.ts'
import { type Changes, FastMCP, McpError, type ResourceOptions } from '../index.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

type Handler = (params: { readonly id?: string }, ctx: Context) => unknown

function server(cache: NonNullable<ResourceOptions['cache']>, handler: Handler = () => 'x', changes?: Changes) {
  const mcp = new FastMCP({ name: 'kept', version: '1.0.0', onError: () => undefined, ...(changes && { changes }) })
  const runs: string[] = []
  mcp.resource('report://today', { cache }, (_, ctx) => {
    runs.push('today')
    return handler({}, ctx)
  })
  mcp.resource('report://{id}/day', { cache }, ({ id }, ctx) => {
    runs.push(id)
    return handler({ id }, ctx)
  })
  return { mcp, runs }
}

const read = (mcp: FastMCP, uri = 'report://today', part: Parameters<typeof callDirectly>[2] = {}) =>
  callDirectly(mcp, ['resources/read', { uri }], part)
const textOf = ({ contents: [part] }: ReadResourceResult): unknown => part && 'text' in part && part.text
const as = (subject: string) => ({ auth: { subject } })

describe('a resource that is kept', () => {
  it('is made once within its time, and again after it', async () => {
    let count = 0
    const { mcp, runs } = server({ ttl: 1_000 }, () => String(++count))
    expect([textOf(await read(mcp)), textOf(await read(mcp))]).toEqual(['1', '1'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([textOf(await read(mcp)), textOf(await read(mcp))]).toEqual(['2', '2'])
    expect(runs).toHaveLength(2)
  })

  it('is made once for all who read it at the same time', async () => {
    const { mcp, runs } = server({ ttl: 1_000 }, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return 'x'
    })
    await Promise.all(Array.from({ length: 500 }, () => read(mcp)))
    expect(runs).toEqual(['today'])
  })

  it('is kept by URI where it is a template', async () => {
    const { mcp, runs } = server({ ttl: 1_000 }, ({ id }) => id)
    for (const id of ['a', 'b', 'a', 'b']) expect(textOf(await read(mcp, `report://${id}/day`))).toBe(id)
    expect(runs).toEqual(['a', 'b'])
  })

  it('CA-01: is kept for each caller, unless it is said to be public', async () => {
    const own = server({ ttl: 1_000 }, (_, ctx) => ctx.auth?.subject ?? 'nobody')
    for (const who of ['ada', 'bob', 'ada']) expect(textOf(await read(own.mcp, undefined, as(who)))).toBe(who)
    expect(textOf(await read(own.mcp))).toBe('nobody')
    expect(own.runs).toHaveLength(3)
    const all = server({ ttl: 1_000, cacheScope: 'public' })
    for (const who of ['ada', 'bob', 'ada']) await read(all.mcp, undefined, as(who))
    expect(all.runs).toHaveLength(1)
  })

  it('CA-04: keeps no error, and nothing that took an answer or that is not there', async () => {
    const { mcp, runs } = server({ ttl: 1_000 }, ({ id }) => {
      if (id === 'none') return undefined
      throw new Error('down')
    })
    for (const uri of ['report://today', 'report://none/day']) {
      for (let n = 0; n < 2; n++) await expect(read(mcp, uri)).rejects.toThrow()
    }
    expect(runs).toEqual(['today', 'today', 'none', 'none'])
    const asking = server({ ttl: 1_000 }, async (_, ctx) => JSON.stringify(await ctx.roots()))
    const part = { can: () => true, ask: async () => ({ roots: [] }) }
    for (let n = 0; n < 2; n++) await read(asking.mcp, undefined, part)
    expect(asking.runs).toHaveLength(2)
  })

  it('CA-06: when making it fails, all who wait get the error', async () => {
    const { mcp, runs } = server({ ttl: 1_000 }, async () => {
      await new Promise((resolve) => setImmediate(resolve))
      throw new McpError('TOO_LARGE', 'no')
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => read(mcp)))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(runs).toHaveLength(1)
  })

  it('is given as copies', async () => {
    const { mcp } = server({ ttl: 1_000 })
    Reflect.set(await read(mcp), 'contents', [])
    Reflect.set(await read(mcp), 'contents', [])
    expect(textOf(await read(mcp))).toBe('x')
  })
})

describe('what was kept', () => {
  it('is forgotten at once when its contents have changed', async () => {
    const { mcp, runs } = server({ ttl: 60_000 })
    await read(mcp)
    await read(mcp, 'report://a/day')
    mcp.changed('resource', 'report://today')
    await read(mcp)
    await read(mcp, 'report://a/day')
    expect(runs).toEqual(['today', 'a', 'today'])
  })

  it('is not what was being made when they changed', async () => {
    let value = 'old'
    let goOn: () => void = () => undefined
    const { mcp } = server({ ttl: 60_000 }, async () => {
      const seen = value
      if (seen === 'old') {
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
      }
      return seen
    })
    const first = read(mcp)
    await vi.waitFor(() => expect(goOn.length).toBe(1))
    value = 'new'
    mcp.changed('resource', 'report://today')
    expect(textOf(await read(mcp))).toBe('new')
    goOn()
    expect(textOf(await first)).toBe('old')
    expect(textOf(await read(mcp))).toBe('new')
  })

  it('is forgotten when another replica says so', async () => {
    const listeners = new Set<(change: Change) => void>()
    const bus: Changes = {
      publish: (change) => {
        for (const listener of listeners) listener(change)
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    const [one, other] = [server({ ttl: 60_000 }, undefined, bus), server({ ttl: 60_000 }, undefined, bus)]
    expect(listeners.size).toBe(0)
    await read(one.mcp)
    other.mcp.changed('resource', 'report://today')
    await vi.advanceTimersByTimeAsync(0)
    await read(one.mcp)
    expect(one.runs).toHaveLength(2)
    await one.mcp.close()
    expect(listeners.size).toBe(0)
    await read(one.mcp)
    expect(one.runs).toHaveLength(3)
    expect(listeners.size).toBe(1)
  })

  it('is not given for another resource of the same URI', async () => {
    const { mcp } = server({ ttl: 60_000 })
    await read(mcp)
    mcp.remove('resource', 'report://today')
    mcp.resource('report://today', { cache: { ttl: 60_000 } }, () => 'another')
    expect(textOf(await read(mcp))).toBe('another')
  })

  it('is kept inside a server that is mounted, and forgotten by it', async () => {
    vi.useRealTimers()
    const { mcp, runs } = server({ ttl: 60_000 })
    const outer = new FastMCP({ name: 'outer', version: '1.0.0' })
    outer.mount(mcp)
    await using client = await createTestClient(outer)
    for (let n = 0; n < 2; n++) await client.readResource('report://today')
    mcp.changed('resource', 'report://today')
    await client.readResource('report://today')
    expect(runs).toHaveLength(2)
  })
})

describe('the time', () => {
  it('CA-05: is a day at most', async () => {
    const { mcp, runs } = server({ ttl: 1e18 })
    await read(mcp)
    await vi.advanceTimersByTimeAsync(24 * 60 * 60_000)
    await read(mcp)
    expect(runs).toHaveLength(2)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('that is %s is refused where it is set', (ttl) => {
    expect(() => server({ ttl })).toThrow(`ttl is ${ttl}; give milliseconds above 0`)
  })

  it('for which the server keeps is not told to clients', async () => {
    vi.useRealTimers()
    const { mcp } = server({ ttl: 5_000 })
    const told = server({ ttl: 5_000, ttlMs: 7_000, cacheScope: 'public' })
    for (const [{ mcp: one }, hint] of [
      [{ mcp }, { ttlMs: 0, cacheScope: 'private' }],
      [told, { ttlMs: 7_000, cacheScope: 'public' }],
    ] as const) {
      await using client = await createTestClient(one, { era: 'stateless' })
      for (let n = 0; n < 2; n++)
        expect(await client.request('resources/read', { uri: 'report://today' })).toMatchObject(hint)
    }
  })
})
