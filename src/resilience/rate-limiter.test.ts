import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RateLimiterOptions, rateLimiter } from './rate-limiter.ts'

/** What is in use, without what nobody uses any longer. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits so often for one key; says who came through when. */
function crowd(limiter: ReturnType<typeof rateLimiter>, size: number, key = '') {
  const begun = performance.now()
  const through: [number, number][] = []
  for (let who = 0; who < size; who++) {
    void limiter.wait(key).then(() => through.push([who, performance.now() - begun]))
  }
  return through
}

const take = (limiter: ReturnType<typeof rateLimiter>, key?: string) => {
  const permit = limiter.take(key)
  if (permit instanceof Promise) throw new Error('a promise in process')
  return permit
}

describe('take', () => {
  it('says what remains, then when to come again', () => {
    const limiter = rateLimiter({ limit: 2, per: 1_000 })
    expect(take(limiter)).toEqual({ allowed: true, remaining: 1 })
    vi.advanceTimersByTime(300)
    expect(take(limiter)).toEqual({ allowed: true, remaining: 0 })
    expect(take(limiter)).toEqual({ allowed: false, retryAfterMs: 700 })
    vi.advanceTimersByTime(700)
    expect(take(limiter)).toEqual({ allowed: true, remaining: 0 })
    expect(take(limiter)).toEqual({ allowed: false, retryAfterMs: 300 })
  })

  it('counts each key on its own', () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000 })
    expect(take(limiter, 'a').allowed).toBe(true)
    expect(take(limiter, 'b').allowed).toBe(true)
    expect(take(limiter, 'a').allowed).toBe(false)
    expect(take(limiter, '').allowed).toBe(true)
  })

  it('does not count what it refuses', () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000 })
    take(limiter)
    for (let flood = 0; flood < 1_000; flood++) take(limiter)
    vi.advanceTimersByTime(1_000)
    expect(take(limiter).allowed).toBe(true)
  })

  it('never lets more through than its limit in any window, and no less where it counts one by one', () => {
    const step = fc.record({ ms: fc.oneof(fc.constant(0), fc.nat(40)), key: fc.constantFrom('a', 'b') })
    const steps = fc.array(step, { minLength: 50, maxLength: 600 })
    fc.assert(
      fc.property(
        steps,
        fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 129, max: 200 })),
        (moves, limit) => {
          const per = 500
          const limiter = rateLimiter({ limit, per })
          const taken = new Map<string, number[]>([
            ['a', []],
            ['b', []],
          ])
          for (const { ms, key } of moves) {
            vi.advanceTimersByTime(ms)
            const now = performance.now()
            const times = taken.get(key) ?? []
            const inWindow = times.filter((time) => now - time < per).length
            const permit = take(limiter, key)
            if (permit.allowed) {
              expect(inWindow).toBeLessThan(limit)
              times.push(now)
            } else if (limit <= 128) {
              expect(inWindow).toBe(limit)
              expect(permit.retryAfterMs).toBe(per - (now - (times.at(-limit) ?? 0)))
            }
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('lets nearly all of a high limit through', () => {
    const limiter = rateLimiter({ limit: 1_000, per: 1_000 })
    let count = 0
    for (let ms = 0; ms < 10_000; ms++) {
      vi.advanceTimersByTime(1)
      while (take(limiter).allowed) count++
    }
    expect(count).toBeLessThanOrEqual(10_000)
    expect(count).toBeGreaterThan(9_850)
  })

  it('does not care about the clock on the wall', () => {
    const limiter = rateLimiter({ limit: 1, per: 60_000 })
    take(limiter)
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(take(limiter)).toEqual({ allowed: false, retryAfterMs: 60_000 })
    vi.setSystemTime(Date.now() - 7_200_000)
    vi.advanceTimersByTime(60_000)
    expect(take(limiter).allowed).toBe(true)
  })

  it('remembers so many keys, and forgets first what was not asked for longest', () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000, maxKeys: 2 })
    take(limiter, 'a')
    take(limiter, 'b')
    take(limiter, 'a')
    take(limiter, 'c')
    expect(take(limiter, 'a').allowed).toBe(false)
    expect(take(limiter, 'c').allowed).toBe(false)
    expect(take(limiter, 'b').allowed).toBe(true)
  })

  it('stays flat under a million keys', () => {
    const limiter = rateLimiter({ limit: 5, per: 60_000, maxKeys: 1_000 })
    for (let index = 0; index < 1_000; index++) take(limiter, `warm-${index}`)
    const before = heapUsed()
    for (let index = 0; index < 1_000_000; index++) take(limiter, `2001:db8::${index}`)
    expect(heapUsed() - before).toBeLessThan(8 * 1024 ** 2)
    expect(take(limiter, '2001:db8::999999')).toMatchObject({ remaining: 3 })
  })
})

