import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FastMCPError } from '../protocol/errors.ts'
import { type TtlCacheOptions, ttlCache } from './ttl-cache.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A load that ends when it is told to. */
function slow<V>() {
  const ends: { resolve: (value: V) => void; reject: (problem: unknown) => void; signal: AbortSignal }[] = []
  const load = vi.fn(
    ({ signal }: { signal: AbortSignal }) =>
      new Promise<V>((resolve, reject) => {
        ends.push({ resolve, reject, signal })
      }),
  )
  return { load, end: (index: number) => ends[index] ?? expect.fail(`no load ${index}`) }
}

describe('ttlCache', () => {
  it('has what was set, says how old it is, and not when its time is over', () => {
    const cache = ttlCache<string>({ ttl: 1_000, max: 10 })
    expect(cache.get('a')).toEqual({ hit: false })
    cache.set('a', 'x')
    vi.advanceTimersByTime(999)
    expect(cache.get('a')).toEqual({ hit: true, value: 'x', ageMs: 999 })
    vi.advanceTimersByTime(1)
    expect(cache.get('a')).toEqual({ hit: false })
    expect(cache.size).toBe(0)
  })

  it.each([[undefined], [0], [''], [null], [false], [Number.NaN]])('keeps %j like any value', (value) => {
    const cache = ttlCache<unknown>({ ttl: 1_000, max: 10 })
    cache.set('a', value)
    expect(cache.get('a')).toEqual({ hit: true, value, ageMs: 0 })
  })

  it('does not care about the clock on the wall', () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    cache.set('a', 1)
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(cache.get('a').hit).toBe(true)
    vi.setSystemTime(Date.now() - 7_200_000)
    vi.advanceTimersByTime(1_000)
    expect(cache.get('a').hit).toBe(false)
  })

  it.each([
    [1e18, 24 * 3_600_000],
    [Number.POSITIVE_INFINITY, 24 * 3_600_000],
    [500, 500],
    [-1, 0],
    [Number.NaN, 0],
    [0, 0],
  ])('puts a ttl of %d that it is told between 0 and 24 hours', (ttl, kept) => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    cache.set('a', 1)
    cache.set('a', 2, { ttl })
    expect(cache.get('a').hit).toBe(kept > 0)
    vi.advanceTimersByTime(Math.max(kept - 1, 0))
    expect(cache.get('a').hit).toBe(kept > 0)
    vi.advanceTimersByTime(1)
    expect(cache.get('a').hit).toBe(false)
  })

  it('lets go of what was not asked for longest', () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 2 })
    cache.set('a', 1)
    cache.set('b', 2)
    cache.get('a')
    cache.set('c', 3)
    expect(['a', 'b', 'c'].map((key) => cache.get(key).hit)).toEqual([true, false, true])
  })

  it('keeps no more bytes than it may, and nothing that is larger alone', () => {
    const cache = ttlCache<string>({ ttl: 1_000, max: 1_000, maxBytes: 10_000 })
    for (let index = 0; index < 100; index++) cache.set(`${index}`, 'x'.repeat(1_000), { tags: ['all'] })
    expect(cache.size).toBe(4)
    cache.set('99', 'x'.repeat(10_000), { tags: ['all'] })
    expect(cache.get('99').hit).toBe(false)
    expect(cache.get('98').hit).toBe(true)
    expect(cache.invalidate({ tag: 'all' })).toBe(3)
  })

  it('stays as small as it is told with a million keys', () => {
    const cache = ttlCache<string>({ ttl: 1_000, max: 5_000, maxBytes: 200_000 })
    for (let index = 0; index < 1_000_000; index++)
      cache.set(`key-${index}`, 'value', index % 7 === 0 ? { tags: [`${index}`] } : {})
    expect(cache.size).toBeLessThan(200_000 / 150)
    expect(cache.size).toBeGreaterThan(1_000)
  })

  it('never serves what is expired or another key’s, whatever is done to it', () => {
    const key = fc.constantFrom('a', 'b', 'a:1', 'a:2', '')
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        key,
        ttl: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
      }),
      fc.record({ kind: fc.constant('get' as const), key }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(200) }),
      fc.record({ kind: fc.constant('drop' as const), prefix: key }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (steps, max) => {
        const cache = ttlCache<number>({ ttl: 100, max })
        const model = new Map<string, { value: number; until: number }>()
        let count = 0
        for (const each of steps) {
          if (each.kind === 'pass') vi.advanceTimersByTime(each.ms)
          if (each.kind === 'set') {
            cache.set(each.key, ++count, each.ttl === undefined ? {} : { ttl: each.ttl })
            model.set(each.key, { value: count, until: performance.now() + (each.ttl ?? 100) })
          }
          if (each.kind === 'drop') {
            cache.invalidate({ prefix: each.prefix })
            for (const known of [...model.keys()]) if (known.startsWith(each.prefix)) model.delete(known)
          }
          if (each.kind !== 'get') continue
          const found = cache.get(each.key)
          const known = model.get(each.key)
          const isLive = known !== undefined && performance.now() < known.until
          if (found.hit) expect({ isLive, value: known?.value }).toEqual({ isLive: true, value: found.value })
          else if (max === 5) expect(isLive).toBe(false)
        }
        expect(cache.size).toBeLessThanOrEqual(max)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [{ ttl: -1 }, 'ttlCache: ttl is -1; give a number from 1 to Infinity'],
    [{ ttl: Number.NaN }, 'ttl is NaN'],
    [{ max: 0 }, 'max is 0'],
    [{ max: 1.5 }, 'max is 1.5'],
    [{ max: Number.POSITIVE_INFINITY }, 'max is Infinity'],
    [{ maxBytes: -1 }, 'maxBytes is -1'],
  ] satisfies [Partial<TtlCacheOptions<unknown>>, string][])('refuses %j', (options, words) => {
    expect(() => ttlCache({ ttl: 1_000, max: 10, ...options })).toThrow(
      expect.objectContaining({ code: 'SETTING', message: expect.stringContaining(words) }),
    )
  })

  it('says so when sizeOf gives no size', () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10, maxBytes: 1_000, sizeOf: () => Number.NaN })
    expect(() => cache.set('a', 1)).toThrow('what sizeOf gave is NaN')
  })
})

