import { describe, expect, it } from 'vitest'
import { FastMCP } from '../index.ts'
import { createTestClient } from './index.ts'

const mcp = new FastMCP({ name: 'tested', version: '1.0.0' })
mcp.tool('whoami', { description: 'Tells who is calling' }, (_, ctx) => ctx.auth?.subject ?? 'nobody')

describe('a test client', () => {
  it.each(['stateless', 'stateful'] as const)('speaks the %s era', async (era) => {
    await using client = await createTestClient(mcp, { era })
    expect(client.era).toBe(era)
    expect((await client.callTool('whoami')).data).toBe('nobody')
  })

  it('takes the newest era by itself', async () => {
    await using client = await createTestClient(mcp)
    expect(client.era).toBe('stateless')
  })

  it.each(['stateless', 'stateful'] as const)('is who it is said to be in the %s era', async (era) => {
    await using alice = await createTestClient(mcp, { era, auth: { subject: 'alice' } })
    await using bob = await createTestClient(mcp, { era, auth: { subject: 'bob' } })
    expect((await alice.callTool('whoami')).data).toBe('alice')
    expect((await bob.callTool('whoami')).data).toBe('bob')
  })
})