describe('wait', () => {
  it('lets 100 of 120 through at once and the others when the window has passed, in order', async () => {
    const limiter = rateLimiter({ limit: 100, per: 60_000 })
    const through = crowd(limiter, 120)
    await vi.advanceTimersByTimeAsync(0)
    expect(through).toHaveLength(100)
    await vi.advanceTimersByTimeAsync(59_999)
    expect(through).toHaveLength(100)
    await vi.advanceTimersByTimeAsync(1)
    expect(through.map(([who]) => who)).toEqual(Array.from({ length: 120 }, (_, who) => who))
    expect(through.slice(100).every(([, at]) => at === 60_000)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is fair and never too fast, whoever comes when and leaves when', async () => {
    const arrival = fc.record({ ms: fc.nat(60), leavesAfter: fc.option(fc.nat(400), { nil: undefined }) })
    const crowds = fc.array(arrival, { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(crowds, fc.integer({ min: 1, max: 5 }), async (arrivals, limit) => {
        const per = 200
        const limiter = rateLimiter({ limit, per })
        const through: { who: number; at: number }[] = []
        const left: number[] = []
        for (const [who, { ms, leavesAfter }] of arrivals.entries()) {
          await vi.advanceTimersByTimeAsync(ms)
          const abort = new AbortController()
          if (leavesAfter !== undefined) setTimeout(() => abort.abort(new Error('left')), leavesAfter)
          limiter.wait('', { signal: abort.signal }).then(
            () => through.push({ who, at: performance.now() }),
            () => left.push(who),
          )
        }
        await vi.runAllTimersAsync()
        expect(through.length + left.length).toBe(arrivals.length)
        expect(through.map(({ who }) => who)).toEqual(through.map(({ who }) => who).sort((a, b) => a - b))
        for (const [index, { at }] of through.entries()) {
          const before = through[index - limit]
          if (before !== undefined) expect(at - before.at).toBeGreaterThanOrEqual(per)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('leaves the line when aborted, and the next moves up', async () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000 })
    await limiter.wait()
    const abort = new AbortController()
    const removed = vi.spyOn(abort.signal, 'removeEventListener')
    const first = limiter.wait('', { signal: abort.signal })
    const second = limiter.wait()
    abort.abort(new Error('left'))
    await expect(first).rejects.toThrow('left')
    expect(removed).toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1_000)
    await second
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops its timer when all have left', async () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000 })
    await limiter.wait()
    const abort = new AbortController()
    const waiting = limiter.wait('', { signal: abort.signal })
    expect(vi.getTimerCount()).toBe(1)
    abort.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    expect(vi.getTimerCount()).toBe(0)
    await expect(limiter.wait('', { signal: abort.signal })).rejects.toThrow('left')
  })

  it('comes before those who take, who would push in', async () => {
    const limiter = rateLimiter({ limit: 2, per: 1_000 })
    const through = crowd(limiter, 5)
    expect(take(limiter)).toEqual({ allowed: false, retryAfterMs: 2_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(through).toHaveLength(4)
    expect(take(limiter).allowed).toBe(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(through).toHaveLength(5)
    expect(take(limiter).allowed).toBe(true)
  })

  it('turns away who comes when the line is full, with words for the model', async () => {
    const limiter = rateLimiter({ limit: 1, per: 2_000, maxQueue: 2 })
    const through = crowd(limiter, 3)
    await expect(limiter.wait()).rejects.toMatchObject({
      name: 'ToolError',
      code: 'RATE_LIMITED',
      message: '2 calls wait for this limit already; try again in 6 s',
      details: { retryAfterMs: 6_000 },
    })
    await vi.runAllTimersAsync()
    expect(through).toHaveLength(3)
  })

  it('does not forget a key that somebody waits for', async () => {
    const limiter = rateLimiter({ limit: 1, per: 1_000, maxKeys: 1 })
    const through = crowd(limiter, 3, 'a')
    take(limiter, 'b')
    await vi.advanceTimersByTimeAsync(1_500)
    expect(through).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(500)
    expect(through).toHaveLength(3)
    expect(take(limiter, 'a')).toEqual({ allowed: false, retryAfterMs: 1_000 })
  })

  it('waits through windows that are longer than any timer', async () => {
    const month = 31 * 24 * 3_600_000
    const limiter = rateLimiter({ limit: 1, per: month })
    const through = crowd(limiter, 2)
    await vi.advanceTimersByTimeAsync(month - 1)
    expect(through).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(through).toHaveLength(2)
  })
})

it.each([
  [{ limit: 0 }, 'rateLimiter: limit is 0; give a whole number from 1 to'],
  [{ limit: -1 }, 'limit is -1'],
  [{ limit: 1.5 }, 'limit is 1.5'],
  [{ limit: Number.NaN }, 'limit is NaN'],
  [{ limit: Number.POSITIVE_INFINITY }, 'limit is Infinity'],
  [{ per: 0 }, 'per is 0'],
  [{ per: Number.NaN }, 'per is NaN'],
  [{ per: Number.POSITIVE_INFINITY }, 'per is Infinity'],
  [{ maxQueue: 0 }, 'maxQueue is 0'],
  [{ maxKeys: Number.NaN }, 'maxKeys is NaN'],
] satisfies [Partial<RateLimiterOptions>, string][])('refuses %j', (options, words) => {
  expect(() => rateLimiter({ limit: 1, per: 1_000, ...options })).toThrow(
    expect.objectContaining({ code: 'SETTING', message: expect.stringContaining(words) }),
  )
})
