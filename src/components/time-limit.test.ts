import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import type { InputResponse } from '../protocol/asks.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { checkTimeout, limitTime } from './time-limit.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const limit = { label: 'tool "slow"', timeout: 1000 }
const open = (): Context => contextOf(originOf())

it('gives what the work gives, and leaves no timer behind', async () => {
  await expect(limitTime(Promise.resolve(1), open(), limit)).resolves.toBe(1)
  await expect(limitTime(Promise.reject(new Error('own')), open(), limit)).rejects.toThrow('own')
  expect(vi.getTimerCount()).toBe(0)
})

it('rejects with TIMEOUT and cancels the context when the time is over', async () => {
  const context = open()
  const { signal } = context
  const limited = limitTime(new Promise(() => undefined), context, limit)
  vi.advanceTimersByTime(999)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  await expect(limited).rejects.toMatchObject({ code: 'TIMEOUT', message: 'tool "slow" did not finish within 1000 ms' })
  expect(signal.reason).toMatchObject({ code: 'TIMEOUT' })
})

it('a failure after the time is over harms nobody', async () => {
  let fail: (problem: Error) => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    fail = reject
  })
  const limited = limitTime(late, open(), limit)
  vi.advanceTimersByTime(1000)
  await expect(limited).rejects.toMatchObject({ code: 'TIMEOUT' })
  fail(new Error('too late'))
})

it('a thenable that throws is a failure like any other', async () => {
  const broken: PromiseLike<string> = {
    // biome-ignore lint/suspicious/noThenProperty: query builders are like this
    then: () => {
      throw new Error('broken')
    },
  }
  await expect(limitTime(broken, open(), limit)).rejects.toThrow('broken')
  expect(vi.getTimerCount()).toBe(0)
})

it('waiting alone does not keep the process alive', () => {
  vi.useRealTimers()
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const limited = limitTime(new Promise(() => undefined), open(), { label: 'tool "x"', timeout: 60_000 })
  limited.catch(() => undefined)
  expect(timers()).toBe(before)
})

it('takes any number of milliseconds up to 30 minutes', () => {
  expect(checkTimeout('tool "x"')).toBe(60_000)
  expect(checkTimeout('tool "x"', 1_800_000)).toBe(1_800_000)
  for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_800_001]) {
    expect(() => checkTimeout('tool "x"', bad)).toThrow(DefinitionError)
    expect(() => checkTimeout('tool "x"', bad)).toThrow(`tool "x": timeout is ${bad}; give milliseconds`)
  }
})

it('does not count the time in which the client is waited for', async () => {
  let answer: (given: InputResponse) => void = () => undefined
  const ask = () =>
    new Promise<InputResponse>((resolve) => {
      answer = resolve
    })
  const context = contextOf(originOf({ ask }))
  let settled = ''
  const work = (async () => {
    await context.roots()
    await new Promise((resolve) => setTimeout(resolve, 900))
    await context.roots()
    await new Promise((resolve) => setTimeout(resolve, 200))
  })()
  limitTime(work, context, limit).then(
    () => (settled = 'done'),
    ({ code }) => (settled = code),
  )
  await vi.advanceTimersByTimeAsync(500_000)
  expect(settled).toBe('')
  answer({ roots: [] })
  await vi.advanceTimersByTimeAsync(900 + 300_000)
  expect(settled).toBe('')
  answer({ roots: [] })
  await vi.advanceTimersByTimeAsync(99)
  expect(settled).toBe('')
  await vi.advanceTimersByTimeAsync(2)
  expect(settled).toBe('TIMEOUT')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(vi.getTimerCount()).toBe(0)
})
