import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { backstageOf, contextOf } from './backstage.ts'
import { Gate } from './gate.ts'
import type { Origin } from './origin.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(part: Partial<Origin> = {}) {
  const sent: Readonly<Record<string, unknown>>[] = []
  const context = contextOf(
    originOf({
      meta: { progressToken: 't' },
      logLevel: 'info',
      notify: (_, params) => void sent.push(params),
      ...part,
    }),
  )
  return { context, sent, values: () => sent.map(({ progress }) => progress) }
}

describe('progress that is reported faster than anybody reads', () => {
  it('comes ten at once, then one every 100 ms, the newest each time', () => {
    const { context, values } = open()
    for (let i = 1; i <= 10_000; i++) context.progress(i, 10_000)
    expect(values()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    vi.advanceTimersByTime(99)
    expect(values()).toHaveLength(10)
    vi.advanceTimersByTime(1)
    expect(values().at(-1)).toBe(10_000)
    expect([values().length, vi.getTimerCount()]).toEqual([11, 0])
  })

  it('is at most 20 reports in any second, and grows', () => {
    const { context, sent, values } = open()
    const times: number[] = []
    let now = 0
    for (; now < 5_000; now++) {
      context.progress(now)
      vi.advanceTimersByTime(1)
      while (times.length < sent.length) times.push(now)
    }
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length))
    expect(busiest).toBeLessThanOrEqual(20)
    expect(sent.length).toBeGreaterThan(50)
    expect(values()).toEqual([...values()].sort((a, b) => Number(a) - Number(b)))
  })

  it('has its last report sent before the answer, once', () => {
    const { context, values } = open()
    for (let i = 1; i <= 500; i++) context.progress(i)
    backstageOf(context).flush()
    backstageOf(context).flush()
    expect(values().at(-1)).toBe(500)
    expect([values().length, vi.getTimerCount()]).toEqual([11, 0])
  })

  it('waits for a client that reads slowly, and then tells the newest', () => {
    const gate = new Gate()
    let isSlow = true
    const flow = { isCongested: false, drained: () => (isSlow ? gate.wait() : undefined) }
    const { context, values } = open({ flow })
    for (let i = 1; i <= 100; i++) {
      context.progress(i)
      vi.advanceTimersByTime(50)
    }
    expect(values()).toEqual([])
    isSlow = false
    vi.advanceTimersByTime(100)
    expect(values()).toEqual([100])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('phases', () => {
  it('report as parts of the whole, also inside each other', () => {
    const { context, sent } = open()
    const first = context.phase(0, 0.3)
    first.progress(1, 3, 'Loading')
    first.progress(3, 3)
    const second = context.phase(0.3, 1)
    second.phase(0, 0.5).progress(0.5)
    second.phase(0.5, 1).progress(7, 7, 'Done')
    second.phase(0.5, 1).progress(9, 0)
    expect(sent).toEqual([
      { progressToken: 't', progress: 10, total: 100, message: 'Loading' },
      { progressToken: 't', progress: 30, total: 100 },
      { progressToken: 't', progress: 47.5, total: 100 },
      { progressToken: 't', progress: 100, total: 100, message: 'Done' },
    ])
  })
})

describe('parts of a result', () => {
  it('are counted as progress if the client wants that', () => {
    const { context, sent } = open()
    for (const part of ['one', { two: 2 }, undefined]) expect(context.part(part)).toBeUndefined()
    expect(sent).toEqual([
      { progressToken: 't', progress: 1, message: 'one' },
      { progressToken: 't', progress: 2, message: '{"two":2}' },
      { progressToken: 't', progress: 3 },
    ])
  })

  it('are all sent, however fast', () => {
    const { context, sent } = open()
    for (let i = 0; i < 1000; i++) context.part(i)
    expect(sent).toHaveLength(1000)
  })

  it('are log messages to others, and beside progress that the handler reports itself', () => {
    const { context, sent } = open()
    context.progress(50, 100)
    context.part({ id: 1 })
    const other = open({ meta: {} })
    other.context.part({ id: 1 })
    other.context.part(undefined)
    expect(sent).toEqual([
      { progressToken: 't', progress: 50, total: 100 },
      { level: 'info', data: { id: 1 } },
    ])
    expect(other.sent).toEqual([{ level: 'info', data: { id: 1 } }])
  })

  it('tell when to wait for the client', async () => {
    const gate = new Gate()
    const { context } = open({ flow: { isCongested: false, drained: () => gate.wait() } })
    const waiting = context.part(1)
    gate.open()
    await expect(waiting).resolves.toBeUndefined()
  })
})

describe('log messages to a client that reads too slowly', () => {
  it('are left out, and the next one says how many', () => {
    const flow = { isCongested: false, drained: () => undefined }
    const { context, sent } = open({ flow })
    context.log.info('a')
    flow.isCongested = true
    for (let i = 0; i < 1000; i++) context.log.error('lost')
    flow.isCongested = false
    context.log.info('b')
    expect(sent).toEqual([
      { level: 'info', data: 'a' },
      { level: 'warning', data: '1000 log messages were left out here: you read too slowly' },
      { level: 'info', data: 'b' },
    ])
  })
})
