import { FastMCP, ToolError } from '@fastmcp/ts'
import { describe, expect, it } from 'vitest'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { createDurations } from './durations.ts'
import { type Timing, timing } from './timing.ts'

function server(layer = timing()) {
  const mcp = new FastMCP({ name: 'timed', version: '1.0.0', onError: () => undefined })
  mcp.use(layer)
  mcp.tool('quick', { description: 'Quick' }, () => 1)
  mcp.tool('slow', { description: 'Slow' }, () => new Promise((resolve) => setTimeout(resolve, 20)))
  mcp.tool('refusing', { description: 'Refuses' }, () => {
    throw new ToolError('NOT_FOUND', 'no')
  })
  return { mcp, layer }
}

const call = (name: string) => ['tools/call', { name }] as const

describe('timing', () => {
  it('has a row for each method, and one for each tool', async () => {
    const { mcp, layer } = server()
    await callDirectly(mcp, call('quick'))
    await callDirectly(mcp, call('slow'))
    await callDirectly(mcp, call('refusing'))
    await callDirectly(mcp, ['tools/list', {}])
    const rows = layer.snapshot()
    expect(rows.map(({ method, name, count, failed }) => [method, name, count, failed])).toEqual([
      ['tools/list', undefined, 1, 0],
      ['tools/call', undefined, 3, 1],
      ['tools/call', 'quick', 1, 0],
      ['tools/call', 'slow', 1, 0],
      ['tools/call', 'refusing', 1, 1],
    ])
    const slow = rows.find(({ name }) => name === 'slow')
    expect(slow?.max).toBeGreaterThan(15)
    expect(slow?.mean).toBe(slow?.max)
    layer.reset()
    expect(layer.snapshot()).toEqual([])
  })

  it('tells of each call, and survives who listens', async () => {
    const heard: Timing[] = []
    const { mcp } = server(
      timing({
        onTiming: (one) => {
          heard.push(one)
          throw new Error('exporter down')
        },
      }),
    )
    await callDirectly(mcp, call('quick'))
    await callDirectly(mcp, ['tools/list', {}])
    expect(heard).toEqual([
      { method: 'tools/call', name: 'quick', ms: expect.any(Number), outcome: 'ok' },
      { method: 'tools/list', ms: expect.any(Number), outcome: 'ok' },
    ])
  })

  it('takes no memory for names that there are not', async () => {
    const { mcp, layer } = server()
    for (let n = 0; n < 500; n++) await callDirectly(mcp, call(`x${n}`)).catch(() => undefined)
    expect(layer.snapshot().map(({ name, count }) => [name, count])).toEqual([
      [undefined, 500],
      ['(other)', 500],
    ])
  })
})

describe('durations', () => {
  it('gives percentiles to a fifth, in any range', () => {
    for (const unit of [0.01, 1, 1000]) {
      const durations = createDurations()
      for (let n = 1; n <= 1000; n++) durations.add(n * unit, 'ok')
      const { count, mean, max, p50, p95, p99 } = durations.summary()
      expect(count).toBe(1000)
      expect(mean).toBeCloseTo(500.5 * unit, 1)
      expect(max).toBeCloseTo(1000 * unit, 3)
      for (const [measured, real] of [
        [p50, 500],
        [p95, 950],
        [p99, 990],
      ] as const) {
        expect(measured / unit).toBeGreaterThanOrEqual(real * 0.99)
        expect(measured / unit).toBeLessThanOrEqual(real * 1.2)
      }
    }
  })

  it('has nothing to say of none', () => {
    expect(createDurations().summary()).toEqual({ count: 0, failed: 0, mean: 0, max: 0, p50: 0, p95: 0, p99: 0 })
  })

  it('is the same put together', () => {
    const [a, b, both] = [createDurations(), createDurations(), createDurations()]
    for (let n = 1; n <= 100; n++) {
      const outcome = n % 10 === 0 ? 'failure' : 'ok'
      for (const one of [n % 2 === 0 ? a : b, both]) one.add(n, outcome)
    }
    expect(createDurations([a, b]).summary()).toEqual(both.summary())
  })
})
