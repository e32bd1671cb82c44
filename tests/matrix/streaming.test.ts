import { FastMCP } from '@fastmcp/ts'
import type { LogEntry, Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, vi } from 'vitest'
import { mcp as batch } from '../../examples/patterns/g1-batch-with-progress.ts'
import { mcp as crawler } from '../../examples/patterns/g2-indeterminate-progress.ts'
import { cursors } from '../../examples/patterns/orders.ts'
import { mcp as orders } from '../../examples/patterns/p3-response-streaming.ts'

const latest = () => {
  const cursor = cursors.at(-1)
  if (cursor === undefined) throw new Error('No cursor was opened')
  return cursor
}

describeEras('P3: rows of a cursor', (open) => {
  it('arrive as they are read, the first before the last is read, and are the result', async () => {
    const client = await open(orders)
    const messages: (string | undefined)[] = []
    let readAtFirst = Number.POSITIVE_INFINITY
    const { data } = await client.callTool(
      'export_orders',
      {},
      {
        onProgress({ progress, total, message }) {
          if (messages.length === 0) readAtFirst = latest().position
          expect([progress, total]).toEqual([messages.push(message), undefined])
        },
      },
    )
    expect(readAtFirst).toBeLessThan(10_000)
    expect(messages).toHaveLength(10_000)
    expect(messages[0]).toBe('{"id":1,"total":0}')
    expect(data).toHaveLength(10_000)
    expect((data as unknown[])[9_999]).toEqual({ id: 10_000, total: (9_999 * 37) % 500 })
    expect(latest().isOpen).toBe(false)
  })

  it('are read no further when the call is cancelled, and the cursor is closed', async () => {
    const client = await open(orders)
    const abort = new AbortController()
    let seen = 0
    const call = client.callTool(
      'export_orders',
      {},
      { signal: abort.signal, onProgress: () => void (++seen === 3 && abort.abort(new Error('enough'))) },
    )
    await expect(call).rejects.toThrow('enough')
    await vi.waitFor(() => expect(latest().isOpen).toBe(false))
    expect(latest().position).toBeLessThan(10_000)
  })

  it('are the result alone for a client that wants nothing ahead of it', async () => {
    const client = await open(orders)
    const { data } = await client.callTool('export_orders', { from: 499 })
    expect(data).toHaveLength(20)
  })
})

describeEras('a tool that yields', (open) => {
  const talking = (): FastMCP => {
    const mcp = new FastMCP({ name: 'talker', version: '1.0.0', onError: () => undefined })
    mcp.tool('talk', { description: 'Yields' }, async function* () {
      yield 'one'
      yield { two: 2 }
      return 'said'
    })
    mcp.tool('both', { description: 'Yields and reports' }, async function* (_, ctx) {
      ctx.progress(50, 100)
      yield 'half'
      ctx.progress(100, 100)
    })
    mcp.tool('fail', { description: 'Fails half way' }, async function* () {
      yield 'one'
      throw new Error('secret')
    })
    return mcp
  }

  it('speaks by log messages to a client that listens to those', async () => {
    const heard: LogEntry[] = []
    const client = await open(talking, { onLog: (entry) => heard.push(entry), logLevel: 'info' })
    expect((await client.callTool('talk')).data).toBe('said')
    expect(heard).toMatchObject([
      { level: 'info', data: 'one' },
      { level: 'info', data: { two: 2 } },
    ])
  })

  it('keeps its parts out of the progress that it reports itself', async () => {
    const heard: LogEntry[] = []
    const told: Progress[] = []
    const client = await open(talking, { onLog: (entry) => heard.push(entry), logLevel: 'info' })
    const { data } = await client.callTool('both', {}, { onProgress: (progress) => told.push(progress) })
    expect(data).toEqual(['half'])
    expect(told).toEqual([
      { progress: 50, total: 100 },
      { progress: 100, total: 100 },
    ])
    expect(heard).toMatchObject([{ level: 'info', data: 'half' }])
  })

  it('fails like any other', async () => {
    const client = await open(talking)
    const result = await client.callTool('fail', {}, { throwOnError: false })
    expect([result.isError, result.text]).toEqual([true, expect.not.stringContaining('secret')])
  })
})

describeEras('G1: a batch', (open) => {
  const reports = async (tool: string, items: number): Promise<Progress[]> => {
    const seen: Progress[] = []
    const client = await open(batch)
    await client.callTool(tool, { items }, { onProgress: (progress) => seen.push(progress) })
    return seen
  }

  it('of 10,000 reports sends few, which grow, and the last one', async () => {
    const began = performance.now()
    const seen = await reports('import_items', 10_000)
    const seconds = Math.ceil((performance.now() - began) / 1000)
    expect(seen.length).toBeLessThanOrEqual(20 * seconds + 1)
    expect(seen.at(-1)).toEqual({ progress: 10_000, total: 10_000, message: 'Imported 10000 of 10000' })
    const values = seen.map(({ progress }) => progress)
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
  })

  it('with phases goes from 0 to 100 once', async () => {
    const seen = await reports('sync_items', 1000)
    const values = seen.map(({ progress }) => progress)
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
    expect(seen.at(-1)).toEqual({ progress: 100, total: 100, message: 'Saving' })
  })
})

describeEras('G2: work without a known end', (open) => {
  it('tells what it does, and no total', async () => {
    const seen: Progress[] = []
    const { data } = await (await open(crawler)).callTool('crawl', {}, { onProgress: (told) => seen.push(told) })
    expect(data).toEqual(['/', '/a', '/b', '/c'])
    expect(seen).toEqual([
      { progress: 1, message: 'Reading /' },
      { progress: 3, message: 'Reading /a' },
      { progress: 4, message: 'Reading /b' },
    ])
  })
})
