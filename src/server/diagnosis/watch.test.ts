import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { busy, pretendTaken } from '../../../tests/kit/processor.ts'
import type { Context } from '../../engine/context.ts'
import type { Watched } from '../../engine/watch.ts'
import type { Diagnosis } from './findings.ts'
import { createWatch, type LoopWatch, wantsDiagnosis } from './watch.ts'

async function busyAfter(wait: Promise<unknown>, ms: number): Promise<void> {
  await wait
  busy(ms)
}

const context = {} as Context // nobody here looks at it

/** A watch, what it reported, and a way to run handlers under it. */
function watching() {
  const told: { code: string; facts: Readonly<Record<string, unknown>> }[] = []
  const watch: LoopWatch = createWatch((problem, facts) => told.push({ code: Reflect.get(problem, 'code'), facts }))
  const known = new Map<string, Watched<object, unknown>>()
  const run = async (label: string, work: () => unknown): Promise<unknown> => {
    const watched = known.get(label) ?? { label, work }
    known.set(label, watched)
    return watch.run(watched, {}, context)
  }
  const named = (): string[] => watch.figures.blocked.map(({ component }) => component)
  return { watch, told, run, named }
}

describe('who blocks the event loop is named', () => {
  it('before it waits, with how long it took', async () => {
    const { run, told, watch } = watching()
    await run('tool "parse"', () => busy(120))
    await sleep()
    expect(told).toMatchObject([{ code: 'LOOP_BLOCKED', facts: { during: 'diagnosis', component: 'tool "parse"' } }])
    expect(told[0]?.facts.durationMs).toBeGreaterThan(100)
    expect(watch.figures.blocked).toMatchObject([{ component: 'tool "parse"', times: 1 }])
  })

  it('if it waits in place for something', async () => {
    onTestFinished(pretendTaken(0))
    const { run, named } = watching()
    await run('a', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150))
    expect(named()).toEqual(['a'])
  })

  it('even if it throws', async () => {
    const { run, named } = watching()
    const failing = run('a', () => {
      busy(120)
      throw new Error('own')
    })
    await expect(failing).rejects.toThrow('own')
    expect(named()).toEqual(['a'])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['after it has waited', () => busyAfter(sleep(5), 120)],
    ['after a promise that was there already', () => busyAfter(Promise.resolve(), 120)],
    ['in a timer of its own', () => new Promise<void>((done) => setTimeout(() => done(busy(120)), 5))],
    ['in the middle', async () => [await sleep(5), busy(120), await sleep(5)]],
    ['before it fails', async () => [await sleep(5), busy(120), await Promise.reject(new Error('own'))]],
    [
      'in something that it began and did not wait for',
      async () => {
        setTimeout(busy, 5, 120)
        await sleep(10)
      },
    ],
  ])('%s', async (_when, work) => {
    const { run, named } = watching()
    await run('a', work).catch(() => undefined)
    await sleep()
    expect(named()).toEqual(['a'])
  })

  it('among others that are in flight, and they are not', async () => {
    const { run, named } = watching()
    const others = Array.from({ length: 20 }, (_, i) => run(`sleeper ${i}`, () => sleep(60)))
    const culprits = [run('one', () => busyAfter(sleep(20), 110)), run('two', () => busyAfter(sleep(20), 150))]
    await Promise.all([...others, ...culprits])
    expect(named().toSorted()).toEqual(['one', 'two'])
  })

  it('at the second time at the latest, however busy the server is', async () => {
    const { run, named } = watching()
    const hurried = async (): Promise<void> => {
      for (let i = 0; i < 5_000; i++) await null
      busy(250)
      await sleep(1)
    }
    await run('a', hurried)
    await sleep(5)
    await run('a', hurried)
    expect(named()).toEqual(['a'])
  })
})

describe('who does not block is not named', () => {
  it('though it takes long, begins much, or was in flight while something else blocked', async () => {
    onTestFinished(pretendTaken(1_000))
    const { run, named } = watching()
    const working = [
      run('waits', () => sleep(150)),
      run('hurries', async () => {
        for (let i = 0; i < 40; i++) await busyAfter(sleep(1), 3)
      }),
      run('asks all', () => Promise.all(Array.from({ length: 500 }, () => sleep(3)))),
    ]
    await sleep(10)
    busy(130)
    await Promise.all(working)
    expect(named()).toEqual([])
  })
})

it('names who outlives its time', async () => {
  const { watch, told } = watching()
  watch.outlived('tool "fetch"', 50)
  watch.outlived('tool "fetch"', 50)
  await sleep()
  expect(told[0]).toEqual({
    code: 'SIGNAL_IGNORED',
    facts: { during: 'diagnosis', component: 'tool "fetch"', timeoutMs: 50 },
  })
  const figures: Diagnosis = { blocked: [], outlived: [{ component: 'tool "fetch"', times: 2 }] }
  expect(watch.figures).toEqual(figures)
})

it('reports no more than twenty times a minute, and counts no more than a hundred by name', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { watch, told } = watching()
  for (let i = 0; i < 1_000; i++) watch.outlived(`tool "${i}"`, 50)
  await null
  expect([told.length, watch.figures.outlived.length]).toEqual([20, 100])
  vi.advanceTimersByTime(60_000)
  watch.outlived('tool "0"', 50)
  await null
  expect([told.length, watch.figures.outlived[0]?.times]).toEqual([21, 2])
})

it('looks on where somebody develops, or says so', () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(wantsDiagnosis(undefined)).toBe(true)
  expect(wantsDiagnosis(false)).toBe(false)
  vi.stubEnv('NODE_ENV', 'production')
  expect(wantsDiagnosis(undefined)).toBe(false)
  expect(wantsDiagnosis(true)).toBe(true)
  vi.stubGlobal('process', undefined)
  const onEdge = wantsDiagnosis(true)
  vi.unstubAllGlobals()
  expect(onEdge).toBe(false)
})
