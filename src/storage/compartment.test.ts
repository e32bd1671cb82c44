import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeStorage } from '../../tests/kit/storage-contract.ts'
import { type CompartmentOptions, createCompartment } from './compartment.ts'
import { createMemoryStorage } from './memory.ts'
import type { Storage } from './storage.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function compartment(options: Partial<CompartmentOptions> = {}): Storage {
  return createCompartment({
    storage: createMemoryStorage({ maxValueBytes: 64_000_000 }),
    key: Promise.resolve('all'),
    maxKeys: 10_000,
    maxBytes: 1_000_000,
    full: (problem) => new Error(`Full: ${problem}`),
    ...options,
  })
}

describeStorage('a compartment', () => compartment(), {
  pass: async (ms) => void vi.advanceTimersByTime(ms),
  jump: (ms) => void vi.setSystemTime(Date.now() + ms),
})

describe('bounds of a compartment', () => {
  it('hold for keys, however many come at once', async () => {
    const small = compartment({ maxKeys: 5 })
    const sets = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => small.set(`k${index}`, index)))
    expect(sets.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    await expect(small.set('new', 1)).rejects.toThrow('Full: 6 keys, and at most 5 can be kept')
    await small.set('k0', 'changed')
    await small.delete('k1')
    await small.set('new', 1)
  })

  it('hold for bytes, whatever a character takes', async () => {
    const small = compartment({ maxBytes: 20 })
    await small.set('k', 'x'.repeat(17))
    await expect(small.set('k', 'x'.repeat(18))).rejects.toThrow('Full: 21 bytes, and at most 20 can be kept')
    await expect(small.set('k', 'ä'.repeat(9))).rejects.toThrow('Full: 21 bytes')
    await small.set('k', 'ä'.repeat(8))
    await expect(small.update('k', (current) => `${String(current)}x€`)).rejects.toThrow('Full:')
    expect(await small.get('k')).toBe('ä'.repeat(8))
  })

  it('never are exceeded, by whatever is done', async () => {
    const deeds = fc.array(
      fc.record({
        deed: fc.constantFrom('set', 'update', 'increment', 'delete'),
        key: fc.constantFrom('a', 'b', 'c', 'd', '\ud800', '__proto__'),
        size: fc.nat(30),
      }),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(deeds, async (all) => {
        const small = compartment({ maxKeys: 3, maxBytes: 60 })
        await Promise.allSettled(
          all.map(({ deed, key, size }) => {
            if (deed === 'delete') return small.delete(key)
            if (deed === 'increment') return small.increment(key, size)
            return deed === 'set' ? small.set(key, 'x'.repeat(size)) : small.update(key, () => ['ü'.repeat(size)])
          }),
        )
        let [keys, bytes] = [0, 0]
        for await (const key of small.list('')) {
          keys += 1
          bytes += Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(await small.get(key)))
        }
        expect(keys).toBeLessThanOrEqual(3)
        expect(bytes).toBeLessThanOrEqual(60)
      }),
      { numRuns: 200 },
    )
  })

  it('let go, when they were set lower, of what makes less of it', async () => {
    const storage = createMemoryStorage()
    const before = compartment({ storage })
    for (const key of ['a', 'b', 'c']) await before.set(key, 'x'.repeat(50))
    const after = compartment({ storage, maxKeys: 2, maxBytes: 100 })
    await expect(after.set('a', 'x'.repeat(51))).rejects.toThrow('Full')
    await after.set('a', 'x')
    await after.delete('b')
    expect(await after.get('c')).toBe('x'.repeat(50))
  })

  it('do not count what has expired', async () => {
    const small = compartment({ maxKeys: 2 })
    await small.set('a', 1, { ttlMs: 1_000 })
    await small.set('b', 1, { ttlMs: 1_000 })
    vi.advanceTimersByTime(1_100)
    await small.set('c', 1)
    await small.set('d', 1)
  })
})

describe('a compartment as a whole', () => {
  it('goes some time after the last write', async () => {
    const storage = createMemoryStorage()
    const brief = compartment({ storage, ttlMs: 1_000 })
    await brief.set('a', 1)
    vi.advanceTimersByTime(900)
    await brief.set('b', 1)
    vi.advanceTimersByTime(900)
    expect(await brief.get('a')).toBe(1)
    vi.advanceTimersByTime(200)
    expect(await brief.get('a')).toBeUndefined()
    expect(await storage.get('all')).toBeUndefined()
  })

  it('leaves nothing when nothing is left', async () => {
    const storage = createMemoryStorage()
    const whole = compartment({ storage })
    await whole.set('a', 1)
    await whole.delete('a')
    expect(await storage.get('all')).toBeUndefined()
  })

  it('takes damage for nothing', async () => {
    const storage = createMemoryStorage()
    for (const damage of ['text', 5, { a: 1 }, [1, 'x', null, [1, 2], ['key', 5], ['key', 'not JSON', null]]]) {
      await storage.set('all', damage)
      const whole = compartment({ storage })
      expect(await whole.get('a')).toBeUndefined()
      if (Array.isArray(damage)) await expect(whole.get('key')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      await whole.set('a', 1)
      expect(await whole.get('a')).toBe(1)
    }
  })

  it('rejects with what kept its key from being made', async () => {
    const whole = compartment({ key: Promise.reject(new Error('no digest')) })
    await expect(whole.get('a')).rejects.toThrow('no digest')
  })
})
