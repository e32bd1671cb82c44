import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type CheckResults, Checks, type HealthCheck } from './checks.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function checking(checks: Readonly<Record<string, HealthCheck>>) {
  const told: { problem: Error; check: unknown }[] = []
  const report = (problem: Error, { check }: Readonly<Record<string, unknown>>) => void told.push({ problem, check })
  return { told, checks: new Checks(checks, { timeoutMs: 500, keepMs: 1_000, report }) }
}

/** Lets the clock run until all are done. */
async function resultsOf(checks: Checks): Promise<CheckResults> {
  const results = checks.results()
  await vi.advanceTimersByTimeAsync(1_000)
  return results
}

const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const hanging = (): Promise<never> => new Promise(() => undefined)

describe('checks', () => {
  it('run side by side, and each says only whether it is up, and how long it took', async () => {
    const { checks } = checking({
      api: () => passing(300),
      database: async () => {
        await passing(400)
        throw new Error('password "hunter2" was refused')
      },
      queue: () => false,
      disk: () => {
        throw 'nothing'
      },
      cache: () => 'OK',
    })
    const results = checks.results()
    await vi.advanceTimersByTimeAsync(400)
    expect(await results).toEqual({
      api: { status: 'up', durationMs: 300 },
      database: { status: 'down', durationMs: 400 },
      queue: { status: 'down', durationMs: 0 },
      disk: { status: 'down', durationMs: 0 },
      cache: { status: 'up', durationMs: 0 },
    })
  })

  it('that hang are down after their time, and their work is told to end', async () => {
    const signals: AbortSignal[] = []
    const { checks, told } = checking({
      slow: (signal) => {
        signals.push(signal)
        return hanging()
      },
      quick: () => true,
    })
    expect(await resultsOf(checks)).toEqual({
      slow: { status: 'down', durationMs: 500, timedOut: true },
      quick: { status: 'up', durationMs: 0 },
    })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(told).toMatchObject([{ check: 'slow', problem: { message: 'The check was not done in time' } }])
  })

  it('that hang for good are not begun again, and that come back are', async () => {
    const begun: (() => void)[] = []
    const { checks } = checking({ slow: () => new Promise<void>((resolve) => begun.push(resolve)) })
    for (let i = 0; i < 5; i++) {
      expect(await resultsOf(checks)).toMatchObject({ slow: { status: 'down', timedOut: true } })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(begun.length).toBe(1)
    begun[0]?.()
    await vi.advanceTimersByTimeAsync(1_000)
    const again = checks.results()
    begun[1]?.()
    expect(await again).toMatchObject({ slow: { status: 'up' } })
  })

  it('run once however many ask, and not again for a while', async () => {
    const check = vi.fn(() => passing(100))
    const { checks } = checking({ api: check })
    const many = Array.from({ length: 1_000 }, () => checks.results())
    await vi.advanceTimersByTimeAsync(100)
    expect(new Set(await Promise.all(many)).size).toBe(1)
    await vi.advanceTimersByTimeAsync(900)
    expect(await checks.results()).toBe(await many[0])
    expect(check).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(100)
    await resultsOf(checks)
    expect(check).toHaveBeenCalledTimes(2)
  })

  it('tell operators why when they begin to fail, and once a minute while they do', async () => {
    let isBroken = true
    const broken = new Error('no route to host')
    const { checks, told } = checking({
      api: () => {
        if (isBroken) throw broken
      },
    })
    for (let i = 0; i < 29; i++) {
      await resultsOf(checks)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(told).toEqual([{ check: 'api', problem: broken }])
    for (let i = 0; i < 5; i++) {
      await resultsOf(checks)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(told.length).toBe(2)
    isBroken = false
    await vi.advanceTimersByTimeAsync(1_000)
    await resultsOf(checks)
    isBroken = true
    await vi.advanceTimersByTimeAsync(1_000)
    await resultsOf(checks)
    expect(told.length).toBe(3)
  })

  it('are functions, and may have any name', async () => {
    const { checks } = checking(JSON.parse('{}'))
    expect(await checks.results()).toEqual({})
    const odd = Object.fromEntries(['__proto__', 'constructor', ''].map((name) => [name, () => true]))
    const results = await resultsOf(checking(odd).checks)
    expect(Object.keys(results)).toEqual(['__proto__', 'constructor', ''])
    expect(() => checking({ api: 'http://x' as unknown as HealthCheck })).toThrow(/health\.checks\.api is no function/)
  })
})
