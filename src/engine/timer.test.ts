import { afterEach, expect, it, vi } from 'vitest'
import { every, later } from './timer.ts'

afterEach(() => vi.unstubAllGlobals())

it('does not keep a process alive', () => {
  const timers = [later(() => undefined, 60_000), every(() => undefined, 60_000)] as NodeJS.Timeout[]
  expect(timers.map((timer) => timer.hasRef())).toEqual([false, false])
  for (const timer of timers) clearTimeout(timer)
})

it('works where a timer is a number', () => {
  vi.stubGlobal('setTimeout', () => 7)
  expect(later(() => undefined, 1)).toBe(7)
})
