import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import { Generations } from './generations.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

const value = (bytes = 1, ttl = 1_000, tags: readonly string[] = []) => ({
  bytes,
  tags,
  expiresAt: performance.now() + ttl,
})

describe('generations', () => {
  it('have what was put in, until its time is over', () => {
    const all = new Generations({ max: 10, maxBytes: 1_000 })
    const kept = value()
    all.set('a', kept)
    expect([all.get('a'), all.get('b')]).toEqual([kept, undefined])
    vi.advanceTimersByTime(999)
    expect(all.get('a')).toBe(kept)
    vi.advanceTimersByTime(1)
    expect(all.get('a')).toBeUndefined()
  })

  it('lose what was not asked for longest', () => {
    const all = new Generations({ max: 4, maxBytes: 1_000 })
    for (const key of ['a', 'b', 'c', 'd']) {
      all.set(key, value())
      all.get('a')
    }
    all.set('e', value())
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => all.get(key) !== undefined)).toEqual(
      expect.arrayContaining(['a', 'e']),
    )
    expect(all.get('b')).toBeUndefined()
  })

  it.each([1, 2, 3, 7])('keep at most %i', (max) => {
    const all = new Generations({ max, maxBytes: 1_000 })
    const keys = Array.from({ length: 50 }, (_, n) => `${n}`)
    for (const key of keys) all.set(key, value())
    expect(all.get('49')).toBeDefined()
    expect(all.remove({ prefix: '' })).toBeLessThanOrEqual(max)
  })

  it('keep nothing that is too large, nor what it was to replace', () => {
    const all = new Generations({ max: 10, maxBytes: 100 })
    all.set('a', value(10))
    all.set('a', value(51))
    expect(all.get('a')).toBeUndefined()
  })

  it('remove by tag and by prefix, and count what had not expired', () => {
    const all = new Generations({ max: 4, maxBytes: 1_000 })
    all.set('x1', value(1, 10, ['t']))
    all.set('x2', value(1, 1_000, ['t', 'u']))
    all.set('y1', value(1, 1_000, ['t']))
    vi.advanceTimersByTime(10)
    expect(all.remove({ tag: 'u' })).toBe(1)
    expect(all.remove({ tag: 't' })).toBe(1)
    all.set('x3', value())
    expect(all.remove({ prefix: 'x' })).toBe(1)
    expect(all.get('y1')).toBeUndefined()
  })

  it('never give a value again that another had replaced, when that one is removed', () => {
    const all = new Generations({ max: 4, maxBytes: 100 })
    all.set('a', value(33, 1_000, ['t']))
    all.set('b', value(18, 1_000, ['t']))
    all.set('a', value(1, 1_000, ['u']))
    expect(all.remove({ tag: 'u' })).toBe(1)
    expect(all.get('a')).toBeUndefined()
  })

  it('never exceed their bounds, give nothing that expired, and forget what was removed', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const step = fc.oneof(
      fc.record({
        set: key,
        bytes: fc.integer({ min: 1, max: 60 }),
        ttl: fc.integer({ min: 1, max: 50 }),
        tag: fc.constantFrom('t', 'u'),
      }),
      fc.record({ get: key }),
      fc.record({ wait: fc.integer({ min: 0, max: 30 }) }),
      fc.record({ forget: fc.constantFrom('t', 'u') }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (max, steps) => {
        const all = new Generations<ReturnType<typeof value>>({ max, maxBytes: 100 })
        const latest = new Map<string, ReturnType<typeof value>>()
        for (const one of steps) {
          if ('set' in one) {
            latest.set(one.set, value(one.bytes, one.ttl, [one.tag]))
            all.set(one.set, latest.get(one.set) ?? value())
          } else if ('get' in one) {
            const got = all.get(one.get)
            if (got === undefined) continue
            expect(got).toBe(latest.get(one.get))
            expect(got.expiresAt).toBeGreaterThan(performance.now())
          } else if ('wait' in one) vi.advanceTimersByTime(one.wait)
          else {
            all.remove({ tag: one.forget })
            for (const [name, { tags }] of latest) if (tags.includes(one.forget)) latest.delete(name)
          }
        }
        const held = [...latest].filter(([name]) => all.get(name) !== undefined).map(([, { bytes }]) => bytes)
        expect(held.length).toBeLessThanOrEqual(max)
        expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(100)
      }),
      { numRuns: 300 },
    )
  })
})
