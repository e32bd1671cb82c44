import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Loading } from './loading.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A load whose outcomes are told one after the other; what is no error is what is loaded. */
function loadingOf(...outcomes: unknown[]) {
  const seen = { loads: 0, loaded: [] as unknown[], errors: [] as string[] }
  const loading = new Loading<unknown>({
    load: async () => {
      const outcome = outcomes[seen.loads++]
      if (outcome instanceof Error) throw outcome
      return outcome
    },
    onLoaded: (value) => void seen.loaded.push(value),
    onError: (problem) => void seen.errors.push(String(problem)),
  })
  return { loading, seen }
}

describe('what is elsewhere', () => {
  it('is not asked for until somebody needs it, and then once for all', async () => {
    const { loading, seen } = loadingOf('here')
    expect([loading.isHere, seen.loads]).toEqual([false, 0])
    expect(await Promise.all([loading.take(), loading.take(), loading.take()])).toEqual(['here', 'here', 'here'])
    expect(loading.take()).toBe('here')
    expect(seen).toEqual({ loads: 1, loaded: ['here'], errors: [] })
  })

  it('is asked for again after a failure, but not at once', async () => {
    const { loading, seen } = loadingOf(new Error('away'), new Error('still away'), 'here')
    await expect(loading.take()).rejects.toThrow('away')
    await expect(loading.take()).rejects.toThrow('away')
    expect(seen.loads).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(loading.take()).rejects.toThrow('still away')
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(loading.take()).rejects.toThrow('still away')
    expect(seen.loads).toBe(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await loading.take()).toBe('here')
    expect(seen.errors).toEqual(['Error: away', 'Error: still away'])
  })

  it('is tried again by itself once it was begun, at most once a minute, until it is here', async () => {
    const { loading, seen } = loadingOf(...Array.from({ length: 8 }, () => new Error('away')), 'here')
    loading.begin()
    await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 4_000)
    expect(seen.loads).toBe(4)
    await vi.advanceTimersByTimeAsync(8_000 + 16_000 + 32_000 + 60_000 + 60_000)
    expect(seen).toMatchObject({ loads: 9, loaded: ['here'] })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(seen.loads).toBe(9)
  })

  it('is begun in the pause after a failure without a second try at once', async () => {
    const { loading, seen } = loadingOf(new Error('away'), 'here')
    await expect(loading.take()).rejects.toThrow('away')
    loading.begin()
    await vi.advanceTimersByTimeAsync(999)
    expect(seen.loads).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toMatchObject({ loads: 2, loaded: ['here'] })
  })

  it('is let be once it was stopped', async () => {
    const { loading, seen } = loadingOf(new Error('away'), 'here')
    loading.begin()
    await vi.advanceTimersByTimeAsync(0)
    loading.stop()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(seen.loads).toBe(1)
    expect(await loading.take()).toBe('here')
  })

  it('is not tried again where it was stopped while it was loaded', async () => {
    const { loading, seen } = loadingOf(new Error('away'), 'here')
    loading.begin()
    loading.stop()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(seen).toMatchObject({ loads: 1, errors: ['Error: away'] })
  })
})

it('what is here already is given at once', () => {
  const { loading } = loadingOf()
  const here = new Loading({ load: () => Promise.reject(new Error('no')), onLoaded() {}, onError() {} }, 'there')
  expect([here.isHere, here.take(), loading.isHere]).toEqual([true, 'there', false])
})
