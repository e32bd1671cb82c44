import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTurnstile, limiterOf } from './turnstile.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const turnstileOf = (mostMs: number, ...rates: { limit: number; per: number }[]) => {
  const made = createTurnstile(
    rates.flatMap((rate) => limiterOf(rate) ?? []),
    mostMs,
  )
  if (made === undefined) throw new Error('There is no limit')
  return made
}
const { signal } = new AbortController()

it('is none without a rate', () => {
  expect(createTurnstile([], 1_000)).toBeUndefined()
  expect(limiterOf(undefined)).toBeUndefined()
})

it('lets through what the rate allows, and the next when their turn comes', async () => {
  const turnstile = turnstileOf(10_000, { limit: 2, per: 1_000 })
  const passed: number[] = []
  const all = [0, 1, 2, 3].map(async (n) => {
    await turnstile.pass(signal)
    passed.push(n)
  })
  await vi.advanceTimersByTimeAsync(999)
  expect(passed).toEqual([0, 1])
  await vi.advanceTimersByTimeAsync(1)
  await Promise.all(all)
  expect(passed).toEqual([0, 1, 2, 3])
})

it('holds to the narrower of two rates', async () => {
  const turnstile = turnstileOf(10_000, { limit: 1, per: 1_000 }, { limit: 100, per: 1_000 })
  await turnstile.pass(signal)
  let passed = false
  const second = turnstile.pass(signal).then(() => {
    passed = true
  })
  await vi.advanceTimersByTimeAsync(999)
  expect(passed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await second
})

it('lets nobody wait for longer than a request may take: they are told when to come again', async () => {
  const turnstile = turnstileOf(500, { limit: 1, per: 60_000 })
  await turnstile.pass(signal)
  await expect(turnstile.pass(signal)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    message: 'Too many calls to this API; try again in 60 s',
    details: { retryAfterMs: 60_000 },
  })
})

it('counts those who are ahead in the line', async () => {
  const turnstile = turnstileOf(2_000, { limit: 1, per: 1_000 })
  const all = [0, 1, 2, 3, 4].map(() => turnstile.pass(signal))
  const outcomes = Promise.allSettled(all)
  await vi.advanceTimersByTimeAsync(2_000)
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ])
  await expect(all[4]).rejects.toMatchObject({ details: { retryAfterMs: 3_000 } })
})

it('counts the time at both of two limits', async () => {
  const turnstile = turnstileOf(1_500, { limit: 1, per: 1_000 }, { limit: 1, per: 2_000 })
  await turnstile.pass(signal)
  const second = expect(turnstile.pass(signal)).rejects.toMatchObject({ details: { retryAfterMs: 1_000 } })
  await vi.advanceTimersByTimeAsync(1_000)
  await second
})

it('is left by who gives up', async () => {
  const turnstile = turnstileOf(10_000, { limit: 1, per: 1_000 })
  await turnstile.pass(signal)
  const abort = new AbortController()
  const leaving = expect(turnstile.pass(abort.signal)).rejects.toThrow('Enough')
  const staying = turnstile.pass(signal)
  abort.abort(new Error('Enough'))
  await leaving
  await vi.advanceTimersByTimeAsync(1_000)
  await staying
})

it('counts every request behind the first, which has passed already', async () => {
  const turnstile = turnstileOf(10_000, { limit: 2, per: 1_000 })
  let sent = 0
  const fetch = turnstile.again(async () => {
    sent++
    return new Response()
  })
  await turnstile.pass(signal)
  await fetch('http://localhost/', {})
  await fetch('http://localhost/', {})
  const third = fetch('http://localhost/', { signal })
  await vi.advanceTimersByTimeAsync(999)
  expect(sent).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  await third
  expect(sent).toBe(3)
})
