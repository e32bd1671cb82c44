import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { FastMCP, ToolError } from '../index.ts'
import { authorize, cache, errors, logging, on, rateLimit, responseLimit, retry, timeLimit, timing } from './index.ts'

class Missing extends Error {}

const CANARY = 'c4n4ry-71d0'

/** A server with the whole kit, in the order in which the guide puts it. */
function server() {
  const lines: string[] = []
  const reports: Error[] = []
  const timings = timing()
  const cached = cache({ ttl: 60_000 })
  const mcp = new FastMCP({ name: 'kit', version: '1.0.0', onError: (problem) => reports.push(problem) })
  mcp.use(logging({ arguments: true, sink: (line) => void lines.push(line) }))
  mcp.use(timings)
  mcp.use(errors([on(Missing, ({ message }) => new ToolError('NOT_FOUND', message))]))
  mcp.use(authorize((_auth, _call, { name }) => name !== 'hidden'))
  mcp.use(rateLimit({ limit: 20, per: 60_000 }))
  mcp.use(responseLimit({ maxBytes: 2_000 }))
  mcp.use(cached)
  mcp.use(timeLimit({ ms: 5_000 }))
  mcp.use(retry({ initialDelay: 1, retries: 1 }))
  const annotations = { readOnlyHint: true }
  const runs: string[] = []
  const input = z.object({ of: z.string(), token: z.string().optional() })
  mcp.tool('read', { description: 'Reads', annotations, input }, ({ of }) => {
    runs.push(of)
    if (of === 'nothing') throw new Missing('no such thing')
    if (of === 'flaky' && runs.filter((one) => one === of).length === 1) throw new Error(`down: ${CANARY}`)
    if (of === 'secret') throw new TypeError(`postgres://admin:${CANARY}@db`)
    return of === 'much' ? 'much '.repeat(5_000) : `all of ${of}`
  })
  mcp.tool('hidden', { description: 'Hidden' }, () => 'x')
  mcp.tool(
    'ask',
    { description: 'Asks', annotations },
    async (_, ctx) => (await ctx.elicit('Sure?', z.object({}))).action,
  )
  return { mcp, lines, reports, runs, timings, cached }
}

describeEras('the whole kit', (open) => {
  it('works together', async () => {
    const { mcp, lines, runs, timings, cached } = server()
    const client = await open(mcp, { onElicit: () => ({ action: 'decline' }) })
    const read = (of: string) => client.callTool('read', { of, token: CANARY })
    expect((await client.tools()).map(({ name }) => name)).toEqual(['read', 'ask'])
    expect([(await read('a')).data, (await read('a')).data]).toEqual(['all of a', 'all of a'])
    expect((await read('flaky')).data).toBe('all of flaky')
    expect((await read('much')).text).toContain('[Cut short (text)')
    await expect(read('nothing')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no such thing'),
    })
    await expect(read('secret')).rejects.toThrow('Internal error')
    await expect(client.callTool('hidden')).rejects.toThrow('Unknown tool')
    for (let n = 0; n < 2; n++) expect((await client.callTool('ask')).data).toBe('decline')
    expect(runs.filter((one) => one === 'a')).toHaveLength(1)
    expect(cached.stats.hits).toBe(1)
    expect(timings.snapshot().find(({ name }) => name === 'read')).toMatchObject({ count: 6, failed: 2 })
    expect(lines.join('\n')).not.toContain(CANARY)
    const calls = lines.map((line) => JSON.parse(line)).filter(({ method }) => method === 'tools/call')
    expect(calls.filter(({ name }) => name === 'read').map(({ outcome, code }) => code ?? outcome)).toEqual([
      ...['ok', 'ok', 'ok', 'ok', 'NOT_FOUND', 'TypeError'],
    ])
  })

  it('lets through so many and no more', async () => {
    const { mcp, runs } = server()
    const client = await open(mcp)
    const results = await Promise.allSettled(
      Array.from({ length: 25 }, (_, n) => client.callTool('read', { of: `${n}` })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(runs).toHaveLength(20)
  })
})
