import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Waits } from './waits.ts'

const LIMITS = { timeout: 1_000, most: 10_000 }

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

it('a call ends after its silence', () => {
  const wait = new Waits().begin(LIMITS)
  vi.advanceTimersByTime(999)
  expect(wait.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(wait.signal.reason).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('1000 ms') })
})

it('CL-07: a call goes on while progress is told, but not for ever', () => {
  const waits = new Waits()
  const wait = waits.begin(LIMITS)
  for (let at = 0; at < 9_900; at += 900) {
    expect(wait.signal.aborted).toBe(false)
    vi.advanceTimersByTime(900)
    waits.heard(wait)
  }
  vi.advanceTimersByTime(100)
  expect(wait.signal.reason).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('10000 ms') })
})

it('silence does not count while anything holds, also for calls made meanwhile', () => {
  const waits = new Waits()
  const before = waits.begin(LIMITS)
  const releases = [waits.hold(), waits.hold()]
  const meanwhile = waits.begin(LIMITS)
  waits.heard(before)
  vi.advanceTimersByTime(5_000)
  releases[0]?.()
  releases[0]?.()
  vi.advanceTimersByTime(1_000)
  expect([before.signal.aborted, meanwhile.signal.aborted]).toEqual([false, false])
  releases[1]?.()
  vi.advanceTimersByTime(1_000)
  expect([before.signal.aborted, meanwhile.signal.aborted]).toEqual([true, true])
})

it('what holds does not hold for ever', () => {
  const waits = new Waits()
  waits.hold()
  const wait = waits.begin(LIMITS)
  vi.advanceTimersByTime(10_000)
  expect(wait.signal.reason).toMatchObject({ code: 'TIMEOUT' })
})

it('the caller can end it, also beforehand', () => {
  const abort = new AbortController()
  const waits = new Waits()
  const wait = waits.begin({ ...LIMITS, signal: abort.signal })
  abort.abort('enough')
  expect(wait.signal.reason).toBe('enough')
  expect(waits.begin({ ...LIMITS, signal: abort.signal }).signal.reason).toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
})

it('nothing is left of a call that is over', () => {
  const abort = new AbortController()
  const waits = new Waits()
  const wait = waits.begin({ ...LIMITS, signal: abort.signal })
  waits.end(wait)
  expect(vi.getTimerCount()).toBe(0)
  abort.abort()
  waits.stopAll('closed')
  expect(wait.signal.aborted).toBe(false)
})

it('all calls can be ended at once', () => {
  const waits = new Waits()
  const [one, other] = [waits.begin(LIMITS), waits.begin(LIMITS)]
  waits.stopAll('closed')
  expect([one.signal.reason, other.signal.reason]).toEqual(['closed', 'closed'])
})
