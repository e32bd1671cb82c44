import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { canonicalKey } from './canonical-key.ts'
import { memoize } from './memoize.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('memoize', () => {
  it('computes once for a hundred who ask at once, and for all who ask later', async () => {
    const work = vi.fn(async (n: number) => n * 2)
    const twice = memoize(work)
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => twice(21))))).toEqual(new Set([42]))
    expect(await twice(21)).toBe(42)
    expect(work).toHaveBeenCalledOnce()
    expect(await twice(4)).toBe(8)
  })

  it('does not care in which order members are', async () => {
    const work = vi.fn((query: Readonly<Record<string, unknown>>) => JSON.stringify(query))
    const find = memoize(work)
    await find({ city: 'Rome', near: { lat: 1, lon: 2 } })
    await find({ near: { lon: 2, lat: 1 }, city: 'Rome' })
    await find({ city: 'Rome', near: { lat: 1, lon: 2 }, page: undefined })
    expect(work).toHaveBeenCalledOnce()
    await find({ city: 'Rome', near: { lat: 2, lon: 1 } })
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('lets go of what was not asked for longest', async () => {
    const computed: string[] = []
    const load = memoize(
      (key: string) => {
        computed.push(key)
        return key
      },
      { max: 2 },
    )
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await load(key)
    expect(computed).toEqual(['a', 'b', 'c', 'b'])
  })

  it('forgets after its time', async () => {
    vi.useFakeTimers()
    const work = vi.fn(() => 1)
    const load = memoize(work, { ttl: 100 })
    await load()
    vi.advanceTimersByTime(99)
    await load()
    expect(work).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(1)
    await load()
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('gives a failure to all who wait and does not remember it', async () => {
    let tries = 0
    const load = memoize(async () => {
      if (++tries === 1) throw new Error('down')
      return 'up'
    })
    const all = await Promise.allSettled([load(), load(), load()])
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await load()).toBe('up')
    expect(tries).toBe(2)
  })

  it('remembers undefined, 0 and empty text', async () => {
    const work = vi.fn((value: unknown) => value)
    const same = memoize(work)
    for (const value of [undefined, 0, '', null, false]) {
      expect(await same(value)).toBe(value)
      await same(value)
    }
    expect(work).toHaveBeenCalledTimes(5)
  })

  it('takes a key of your own, so that what does not count is left out', async () => {
    const work = vi.fn((id: string, _signal: AbortSignal) => id)
    const load = memoize(work, { key: (id) => id })
    await load('a', new AbortController().signal)
    await load('a', new AbortController().signal)
    expect(work).toHaveBeenCalledOnce()
  })

  it('can be told to forget', async () => {
    const work = vi.fn((n: number) => n)
    const load = memoize(work)
    await Promise.all([load(1), load(2)])
    expect(load.size).toBe(2)
    expect(load.forget(1)).toBe(true)
    expect(load.forget(1)).toBe(false)
    await load(1)
    expect(work).toHaveBeenCalledTimes(3)
    load.clear()
    expect(load.size).toBe(0)
  })

  it('refuses arguments that are equal to nothing but themselves, and keys that are no text', async () => {
    const load = memoize((_: unknown) => 1)
    for (const argument of [() => 1, Symbol('x'), new AbortController().signal, new Map(), [{ deep: new Set() }]]) {
      await expect(load(argument)).rejects.toMatchObject({ code: 'NO_KEY' })
    }
    const round: unknown[] = []
    round.push(round)
    await expect(load(round)).rejects.toThrow('nested too deep, or in itself')
    await expect(memoize(() => 1, { key: () => 5 as never })()).rejects.toThrow('key gave a number')
  })

  it.each([{ max: 0 }, { max: Number.NaN }, { ttl: -1 }, { ttl: Number.NaN }])('refuses %j', (options) => {
    expect(() => memoize(() => 1, options)).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })
})

/** The same value with the members of all its objects in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reordered(member)]),
  )
}

describe('canonicalKey', () => {
  it('is the same whatever the order of members, at any depth', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalKey(value) === canonicalKey(reordered(value))))
  })

  it('is the same for equal JSON values only', () => {
    const small = fc.jsonValue({ maxDepth: 2 })
    fc.assert(
      fc.property(small, small, (a, b) => {
        // What JSON text cannot tell apart: the sign of zero.
        const [one, other] = [a, b].map((value): unknown => JSON.parse(JSON.stringify(value)))
        const isEqual = isDeepStrictEqual(one, other)
        expect(canonicalKey(a) === canonicalKey(b)).toBe(isEqual)
      }),
    )
  })

  it.each([
    [1, 1.0, true],
    [0, -0, true],
    ['é', 'e\u0301', false],
    [1, '1', false],
    [null, undefined, false],
    [null, Number.NaN, false],
    [undefined, 'undefined', false],
    [1n, 1, false],
    [{ a: undefined }, {}, true],
    [[1, [2]], [[1], 2], false],
    [['a,b'], ['a', 'b'], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [new Date(5), new Date(5), true],
    [new Date(5), new Date(5).toJSON(), false],
    ['\ud800', '\ud801', false],
    [{ __proto__: null, a: 1 }, { a: 1 }, true],
  ])('tells %o and %o apart only if they differ', (a, b, isSame) => {
    expect(canonicalKey(a) === canonicalKey(b)).toBe(isSame)
  })
})
