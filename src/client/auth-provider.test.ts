import type { AuthProvider } from '@modelcontextprotocol/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FastMCP, refuse } from '../index.ts'
import { connect } from './index.ts'

/** A server that lets in whoever has the token of the day. */
async function guarded() {
  const today = { token: 'monday' }
  const mcp = new FastMCP({
    name: 'guarded',
    version: '1.0.0',
    authenticate: (request) =>
      request.header('authorization') === `Bearer ${today.token}` ? { subject: 'ops' } : refuse(401),
  })
  mcp.tool('who', { description: 'Tells who calls' }, (_, ctx) => ctx.auth?.subject ?? 'nobody')
  const server = await mcp.listen({ port: 0 })
  onTestFinished(() => server.close())
  return { url: server.url, today }
}

describe.each(['stateless', 'stateful'] as const)('a provider of tokens in the %s era', (era) => {
  it('is asked for the token of every request', async () => {
    const { url } = await guarded()
    await using client = await connect(url, { era, authProvider: { token: async () => 'monday' } })
    expect((await client.callTool('who')).data).toBe('ops')
  })

  it('renews a token that the server does not take any more', async () => {
    const { url, today } = await guarded()
    let token = 'monday'
    const authProvider: AuthProvider = {
      token: async () => token,
      onUnauthorized: async () => {
        token = today.token
      },
    }
    await using client = await connect(url, { era, authProvider })
    today.token = 'tuesday'
    expect((await client.callTool('who')).data).toBe('ops')
    expect(token).toBe('tuesday')
  })

  it('that has none leaves the client unauthorized', async () => {
    const { url } = await guarded()
    const connecting = connect(url, { era, authProvider: { token: async () => undefined } })
    await expect(connecting).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
