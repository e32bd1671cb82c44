import { createMemoryStorage, FastMCP } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import type { Storage } from '../storage/storage.ts'
import { type RateLimitOptions, rateLimit } from './rate-limit.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

function server(options: RateLimitOptions): FastMCP {
  const mcp = new FastMCP({ name: 'limited', version: '1.0.0', onError: () => undefined })
  mcp.use(rateLimit(options))
  mcp.tool('a', { description: 'A' }, () => 'a')
  mcp.tool('b', { description: 'B' }, () => 'b')
  mcp.resource('config://app', {}, () => 'x')
  mcp.prompt('p', {}, () => 'p')
  return mcp
}

const call = (name: string) => ['tools/call', { name }] as const
const as = (subject: string) => ({ auth: { subject } })

/** What a call comes to. */
async function tried(mcp: FastMCP, name: string, subject = ''): Promise<'ok' | 'limited'> {
  const result = await callDirectly(mcp, call(name), subject === '' ? {} : as(subject)).catch(
    (problem: unknown) => problem,
  )
  return typeof result === 'object' && result !== null && 'isError' in result ? 'limited' : 'ok'
}

describe('RL-01: a principal that calls too often', () => {
  it('gets an error that says when to come again, and nobody else does', async () => {
    const mcp = server({ limit: 2, per: 10_000 })
    for (let n = 0; n < 2; n++) expect(await tried(mcp, 'a', 'eve')).toBe('ok')
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await callDirectly(mcp, call('a'), as('eve'))).toEqual({
      content: [
        { type: 'text', text: 'Too many calls; try again in 6 seconds' },
        { type: 'text', text: JSON.stringify({ code: 'RATE_LIMITED', details: { retryAfterMs: 6_000 } }) },
      ],
      isError: true,
    })
    expect(await tried(mcp, 'a', 'ada')).toBe('ok')
    expect(await tried(mcp, 'a')).toBe('ok')
    await vi.advanceTimersByTimeAsync(6_001)
    expect(await tried(mcp, 'a', 'eve')).toBe('ok')
  })

  it('gets a protocol error where it is no tool that is called', async () => {
    const mcp = server({ limit: 1, per: 1_000 })
    await callDirectly(mcp, ['resources/read', { uri: 'config://app' }])
    await expect(callDirectly(mcp, ['prompts/get', { name: 'p' }])).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      rpcCode: 1429,
      message: 'Too many requests; try again in 1 second',
      data: { retryAfterMs: 1_000 },
    })
  })

  it.each(['stateless', 'stateful'] as const)('reads it over the wire, %s', async (era) => {
    vi.useRealTimers()
    const mcp = server({ limit: 1, per: 60_000 })
    await using client = await createTestClient(mcp, { era, auth: { subject: 'ada' } })
    await client.callTool('a')
    await expect(client.callTool('a')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: expect.any(Number) },
    })
    await expect(client.readResource('config://app')).rejects.toMatchObject({
      data: { retryAfterMs: expect.any(Number) },
    })
    expect((await client.tools()).length).toBe(2)
  })
})

