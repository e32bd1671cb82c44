import { FastMCP, McpError } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'

describeEras('a call that a layer turns away', (open) => {
  it.each(['RATE_LIMITED', 'OVERLOADED'] as const)('fails with %s, and the next one may not', async (code) => {
    let isFull = true
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
    mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
    mcp.use('tools/call', (_, next) => {
      if (isFull) throw new McpError(code, 'The shop is full', { data: { retryAfterMs: 1_500 } })
      return next()
    })
    const client = await open(mcp)
    await expect(client.callTool('hello')).rejects.toMatchObject({ code })
    isFull = false
    expect((await client.callTool('hello')).text).toBe('Hello')
  })
})
