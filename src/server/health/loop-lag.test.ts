import { afterEach, expect, it, vi } from 'vitest'
import { LoopLag } from './loop-lag.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The clock goes on and nothing runs: something blocks. */
function block(ms: number): void {
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + ms)
}

it('says nothing before it was asked, and costs nothing', () => {
  vi.useFakeTimers()
  const lag = new LoopLag()
  expect(vi.getTimerCount()).toBe(0)
  expect(lag.read()).toBe(0)
  expect(vi.getTimerCount()).toBe(1)
  lag.rest()
})

it('is how late the loop is, also while it is late, and is forgotten by and by', () => {
  vi.useFakeTimers()
  const lag = new LoopLag()
  lag.read()
  vi.advanceTimersByTime(1_000)
  expect(lag.read()).toBe(0)
  block(700)
  expect(lag.read()).toBe(600)
  vi.advanceTimersToNextTimer()
  expect(lag.read()).toBe(600)
  vi.mocked(performance.now).mockRestore()
  lag.rest()
})

it('halves with every beat that is on time', () => {
  vi.useFakeTimers()
  const lag = new LoopLag()
  lag.read()
  block(900)
  vi.advanceTimersToNextTimer()
  vi.mocked(performance.now).mockRestore()
  const seen: number[] = []
  for (let i = 0; i < 3; i++) {
    vi.advanceTimersToNextTimer()
    seen.push(lag.read())
  }
  expect(seen).toEqual([400, 200, 100])
  lag.rest()
})

it('rests a minute after the last question, and begins anew with the next', () => {
  vi.useFakeTimers()
  const lag = new LoopLag()
  lag.read()
  vi.advanceTimersByTime(59_000)
  lag.read()
  vi.advanceTimersByTime(59_000)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(2_000)
  expect(vi.getTimerCount()).toBe(0)
  expect(lag.read()).toBe(0)
  lag.rest()
})

it('is unknown where no process lasts', () => {
  vi.stubGlobal('process', undefined)
  expect(new LoopLag().read()).toBe(0)
  vi.unstubAllGlobals()
  vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
  vi.useFakeTimers()
  const lag = new LoopLag()
  lag.read()
  vi.advanceTimersByTime(60_000)
  expect([lag.read(), vi.getTimerCount()]).toEqual([0, 0])
})
