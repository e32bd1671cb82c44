import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'

/** A server whose tool `wait` ends only when it is cancelled, and tells both. */
function waiting(): { readonly mcp: FastMCP; readonly began: Promise<void>; readonly cancelled: Promise<unknown> } {
  let begin = (): void => undefined
  let cancel = (_: unknown): void => undefined
  const began = new Promise<void>((resolve) => {
    begin = resolve
  })
  const cancelled = new Promise<unknown>((resolve) => {
    cancel = resolve
  })
  const mcp = new FastMCP({ name: 'waiter', version: '1.0.0', onError: () => undefined })
  mcp.tool('wait', { description: 'Waits' }, (_, { signal }) => {
    begin()
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        cancel(signal.reason)
        reject(signal.reason)
      })
    })
  })
  mcp.tool('ping', { description: 'Answers' }, () => 'pong')
  return { mcp, began, cancelled }
}

describeEras('a call that is cancelled', (open) => {
  it('rejects with the reason, and its handler hears of it', async () => {
    const { mcp, began, cancelled } = waiting()
    const client = await open(mcp)
    const abort = new AbortController()
    const reason = new Error('enough')
    const call = expect(client.callTool('wait', {}, { signal: abort.signal })).rejects.toBe(reason)
    await began
    abort.abort(reason)
    await call
    expect(await cancelled).toMatchObject({ code: 'CANCELLED' })
  })

  it('leaves the connection as it was', async () => {
    const { mcp, began, cancelled } = waiting()
    const client = await open(mcp)
    const abort = new AbortController()
    const call = client.callTool('wait', {}, { signal: abort.signal }).catch(() => undefined)
    await began
    abort.abort()
    await Promise.all([call, cancelled])
    expect((await client.callTool('ping')).data).toBe('pong')
  })

  it('before it began is never sent', async () => {
    const client = await open(waiting().mcp)
    const reason = new Error('never mind')
    await expect(client.callTool('ping', {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('by its time is cancelled on the server too', async () => {
    const { mcp, cancelled } = waiting()
    const client = await open(mcp)
    await expect(client.callTool('wait', {}, { timeout: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await cancelled).toBeInstanceOf(Error)
  })

  it('by a client that goes away is cancelled on the server too', async () => {
    const { mcp, began, cancelled } = waiting()
    const client = await open(mcp)
    const call = expect(client.callTool('wait')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await began
    await client.close()
    await call
    expect(await cancelled).toBeInstanceOf(Error)
  })
})
