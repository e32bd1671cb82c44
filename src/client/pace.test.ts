import { expect, it, vi } from 'vitest'
import { Pace } from './pace.ts'

it('nothing waits for what is ordinary', () => {
  const pace = new Pace()
  expect(pace.keep(100)).toBeUndefined()
  expect(pace.keep(20)).toBeUndefined()
})

it('CL-03: a flood is taken in no faster than 400,000 lines a second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const pace = new Pace()
    const from = performance.now()
    let taken = 0
    const work = (async () => {
      for (; taken < 1_000_000; taken += 128) await pace.keep(128)
    })()
    while (taken < 1_000_000) await vi.advanceTimersByTimeAsync(1)
    await work
    expect(taken / (performance.now() - from)).toBeLessThanOrEqual(401)
  } finally {
    vi.useRealTimers()
  }
})
