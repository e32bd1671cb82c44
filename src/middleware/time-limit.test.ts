import { FastMCP } from '@fastmcp/ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import type { InputResponse } from '../protocol/asks.ts'
import { timeLimit } from './time-limit.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

function server(options: Parameters<typeof timeLimit>[0]) {
  const mcp = new FastMCP({ name: 'slow', version: '1.0.0', onError: () => undefined })
  mcp.use(timeLimit(options))
  const aborted: string[] = []
  const wait = (name: string) => (_: unknown, ctx: { readonly signal: AbortSignal }) => {
    ctx.signal.addEventListener('abort', () => aborted.push(name))
    return new Promise((resolve) => setTimeout(() => resolve(name), 5_000))
  }
  mcp.tool('slow', { description: 'Slow' }, wait('slow'))
  mcp.tool('patient', { description: 'Slow, too' }, wait('patient'))
  mcp.resource('slow://x', {}, wait('resource'))
  return { mcp, aborted }
}

async function settled<T>(work: Promise<T>, ms: number): Promise<T | unknown> {
  const outcome = work.catch((problem: unknown) => problem)
  await vi.advanceTimersByTimeAsync(ms)
  return outcome
}

describe('timeLimit', () => {
  it('ends a call that takes too long, and aborts its signal', async () => {
    const { mcp, aborted } = server({ ms: 1_000, tools: { patient: 10_000 } })
    expect(await settled(callDirectly(mcp, ['tools/call', { name: 'slow' }]), 1_000)).toEqual({
      content: [{ type: 'text', text: 'tools/call "slow" did not finish within 1000 ms' }],
      isError: true,
    })
    expect(aborted).toEqual(['slow'])
    expect(await settled(callDirectly(mcp, ['resources/read', { uri: 'slow://x' }]), 1_000)).toMatchObject({
      code: 'TIMEOUT',
    })
  })

  it('lets one tool take longer', async () => {
    const { mcp, aborted } = server({ ms: 1_000, tools: { patient: 10_000 } })
    const result = await settled(callDirectly(mcp, ['tools/call', { name: 'patient' }]), 5_000)
    expect([result, aborted]).toEqual([{ content: [{ type: 'text', text: 'patient' }] }, []])
  })

  it('leaves no timer behind a call that is quick', async () => {
    const { mcp } = server({ ms: 1_000 })
    await callDirectly(mcp, ['tools/list', {}])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts no time in which a person is waited for, neither here nor for the tool itself', async () => {
    const mcp = new FastMCP({ name: 'asking', version: '1.0.0', onError: () => undefined })
    mcp.use(timeLimit({ ms: 1_500 }))
    let answer: (given: InputResponse) => void = () => undefined
    const ask = () =>
      new Promise<InputResponse>((resolve) => {
        answer = resolve
      })
    mcp.tool('roots', { description: 'Asks', timeout: 1_600 }, async (_, ctx) => {
      await ctx.roots()
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return 'done'
    })
    const result = callDirectly(mcp, ['tools/call', { name: 'roots' }], { ask, can: () => true })
    await vi.advanceTimersByTimeAsync(100_000)
    answer({ roots: [] })
    expect(await settled(result, 1_000)).toEqual({ content: [{ type: 'text', text: 'done' }] })
  })

  it.each([{ ms: 0 }, { ms: Number.NaN }, { ms: 1, tools: { a: -1 } }])('refuses %j where it is set', (options) => {
    expect(() => timeLimit(options)).toThrow(expect.objectContaining({ code: 'SETTING' }))
  })
})