describe('invalidate', () => {
  function filled() {
    const cache = ttlCache<number>({ ttl: 1_000, max: 100 })
    cache.set('user:1', 1, { tags: ['users', 'eu'] })
    cache.set('user:1:posts', 2, { tags: ['posts', 'eu'] })
    cache.set('user:2', 3, { tags: ['users'] })
    cache.set('team:1:posts', 4)
    return cache
  }

  it.each([
    [{ key: 'user:1' }, 1],
    [{ key: 'user' }, 0],
    [{ prefix: 'user:' }, 3],
    [{ prefix: '' }, 4],
    [{ pattern: '*:1:posts' }, 2],
    [{ pattern: 'user:*' }, 3],
    [{ pattern: 'user:*:posts' }, 1],
    [{ pattern: '*1*' }, 3],
    [{ pattern: '*' }, 4],
    [{ pattern: 'user:1' }, 1],
    [{ pattern: 'user.1' }, 0],
    [{ pattern: 'user:1*1' }, 0],
    [{ pattern: '*posts*s' }, 0],
    [{ tag: 'users' }, 2],
    [{ tag: 'eu' }, 2],
    [{ tag: 'us' }, 0],
  ])('takes out %j: %d', (which, count) => {
    const cache = filled()
    expect(cache.invalidate(which)).toBe(count)
    expect(cache.size).toBe(4 - count)
    expect(cache.invalidate(which)).toBe(0)
  })

  it('takes a pattern of many stars in its stride', () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 100 })
    cache.set('a'.repeat(50_000), 1)
    const begun = process.hrtime.bigint()
    expect(cache.invalidate({ pattern: `${'*a'.repeat(5_000)}*b` })).toBe(0)
    expect(Number(process.hrtime.bigint() - begun) / 1e6).toBeLessThan(200)
  })

  it('does not count what is expired, and forgets tags that are no longer there', () => {
    const cache = filled()
    cache.set('user:2', 5, { tags: ['others'] })
    expect(cache.invalidate({ tag: 'users' })).toBe(1)
    vi.advanceTimersByTime(1_000)
    expect(cache.invalidate({ prefix: '' })).toBe(0)
  })

  it('takes out everything by clear', () => {
    const cache = filled()
    cache.clear()
    expect(cache.size).toBe(0)
    expect(cache.invalidate({ tag: 'eu' })).toBe(0)
  })

  it('says so when it is not told what', () => {
    expect(() => filled().invalidate({} as never)).toThrow('give one of `key`, `prefix`, `pattern` and `tag`')
  })
})

