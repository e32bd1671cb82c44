import { describe, expect, it } from 'vitest'
import { backoff, pause } from './backoff.ts'
import { Reconnection } from './reconnection.ts'

describe('trying again', () => {
  it('waits 0.2 s at least, longer each time, and 30 s at most', () => {
    const least = Array.from({ length: 12 }, (_, attempt) => backoff(attempt, () => 0))
    const most = Array.from({ length: 12 }, (_, attempt) => backoff(attempt, () => 1))
    expect(least.slice(0, 4)).toEqual([200, 400, 800, 1_600])
    expect(most.slice(0, 4)).toEqual([400, 800, 1_600, 3_200])
    expect([least.at(-1), most.at(-1), backoff(10_000, () => 1)]).toEqual([15_000, 30_000, 30_000])
  })

  it('can be called off', async () => {
    const abort = new AbortController()
    const waiting = pause(60_000, abort.signal)
    abort.abort()
    expect([await waiting, await pause(60_000, abort.signal)]).toEqual([false, false])
    expect(await pause(1, new AbortController().signal)).toBe(true)
  })
})

describe('CL-03: opening a stream again', () => {
  it.each([
    [0, 100],
    [-5, 100],
    [500, 500],
    [1e15, 30_000],
    [Number.POSITIVE_INFINITY, 30_000],
  ])('when the server asks for %d ms waits %d ms', (asked, wait) => {
    expect(new Reconnection(() => 0).next(asked)).toBe(wait)
  })

  it('is never sooner than the server asks, nor all at once, nor later than half a minute', () => {
    const jitter = new Reconnection(() => 1)
    jitter.bore()
    expect(jitter.next(400)).toBe(500)
    expect(new Reconnection(() => 1).next(29_000)).toBe(30_000)
    expect(new Reconnection(() => 1).next(30_000)).toBe(30_000)
  })

  it('slows down while the streams bring nothing', () => {
    const reconnection = new Reconnection(() => 0)
    const waits = Array.from({ length: 9 }, () => reconnection.next(0))
    expect(waits).toEqual([100, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000])
    reconnection.bore()
    expect(reconnection.next(0)).toBe(100)
  })
})
