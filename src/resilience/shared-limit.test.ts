import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryStorage } from '../storage/memory.ts'
import { createSqliteStorage } from '../storage/sqlite/index.ts'
import type { Storage } from '../storage/storage.ts'
import { type RateLimiter, type RateLimiterOptions, rateLimiter } from './rate-limiter.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** So many processes that share one limit. */
function processes(count: number, options: Omit<RateLimiterOptions, 'name'>, storage: Storage = createMemoryStorage()) {
  return Array.from({ length: count }, () => rateLimiter({ ...options, storage, name: 'test' }))
}

async function flood(limiters: readonly RateLimiter[], each: number): Promise<number> {
  const permits = await Promise.all(limiters.flatMap((limiter) => Array.from({ length: each }, () => limiter.take())))
  return permits.filter(({ allowed }) => allowed).length
}

describe('a limit in a storage', () => {
  it.each([1, 2, 31, 32, 33, 100])('is %d for all processes together', async (limit) => {
    const limiters = processes(4, { limit, per: 1_000 })
    expect(await flood(limiters, limit)).toBe(limit)
    await vi.advanceTimersByTimeAsync(999)
    expect(await flood(limiters, limit)).toBe(0)
    await vi.advanceTimersByTimeAsync(32)
    expect(await flood(limiters, limit)).toBe(limit)
  })

  it('never lets more through in any window, whoever takes when', async () => {
    const step = fc.record({ ms: fc.oneof(fc.constant(0), fc.nat(120)), who: fc.nat(2) })
    const limits = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 33, max: 40 }))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 200 }), limits, async (steps, limit) => {
        const per = 400
        const limiters = processes(3, { limit, per })
        const times: number[] = []
        for (const { ms, who } of steps) {
          vi.advanceTimersByTime(ms)
          const permit = await limiters[who]?.take()
          if (permit?.allowed) times.push(performance.now())
        }
        for (const [index, time] of times.entries()) {
          const before = times[index - limit]
          if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(per)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('lets nearly all of it through under steady load', async () => {
    const limiters = processes(2, { limit: 320, per: 1_000 })
    let count = 0
    for (let ms = 0; ms < 5_000; ms += 2) {
      vi.advanceTimersByTime(2)
      for (const limiter of limiters) if ((await limiter.take()).allowed) count++
    }
    expect(count).toBeLessThanOrEqual(5 * 320)
    expect(count).toBeGreaterThan(5 * 320 * 0.93)
  })

  it('refuses next to nobody below the limit, however many processes take however seldom', async () => {
    for (const [size, everyMs] of [
      [40, 4],
      [32, 31],
      [100, 25],
      [3, 4],
    ] as const) {
      const limiters = processes(size, { limit: 320, per: 1_000 })
      let refused = 0
      let count = 0
      for (let ms = 0; ms < 5_000; ms += everyMs, count++) {
        vi.advanceTimersByTime(everyMs)
        const permit = await limiters[count % size]?.take()
        if (!permit?.allowed) refused++
      }
      expect({ size, everyMs, isRare: refused < count / 100 }).toMatchObject({ isRare: true })
    }
  })

  it('asks the storage once for those who come together, and seldom otherwise', async () => {
    const storage = createMemoryStorage()
    const update = vi.spyOn(storage, 'update')
    const get = vi.spyOn(storage, 'get')
    const limiters = processes(1, { limit: 3_200, per: 1_000 }, storage)
    expect(await flood(limiters, 3_200)).toBe(3_200)
    expect(update.mock.calls.length + get.mock.calls.length).toBeLessThan(40)
  })

  it('says when to come again, and is right where clocks agree', async () => {
    const [one, two] = processes(2, { limit: 2, per: 1_000 })
    await one?.take()
    await vi.advanceTimersByTimeAsync(400)
    await two?.take()
    const permit = await two?.take()
    expect(permit).toEqual({ allowed: false, retryAfterMs: 601 })
    await vi.advanceTimersByTimeAsync(601)
    expect((await two?.take())?.allowed).toBe(true)
  })

  it('holds when the clock of one process jumps an hour', async () => {
    const [one, two] = processes(2, { limit: 3, per: 60_000 })
    const limiters = [one, two].filter((limiter) => limiter !== undefined)
    expect(await flood(limiters, 5)).toBe(3)
    for (const jump of [3_600_000, -7_200_000, 3_600_000]) {
      vi.setSystemTime(Date.now() + jump)
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await flood(limiters, 5)).toBe(0)
    }
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await flood(limiters, 5)).toBe(3)
  })

  it('lets those who wait through in the order of their coming', async () => {
    const [one, two] = processes(2, { limit: 2, per: 1_000 })
    await flood(
      [two].filter((limiter) => limiter !== undefined),
      1,
    )
    const through: number[] = []
    for (let who = 0; who < 7; who++) void one?.wait('').then(() => through.push(who))
    await vi.advanceTimersByTimeAsync(0)
    expect(through).toEqual([0])
    await vi.advanceTimersByTimeAsync(4_000)
    expect(through).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not let a process exceed its limit whatever the storage forgets', async () => {
    const forgetful: Storage = {
      ...createMemoryStorage(),
      get: async () => undefined,
      update: async (_, change) => change(undefined),
    }
    const limiters = processes(1, { limit: 5, per: 1_000 }, forgetful)
    expect(await flood(limiters, 50)).toBe(5)
  })

  it('asks the storage seldom while everything is refused', async () => {
    const storage = createMemoryStorage()
    const [one, two] = processes(2, { limit: 1, per: 1_000 }, storage)
    await one?.take()
    const get = vi.spyOn(storage, 'get')
    const update = vi.spyOn(storage, 'update')
    for (let count = 0; count < 1_000; count++) await two?.take()
    expect(get.mock.calls.length + update.mock.calls.length).toBeLessThan(5)
  })

  it('keeps names and keys apart, and takes keys of any length', async () => {
    const storage = createMemoryStorage()
    const of = (name: string): RateLimiter => rateLimiter({ limit: 1, per: 1_000, storage, name })
    const pairs = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['a', ''],
      ['a', '='],
      ['a', 'x'.repeat(5_000)],
      ['a', `${'x'.repeat(5_000)}y`],
      ['calls:tool:send mail', '\ud800'],
    ] as const
    for (const [name, key] of pairs) expect((await of(name).take(key)).allowed).toBe(true)
    for (const [name, key] of pairs) expect((await of(name).take(key)).allowed).toBe(false)
  })

  it('takes what is no count for all of the permits, for one window', async () => {
    for (const lies of ['text', 5, { count: 'x' }, { count: -1.5, at: 0 }, null]) {
      const storage = createMemoryStorage()
      for (let shelf = 0; shelf < 2; shelf++) await storage.set(`limit:4:test:=:${shelf}`, lies)
      const limiters = processes(1, { limit: 2, per: 1_000 }, storage)
      expect(await flood(limiters, 3)).toBe(0)
      await vi.advanceTimersByTimeAsync(1_100)
      expect(await flood(limiters, 3)).toBe(2)
    }
  })

  it('wants a name', () => {
    const storage = createMemoryStorage()
    for (const options of [{}, { name: '' }, { name: 'x'.repeat(301) }]) {
      expect(() => rateLimiter({ limit: 1, per: 1_000, storage, ...options })).toThrow('rateLimiter: name is')
    }
  })
})

