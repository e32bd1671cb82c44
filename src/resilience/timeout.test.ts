import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { timeout } from './timeout.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const never = (): Promise<never> => new Promise(() => undefined)

describe('timeout', () => {
  it('gives what the work gives, and leaves no timer', async () => {
    expect(await timeout(() => 5, 100)).toBe(5)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes on what the work throws', async () => {
    const thrown = timeout(() => {
      throw new Error('broken')
    }, 100)
    await expect(thrown).rejects.toThrow('broken')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends work that listens, and work that does not, with words for the model', async () => {
    let seen: unknown
    const work = (signal: AbortSignal): Promise<never> => {
      signal.addEventListener('abort', () => {
        seen = signal.reason
      })
      return never()
    }
    const caught = timeout(work, 1_500).catch((problem: unknown) => problem)
    await vi.advanceTimersByTimeAsync(1_499)
    expect(seen).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(await caught).toMatchObject({ name: 'ToolError', code: 'TIMEOUT', message: 'Not done within 1500 ms' })
    expect(seen).toBe(await caught)
  })

  it('does not miss a failure that comes too late', async () => {
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => setTimeout(() => reject(new Error('late')), 50))
      })
    const caught = timeout(work, 100).catch((problem: unknown) => problem)
    await vi.runAllTimersAsync()
    expect(await caught).toMatchObject({ code: 'TIMEOUT' })
  })

  it('ends with the signal it is given, and leaves no listener there', async () => {
    const abort = new AbortController()
    const removed = vi.spyOn(abort.signal, 'removeEventListener')
    const waiting = timeout(never, 1_000, { signal: abort.signal })
    abort.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    expect(removed).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not begin when the signal has ended before', async () => {
    const work = vi.fn()
    await expect(timeout(work, 10, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
    expect(work).not.toHaveBeenCalled()
  })

  it('keeps its time when the clock on the wall jumps', async () => {
    const caught = timeout(never, 1_000).catch((problem: unknown) => problem)
    let isOver = false
    void caught.then(() => {
      isOver = true
    })
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(999)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(isOver).toBe(true)
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses %d ms', async (ms) => {
    await expect(timeout(() => 1, ms)).rejects.toMatchObject({ code: 'SETTING' })
  })
})