describe('what is counted', () => {
  it('is neither greeting nor lists, unless asked for', async () => {
    const mcp = server({ limit: 1, per: 1_000 })
    for (let n = 0; n < 3; n++) {
      await callDirectly(mcp, ['server/discover', {}])
      await callDirectly(mcp, ['initialize', {}])
      await callDirectly(mcp, ['tools/list', {}])
      await callDirectly(mcp, ['resources/templates/list', {}]).catch(() => undefined)
    }
    expect(await tried(mcp, 'a')).toBe('ok')
    const all = server({ limit: 1, per: 1_000, methods: ['*'] })
    await callDirectly(all, ['tools/list', {}])
    await expect(callDirectly(all, ['tools/list', {}])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(await tried(all, 'a')).toBe('limited')
  })

  it('can be each tool by itself; names that there are not count together', async () => {
    const mcp = server({ limit: 1, per: 1_000, each: 'tool' })
    expect([await tried(mcp, 'a'), await tried(mcp, 'b'), await tried(mcp, 'a')]).toEqual(['ok', 'ok', 'limited'])
    const unknown = async (name: string) => callDirectly(mcp, call(name))
    await expect(unknown('x1')).rejects.toThrow('Unknown tool')
    expect((await unknown('x2')).isError).toBe(true)
  })

  it('can be less of one tool than of all', async () => {
    const mcp = server({ limit: 3, per: 1_000, tools: { a: { limit: 1, per: 60_000 } } })
    expect([await tried(mcp, 'a'), await tried(mcp, 'a'), await tried(mcp, 'b')]).toEqual(['ok', 'limited', 'ok'])
    // The refused call of `a` was none of the three.
    expect([await tried(mcp, 'b'), await tried(mcp, 'b')]).toEqual(['ok', 'limited'])
    await vi.advanceTimersByTimeAsync(1_001)
    expect([await tried(mcp, 'b'), await tried(mcp, 'a')]).toEqual(['ok', 'limited'])
  })

  it('can be whose it is by another key', async () => {
    const mcp = server({ limit: 1, per: 1_000, key: () => 'everybody' })
    expect([await tried(mcp, 'a', 'ada'), await tried(mcp, 'a', 'bob')]).toEqual(['ok', 'limited'])
  })

  it('RL-04: is what the message says, whatever the headers claim', async () => {
    const mcp = server({ limit: 100, per: 1_000, tools: { a: { limit: 1, per: 1_000 } } })
    const headers: Record<string, string> = {
      'mcp-name': 'b',
      'mcp-method': 'tools/list',
      'x-forwarded-for': '9.9.9.9',
    }
    const lying = { header: (name: string) => headers[name], headers: () => headers }
    await callDirectly(mcp, call('a'), lying)
    expect(await callDirectly(mcp, call('a'), lying)).toMatchObject({ isError: true })
  })
})

describe('the clock', () => {
  it('RL-03: may jump by an hour, and the limit is the same', async () => {
    const mcp = server({ limit: 1, per: 10_000 })
    expect(await tried(mcp, 'a')).toBe('ok')
    for (const jump of [3_600_000, -7_200_000]) {
      vi.setSystemTime(Date.now() + jump)
      expect(await tried(mcp, 'a')).toBe('limited')
    }
    await vi.advanceTimersByTimeAsync(10_001)
    expect(await tried(mcp, 'a')).toBe('ok')
  })
})

describe('with a storage', () => {
  it('processes count together', async () => {
    const storage = createMemoryStorage()
    const [one, other] = [server({ limit: 1, per: 1_000, storage }), server({ limit: 1, per: 1_000, storage })]
    expect(await tried(one, 'a', 'ada')).toBe('ok')
    expect(await tried(other, 'a', 'ada')).toBe('limited')
    expect(await tried(other, 'a', 'bob')).toBe('ok')
  })

  it('that is down, nobody gets through', async () => {
    const down = () => Promise.reject(new Error('ECONNREFUSED redis.internal'))
    const storage: Storage = Object.assign(createMemoryStorage(), {
      get: down,
      increment: down,
      update: down,
      set: down,
    })
    const mcp = server({ limit: 1, per: 1_000, storage })
    const result = await callDirectly(mcp, call('a'))
    expect(result).toMatchObject({ isError: true })
    expect(JSON.stringify(result)).not.toContain('redis')
  })
})

describe('the limit', () => {
  it('is never exceeded in any window, for anybody', async () => {
    const caller = fc.constantFrom('ada', 'bob', '')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(caller, fc.integer({ min: 0, max: 400 })), { maxLength: 40 }),
        async (limit, calls) => {
          const per = 1_000
          const mcp = server({ limit, per })
          const through = new Map<string, number[]>()
          for (const [who, pause] of calls) {
            await vi.advanceTimersByTimeAsync(pause)
            if ((await tried(mcp, 'a', who)) === 'ok')
              through.set(who, [...(through.get(who) ?? []), performance.now()])
          }
          for (const times of through.values()) {
            for (const [index, time] of times.entries()) {
              const window = times.slice(0, index + 1).filter((earlier) => earlier > time - per)
              expect(window.length).toBeLessThanOrEqual(limit)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each([
    [{ limit: -1, per: 1 }],
    [{ limit: Number.NaN, per: 1 }],
    [{ limit: 1, per: 0 }],
    [{ limit: 1, per: Number.NaN }],
    [{ limit: 1, per: 1, tools: { a: { limit: 0, per: 1 } } }],
  ])('that cannot be is refused where it is set: %j', (options) => {
    expect(() => rateLimit(options)).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })
})