it('holds across connections to one SQLite file, and a restart', async () => {
  vi.useRealTimers()
  const folder = await mkdtemp(join(tmpdir(), 'fastmcp-limit-'))
  const path = join(folder, 'limits.db')
  const connections = Array.from({ length: 3 }, () => createSqliteStorage({ path }))
  try {
    const options = { limit: 40, per: 600_000, name: 'test' }
    const limiters = connections.slice(0, 2).map((storage) => rateLimiter({ ...options, storage }))
    expect(await flood(limiters, 30)).toBe(40)
    const restarted = connections.slice(2).map((storage) => rateLimiter({ ...options, storage }))
    expect(await flood(restarted, 30)).toBe(0)
    expect(restarted[0]?.storageFailures).toBe(0)
  } finally {
    for (const connection of connections) await connection[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
})

describe('a storage that fails', () => {
  const broken = (fail: () => Promise<never>): Storage => ({ ...createMemoryStorage(), get: fail, update: fail })

  it('lets nothing through, and is counted', async () => {
    const [limiter] = processes(
      1,
      { limit: 5, per: 1_000 },
      broken(() => Promise.reject(new Error('down'))),
    )
    expect(await limiter?.take()).toEqual({ allowed: false, retryAfterMs: 1_000 })
    expect(await limiter?.take()).toEqual({ allowed: false, retryAfterMs: 1_000 })
    expect(limiter?.storageFailures).toBe(2)
  })

  it('tells those who wait why', async () => {
    const [limiter] = processes(
      1,
      { limit: 5, per: 1_000 },
      broken(() => Promise.reject(new Error('down'))),
    )
    await expect(Promise.all([limiter?.wait(), limiter?.wait()])).rejects.toThrow('down')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is given up on after 5 s when it hangs', async () => {
    const [limiter] = processes(
      1,
      { limit: 5, per: 1_000 },
      broken(() => new Promise(() => undefined)),
    )
    const taken = Promise.resolve(limiter?.take())
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await taken).toEqual({ allowed: false, retryAfterMs: 1_000 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is used again when it is back', async () => {
    let isDown = true
    const storage = createMemoryStorage()
    const flaky: Storage = {
      get: (key) => (isDown ? Promise.reject(new Error('down')) : storage.get(key)),
      set: (key, value) => storage.set(key, value),
      delete: (key) => storage.delete(key),
      update: (...given) => (isDown ? Promise.reject(new Error('down')) : storage.update(...given)),
      increment: (key) => storage.increment(key),
      list: (prefix) => storage.list(prefix),
    }
    const limiters = processes(1, { limit: 3, per: 60_000 }, flaky)
    expect(await flood(limiters, 10)).toBe(0)
    isDown = false
    expect(await flood(limiters, 10)).toBe(3)
  })
})