describe('getOrLoad', () => {
  it('loads once and says where the value came from', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const load = vi.fn(() => 0)
    expect(await cache.getOrLoad('a', load)).toEqual({ value: 0, fromCache: false })
    expect(await cache.getOrLoad('a', load)).toEqual({ value: 0, fromCache: true })
    vi.advanceTimersByTime(1_000)
    expect(await cache.getOrLoad('a', load)).toEqual({ value: 0, fromCache: false })
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('loads once for a thousand who ask at once', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const { load, end } = slow<number>()
    const all = Promise.all(Array.from({ length: 1_000 }, () => cache.getOrLoad('a', load)))
    await turn()
    expect(load).toHaveBeenCalledOnce()
    end(0).resolve(7)
    expect(new Set((await all).map(({ value }) => value))).toEqual(new Set([7]))
    expect(cache.get('a').hit).toBe(true)
  })

  it('fails for all thousand when the load fails, and loads again for the next', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const { load, end } = slow<number>()
    const problem = new Error('down')
    const all = Promise.allSettled(Array.from({ length: 1_000 }, () => cache.getOrLoad('a', load)))
    await turn()
    end(0).reject(problem)
    expect((await all).every((one) => one.status === 'rejected' && one.reason === problem)).toBe(true)
    expect(cache.get('a').hit).toBe(false)
    expect(await cache.getOrLoad('a', () => 8)).toEqual({ value: 8, fromCache: false })
  })

  it('gives a load that throws at once to all as well', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const load = (): number => {
      throw new Error('down')
    }
    await expect(cache.getOrLoad('a', load)).rejects.toThrow('down')
    expect(await cache.getOrLoad('a', () => 1)).toMatchObject({ value: 1 })
  })

  it('goes on loading for the others when one leaves, and stops when all have left', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const { load, end } = slow<number>()
    const [first, second] = [new AbortController(), new AbortController()]
    const one = cache.getOrLoad('a', load, { signal: first.signal })
    const two = cache.getOrLoad('a', load, { signal: second.signal })
    first.abort(new Error('first left'))
    await expect(one).rejects.toThrow('first left')
    expect(end(0).signal.aborted).toBe(false)
    second.abort(new Error('second left'))
    await expect(two).rejects.toThrow('second left')
    expect(end(0).signal.reason).toMatchObject({ message: 'second left' })

    const again = cache.getOrLoad('a', load)
    end(0).resolve(1)
    end(1).resolve(2)
    expect(await again).toEqual({ value: 2, fromCache: false })
    expect(cache.get('a')).toMatchObject({ value: 2 })
  })

  it('does not keep what was invalidated while it was loaded', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    for (const which of [{ key: 'a' }, { prefix: 'a' }, { pattern: '*' }, { tag: 't' }, undefined]) {
      const { load, end } = slow<number>()
      const old = cache.getOrLoad('a', load, { tags: ['t'] })
      if (which === undefined) cache.clear()
      else expect(cache.invalidate(which)).toBe(0)
      const fresh = cache.getOrLoad('a', load, { tags: ['t'] })
      end(1).resolve(2)
      expect((await fresh).value).toBe(2)
      end(0).resolve(1)
      expect((await old).value).toBe(1)
      expect(cache.get('a')).toMatchObject({ value: 2 })
      cache.clear()
    }
  })

  it('does not put what it loaded over what was set meanwhile', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    const { load, end } = slow<number>()
    const loading = cache.getOrLoad('a', load)
    cache.set('a', 5)
    end(0).resolve(1)
    await loading
    expect(cache.get('a')).toMatchObject({ value: 5 })
  })

  it('keeps a value as long as the value itself says, or not at all', async () => {
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    await cache.getOrLoad('a', () => 50, { ttl: (value) => value, tags: ['t'] })
    await cache.getOrLoad('b', () => 0, { ttl: (value) => value })
    expect(cache.get('b').hit).toBe(false)
    vi.advanceTimersByTime(49)
    expect(cache.invalidate({ tag: 't' })).toBe(1)
  })

  it('does not give a question of one client to the others who wait', async () => {
    const cache = ttlCache<string>({ ttl: 1_000, max: 10 })
    const asking = (): Promise<never> => Promise.reject(new FastMCPError('INPUT_REQUIRED', 'asking'))
    const first = cache.getOrLoad('a', asking)
    const second = cache.getOrLoad('a', () => 'has its answer')
    await expect(first).rejects.toMatchObject({ code: 'INPUT_REQUIRED' })
    expect(await second).toEqual({ value: 'has its answer', fromCache: false })
  })

  it('does not begin for one who has left before', async () => {
    const load = vi.fn()
    const cache = ttlCache<number>({ ttl: 1_000, max: 10 })
    await expect(cache.getOrLoad('a', load, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    )
    expect(load).not.toHaveBeenCalled()
  })
})
