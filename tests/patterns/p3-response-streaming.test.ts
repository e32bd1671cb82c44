import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, vi } from 'vitest'
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
