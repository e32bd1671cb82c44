import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'

/** A server whose tool `wait` ends only with its signal; `reason` tells why. */
function waiting(timeout?: number) {
  let begin = (): void => undefined
  let end = (_: unknown): void => undefined
  const began = new Promise<void>((resolve) => {
    begin = resolve
  })
  const reason = new Promise<unknown>((resolve) => {
    end = resolve
  })
  const mcp = new FastMCP({ name: 'waiter', version: '1.0.0', onError: () => undefined })
  const options = { description: 'Waits', ...(timeout !== undefined && { timeout }) }
  mcp.tool('wait', options, (_, { signal }) => {
    begin()
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        end(signal.reason)
        reject(signal.reason)
      })
    })
  })
  return { mcp, began, reason }
}

// What the client does, cancelling and leaving, is tested in cancellation.test.ts.
describeEras('the signal of a call', (open) => {
  it('ends when the time of the tool is over', async () => {
    const { mcp, reason } = waiting(50)
    const client = await open(mcp)
    await expect(client.callTool('wait')).rejects.toThrow('did not finish within 50 ms')
    expect(await reason).toMatchObject({ code: 'TIMEOUT' })
  })
})

describe.each(['stateless', 'stateful'] as const)('the signal of a call in the %s era', (era) => {
  it('ends when a server on Node shuts down and the time for goodbyes is over', async () => {
    const { mcp, began, reason } = waiting()
    const listening = await mcp.listen({ port: 0, drainMs: 50 })
    await using client = await connect(listening.url, { era })
    const call = client.callTool('wait').catch((problem: Error) => problem)
    await began
    await listening.close()
    expect(await reason).toMatchObject({ message: 'The server is shutting down' })
    expect(await call).toBeInstanceOf(Error)
  })

  it('ends when a server under fetch is closed', async () => {
    const { mcp, began, reason } = waiting()
    const answer: typeof fetch = async (url, init) => mcp.fetch(new Request(url, init))
    await using client = await connect('http://localhost/mcp', { era, fetch: answer })
    const call = client.callTool('wait').catch((problem: Error) => problem)
    await began
    await mcp.close()
    expect(await reason).toMatchObject({ message: 'The server is shutting down' })
    expect(await call).toBeInstanceOf(Error)
  })
})
