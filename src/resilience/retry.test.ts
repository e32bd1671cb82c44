import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FastMCPError, ToolError } from '../protocol/errors.ts'
import { RetryError, type RetryOptions, retry } from './retry.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Work that fails with each problem in turn, then succeeds; and when it was tried. */
function failing(...problems: readonly unknown[]) {
  const begun = performance.now()
  const times: number[] = []
  const work = ({ attempt }: { attempt: number }) => {
    times.push(performance.now() - begun)
    if (attempt <= problems.length) throw problems[attempt - 1]
    return `done at try ${attempt}`
  }
  return { work, times }
}

const steady: RetryOptions = { jitter: false }
const many = (count: number): Error[] => Array.from({ length: count }, (_, index) => new Error(`down ${index + 1}`))

describe('retry', () => {
  it('gives what the first try gives', async () => {
    expect(await retry(() => 7)).toBe(7)
  })

  it('waits longer before each try, up to the longest delay', async () => {
    const { work, times } = failing(...many(5))
    const done = retry(work, { ...steady, retries: 5, initialDelay: 100, factor: 3, maxDelay: 1_000 })
    await vi.runAllTimersAsync()
    expect(await done).toBe('done at try 6')
    expect(times).toEqual([0, 100, 400, 1_300, 2_300, 3_300])
  })

  it('tries three times more by default, from 200 ms on', async () => {
    const { work, times } = failing(...many(9))
    const done = retry(work, steady)
    done.catch(() => undefined)
    await vi.runAllTimersAsync()
    expect(times).toEqual([0, 200, 600, 1_400])
    await expect(done).rejects.toBeInstanceOf(RetryError)
  })

  it('spreads delays over their second half', async () => {
    const delays: number[] = []
    const { work } = failing(...many(50))
    const done = retry(work, {
      retries: 50,
      factor: 1,
      initialDelay: 100,
      onRetry: (_, tried) => delays.push(tried.delayMs),
    })
    await vi.runAllTimersAsync()
    await done
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...delays)).toBeLessThanOrEqual(100)
    expect(new Set(delays).size).toBeGreaterThan(40)
  })

  it('gives up with the last error as cause', async () => {
    const { work } = failing(...many(9))
    const done = retry(work, { ...steady, retries: 2 })
    done.catch(() => undefined)
    await vi.runAllTimersAsync()
    await expect(done).rejects.toMatchObject({
      name: 'RetryError',
      code: 'RETRIES_EXHAUSTED',
      attempts: 3,
      message: 'Gave up after 3 tries: down 3',
      cause: { message: 'down 3' },
    })
  })

  it('keeps a ToolError one, so that the model can read it', async () => {
    const last = new ToolError('API_ERROR', 'The bank is closed', { status: 503 })
    const done = retry(() => Promise.reject(last), { ...steady, retries: 1 })
    done.catch(() => undefined)
    await vi.runAllTimersAsync()
    await expect(done).rejects.toMatchObject({
      name: 'ToolError',
      code: 'API_ERROR',
      message: 'The bank is closed',
      details: { status: 503, attempts: 2 },
      cause: last,
    })
  })

  it.each([
    ['a number', { retryAfterMs: 5_000 }, 5_000],
    ['one in the details of a ToolError', new ToolError('RATE_LIMITED', 'slow', { retryAfterMs: 700 }), 700],
    ['longer than the longest delay', { retryAfterMs: 1e12 }, 30_000],
    ['Infinity', { retryAfterMs: Number.POSITIVE_INFINITY }, 30_000],
    ['a negative number', { retryAfterMs: -5 }, 0],
    ['NaN', { retryAfterMs: Number.NaN }, 200],
    ['a text', { retryAfterMs: '9000' }, 200],
  ])('honours retryAfterMs: %s', async (_, problem, delay) => {
    const { work, times } = failing(problem)
    const done = retry(work, steady)
    await vi.runAllTimersAsync()
    await done
    expect(times).toEqual([0, delay])
  })

  it('tells of each further try', async () => {
    const onRetry = vi.fn()
    const [first, second] = many(2)
    const done = retry(failing(first, second).work, { ...steady, onRetry })
    await vi.runAllTimersAsync()
    await done
    expect(onRetry.mock.calls).toEqual([
      [first, { attempt: 1, delayMs: 200 }],
      [second, { attempt: 2, delayMs: 400 }],
    ])
  })

  it('throws at once, as it is, what retryIf does not want tried again', async () => {
    const problem = new Error('wrong password')
    const { work, times } = failing(problem)
    await expect(retry(work, { retryIf: async () => false })).rejects.toBe(problem)
    expect(times).toHaveLength(1)
  })

  it.each([
    ['what is no success for good', new ToolError('NOT_FOUND', 'no user')],
    ['what says so', Object.assign(new Error('no'), { retryable: false })],
    ['aborted work', new DOMException('gone', 'AbortError')],
    ['a handler that asks', new FastMCPError('INPUT_REQUIRED', 'asking')],
  ])('does not try again by itself: %s', async (_, problem) => {
    const { work, times } = failing(problem)
    await expect(retry(work)).rejects.toBe(problem)
    expect(times).toHaveLength(1)
  })

  it('never tries again a handler that asks, whatever retryIf says', async () => {
    const problem = new FastMCPError('INPUT_REQUIRED', 'asking')
    await expect(retry(failing(problem).work, { retryIf: () => true })).rejects.toBe(problem)
  })

  it('ends a delay when it is aborted', async () => {
    const abort = new AbortController()
    const { work, times } = failing(...many(9))
    const done = retry(work, { ...steady, signal: abort.signal })
    const caught = done.catch((problem: unknown) => problem)
    await vi.advanceTimersByTimeAsync(250)
    abort.abort(new Error('enough'))
    expect(await caught).toMatchObject({ message: 'enough' })
    expect(vi.getTimerCount()).toBe(0)
    expect(times).toHaveLength(2)
  })

  it('does not wait for a try that does not listen to the signal', async () => {
    const abort = new AbortController()
    const done = retry(() => new Promise<never>(() => undefined), { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(done).rejects.toThrow('enough')
  })

  it('does not begin when it was aborted before', async () => {
    const work = vi.fn()
    await expect(retry(work, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
    expect(work).not.toHaveBeenCalled()
  })

  it('leaves no listener on the signal', async () => {
    const abort = new AbortController()
    const added = vi.spyOn(abort.signal, 'addEventListener')
    const removed = vi.spyOn(abort.signal, 'removeEventListener')
    const done = retry(failing(...many(3)).work, { ...steady, signal: abort.signal })
    await vi.runAllTimersAsync()
    await done
    expect(added.mock.calls.length).toBeGreaterThan(0)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })

  it.each([
    [{ retries: -1 }, 'retry: retries is -1; give a whole number of at least 0'],
    [{ retries: 1.5 }, 'retries is 1.5'],
    [{ retries: Number.POSITIVE_INFINITY }, 'retries is Infinity'],
    [{ initialDelay: Number.NaN }, 'initialDelay is NaN'],
    [{ maxDelay: 2 ** 31 }, 'maxDelay is 2147483648; give a number from 0 to 2147483647'],
    [{ factor: 0.5 }, 'factor is 0.5'],
    [{ retries: '3' as never }, 'retries is "3"'],
  ])('refuses %j', async (options, words) => {
    const refused = retry(() => 1, options)
    await expect(refused).rejects.toMatchObject({ code: 'SETTING', message: expect.stringContaining(words) })
  })
})
