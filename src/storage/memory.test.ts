import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeStorage } from '../../tests/kit/storage-contract.ts'
import { createMemoryStorage } from './memory.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describeStorage('memory', () => createMemoryStorage(), {
  pass: async (ms) => void vi.advanceTimersByTime(ms),
  jump: (ms) => void vi.setSystemTime(Date.now() + ms),
})

describe('bounds of a memory storage', () => {
  it.each(['maxBytes', 'maxValueBytes', 'maxKeys'])('takes no %s that is none', (option) => {
    for (const value of [0, -1, 0.5, Number.NaN, '5' as never]) {
      expect(() => createMemoryStorage({ [option]: value })).toThrow(`${option} is ${value}`)
    }
  })

  it('ST-03: refuses a value of 10 MB, and leaves what was there', async () => {
    const storage = createMemoryStorage()
    await storage.set('a', 'small')
    await expect(storage.set('a', 'x'.repeat(10_000_000))).rejects.toMatchObject({ code: 'TOO_LARGE' })
    await expect(storage.set('k'.repeat(2_000), 1)).rejects.toMatchObject({ code: 'INVALID' })
    expect(await storage.get('a')).toBe('small')
  })

  it('ST-03: a flood of keys drives out what was not used for longest', async () => {
    const storage = createMemoryStorage({ maxBytes: 200_000 })
    await storage.set('used', 1)
    await storage.set('unused', 1)
    for (let i = 0; i < 50_000; i++) {
      await storage.set(`k${i}`, i)
      if (i % 100 === 0) await storage.get('used')
    }
    expect(await storage.get('used')).toBe(1)
    expect(await storage.get('unused')).toBeUndefined()
    let count = 0
    for await (const _ of storage.list('k')) count++
    expect(count).toBeLessThan(200_000 / 8)
  })

  it('lets go of expired entries that nobody asks for', async () => {
    const storage = createMemoryStorage({ maxKeys: 100 })
    await storage.set('kept', 1)
    for (let i = 0; i < 99; i++) await storage.set(`k${i}`, i, { ttlMs: 1_000 })
    vi.advanceTimersByTime(2_000)
    for (let i = 0; i < 60; i++) await storage.set(`new${i}`, i)
    expect(await storage.get('kept')).toBe(1)
  })

  it('takes no time to live that is none', async () => {
    for (const ttlMs of [0, -1, Number.NaN]) {
      await expect(createMemoryStorage().set('a', 1, { ttlMs })).rejects.toMatchObject({ code: 'INVALID' })
    }
  })
})
