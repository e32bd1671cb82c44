import { askForm, FastMCP, inputRequired, McpError, ToolError } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { callDirectly } from '../../tests/kit/direct-call.ts'
import { useFakeClock } from '../../tests/kit/fake-clock.ts'
import type { ToolAnnotations } from '../protocol/definitions.ts'
import { type RetryLayerOptions, retry } from './retry.ts'

beforeEach(useFakeClock)
afterEach(() => void vi.useRealTimers())

/** A server with a tool that fails so many times, then works. */
function server(problems: unknown[], annotations: ToolAnnotations, options: RetryLayerOptions = {}) {
  const mcp = new FastMCP({ name: 'again', version: '1.0.0', onError: () => undefined })
  mcp.use('tools/call', retry({ jitter: false, ...options }))
  const times: number[] = []
  mcp.tool('flaky', { description: 'Fails first', annotations }, () => {
    times.push(performance.now())
    const problem = problems.shift()
    if (problem !== undefined) throw problem
    return 'done'
  })
  return { mcp, times }
}

const CALL = ['tools/call', { name: 'flaky' }] as const
const down = () => new Error('ECONNRESET')
const DONE = { content: [{ type: 'text', text: 'done' }] }

async function settled<T>(work: Promise<T>): Promise<T | unknown> {
  const outcome = work.catch((problem: unknown) => problem)
  await vi.runAllTimersAsync()
  return outcome
}

describe('retry', () => {
  it.each([{ readOnlyHint: true }, { idempotentHint: true }])(
    'calls a tool again that says %j',
    async (annotations) => {
      const { mcp, times } = server([down(), down()], annotations)
      const begun = performance.now()
      expect(await settled(callDirectly(mcp, CALL))).toEqual(DONE)
      expect(times.map((time) => time - begun)).toEqual([0, 200, 600])
    },
  )

  it.each([{}, { readOnlyHint: false }, { destructiveHint: false }])(
    'calls a tool once that says %j',
    async (annotations) => {
      const { mcp, times } = server([down()], annotations)
      expect(await settled(callDirectly(mcp, CALL))).toMatchObject({ isError: true })
      expect(times).toHaveLength(1)
    },
  )

  it('gives up with the last error, its words kept', async () => {
    const problems = [1, 2, 3].map((n) => new ToolError('API_ERROR', `try ${n}`))
    const { mcp, times } = server(problems, { readOnlyHint: true }, { retries: 2 })
    const result = await settled(callDirectly(mcp, CALL))
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: 'try 3' }, { text: expect.stringContaining('API_ERROR') }],
    })
    expect(times).toHaveLength(3)
  })

  it('masks the last error as ever where nobody may see it', async () => {
    const { mcp } = server([down(), down()], { readOnlyHint: true }, { retries: 1 })
    const result = await settled(callDirectly(mcp, CALL))
    expect(JSON.stringify(result)).toMatch(/Internal error \(\w+\)/)
    expect(JSON.stringify(result)).not.toContain('ECONNRESET')
  })

  it.each([
    new ToolError('NOT_FOUND', 'no such city'),
    new ToolError('VALIDATION_ERROR', 'bad'),
    new McpError('INVALID_PARAMS', 'bad'),
  ])('does not repeat a mistake of the caller: %s', async (problem) => {
    const { mcp, times } = server([problem], { readOnlyHint: true })
    await settled(callDirectly(mcp, CALL))
    expect(times).toHaveLength(1)
  })

  it('waits for as long as the error says', async () => {
    const { mcp, times } = server([new ToolError('API_ERROR', 'busy', { retryAfterMs: 5_000 })], { readOnlyHint: true })
    expect(await settled(callDirectly(mcp, CALL))).toEqual(DONE)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(5_000)
  })

  it('stops when the call is cancelled', async () => {
    const { mcp, times } = server([down(), down()], { readOnlyHint: true })
    let cancel: (reason: Error) => void = () => undefined
    const onCancel = (listener: (reason: Error) => void) => {
      cancel = listener
    }
    const result = callDirectly(mcp, CALL, { onCancel }).catch((problem: unknown) => problem)
    await vi.advanceTimersByTimeAsync(100)
    cancel(new McpError('CANCELLED', 'enough'))
    expect(await result).toMatchObject({ code: 'CANCELLED' })
    expect([times.length, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('may be told what to repeat, and tells of it', async () => {
    const told: unknown[] = []
    const { mcp, times } = server(
      [new ToolError('NOT_FOUND', 'not yet')],
      { readOnlyHint: true },
      {
        retryIf: (problem, { params }) => problem instanceof ToolError && params.name === 'flaky',
        onRetry: (problem) => told.push(problem),
      },
    )
    expect(await settled(callDirectly(mcp, CALL))).toEqual(DONE)
    expect([times.length, told.length]).toEqual([2, 1])
  })

  it.each(['stateless', 'stateful'] as const)('takes no question for a failure, %s', async (era) => {
    vi.useRealTimers()
    const mcp = new FastMCP({ name: 'asking', version: '1.0.0' })
    mcp.use('tools/call', retry({ initialDelay: 60_000 }))
    let runs = 0
    const annotations = { readOnlyHint: true }
    mcp.tool('ask', { description: 'Asks', annotations }, async (_, ctx) => {
      runs++
      try {
        return (await ctx.elicit('Sure?', z.object({}))).action
      } catch {
        throw new Error('hidden')
      }
    })
    mcp.tool('guard', { description: 'Asks', annotations }, (_, ctx) => {
      runs++
      return Object.keys(ctx.inputResponses).length > 0
        ? 'answered'
        : inputRequired({ inputRequests: { ok: askForm('Sure?', z.object({})) } })
    })
    await using client = await createTestClient(mcp, { era, onElicit: () => ({ action: 'decline' }) })
    expect((await client.callTool('ask')).data).toBe('decline')
    expect(runs).toBe(era === 'stateless' ? 2 : 1)
    expect((await client.callTool('guard')).data).toBe('answered')
  })

  it.each([
    { retries: -1 },
    { retries: 1.5 },
    { initialDelay: Number.NaN },
    { maxDelay: Number.POSITIVE_INFINITY },
    { factor: 0 },
  ])('refuses %j where it is set', (options) => {
    expect(() => retry(options)).toThrow(
      expect.objectContaining({ code: 'SETTING', message: expect.stringContaining(Object.keys(options)[0] ?? '') }),
    )
  })
})
