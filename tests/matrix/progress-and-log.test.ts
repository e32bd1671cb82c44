import { FastMCP } from '@fastmcp/ts'
import type { LogEntry, Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

function worker(): FastMCP {
  const mcp = new FastMCP({ name: 'worker', version: '1.0.0' })
  mcp.tool('work', { description: 'Works', input: z.object({ steps: z.number() }) }, async ({ steps }, ctx) => {
    for (let done = 1; done <= steps; done++) {
      ctx.progress(done, steps, `step ${done}`)
      await Promise.resolve()
    }
    ctx.progress(1) // does not grow: dropped
    return 'done'
  })
  mcp.tool('somehow', { description: 'No total' }, (_, ctx) => {
    ctx.progress(0.5)
    return 'done'
  })
  mcp.tool('talk', { description: 'Talks' }, (_, ctx) => {
    ctx.log.debug('unseen')
    ctx.log.info('plain')
    ctx.log.warning('with facts', { n: 1 })
    return 'done'
  })
  return mcp
}

describeEras('progress', (open) => {
  it('arrives in order, before the result', async () => {
    const client = await open(worker)
    const seen: Progress[] = []
    const { data } = await client.callTool('work', { steps: 3 }, { onProgress: (progress) => seen.push(progress) })
    expect(data).toBe('done')
    expect(seen).toEqual([
      { progress: 1, total: 3, message: 'step 1' },
      { progress: 2, total: 3, message: 'step 2' },
      { progress: 3, total: 3, message: 'step 3' },
    ])
  })

  it('needs no total', async () => {
    const seen: Progress[] = []
    await (await open(worker)).callTool('somehow', {}, { onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual([{ progress: 0.5 }])
  })

  it('belongs to its call', async () => {
    const client = await open(worker)
    const counts = await Promise.all(
      [1, 5, 9].map(async (steps) => {
        let seen = 0
        await client.callTool('work', { steps }, { onProgress: ({ total }) => (seen += total === steps ? 1 : 1000) })
        return seen
      }),
    )
    expect(counts).toEqual([1, 5, 9])
  })

  it('is not sent to who does not ask', async () => {
    expect((await (await open(worker)).callTool('work', { steps: 3 })).data).toBe('done')
  })
})

describeEras('log messages', (open) => {
  it('arrive at the level asked for, with their facts', async () => {
    const seen: LogEntry[] = []
    const client = await open(worker, { onLog: (entry) => seen.push(entry), logLevel: 'info' })
    await client.callTool('talk')
    expect(seen).toMatchObject([
      { level: 'info', data: 'plain' },
      { level: 'warning', data: { message: 'with facts', n: 1 } },
    ])
  })

  it('can be wanted for one call', async () => {
    const client = await open(worker, { logLevel: 'warning' })
    const seen: LogEntry[] = []
    await client.callTool('talk', {}, { onLog: (entry) => seen.push(entry) })
    await client.callTool('talk')
    expect(seen.map(({ level }) => level)).toEqual(['warning'])
  })
})
