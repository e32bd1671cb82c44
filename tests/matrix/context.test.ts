import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

describeEras('what a handler knows of its request', (open, { era }) => {
  it('is its id, its client and what that can do', async () => {
    const mcp = new FastMCP({ name: 'knowing', version: '1.0.0' })
    mcp.tool('know', { description: 'Tells' }, (_, { requestId, client, auth, sessionId }) => ({
      requestId,
      info: client.info,
      can: (['elicitation', 'elicitation.url', 'sampling', 'sampling.tools', 'roots'] as const).map((ability) =>
        client.can(ability),
      ),
      auth: auth ?? null,
      session: typeof sessionId,
    }))
    const client = await open(mcp, {
      name: 'curious',
      version: '7.0.0',
      onElicit: () => ({}),
      elicitModes: ['form'],
      onSample: () => '',
    })
    const [one, other] = [await client.callTool('know'), await client.callTool('know')]
    expect(one.data).toMatchObject({
      info: { name: 'curious', version: '7.0.0' },
      can: [true, false, true, false, false],
      auth: null,
    })
    const ids = [one, other].map(({ data }) => (data as { requestId: number }).requestId)
    expect(new Set(ids).size).toBe(2)
    if (era === 'stateless') expect(one.data).toMatchObject({ session: 'undefined' })
  })

  it('can be told back by a notification of its own', async () => {
    const mcp = new FastMCP({ name: 'telling', version: '1.0.0' })
    mcp.tool('tell', { description: 'Tells' }, (_, ctx) => {
      ctx.notify('notifications/com.example/step', { n: 1, odd: '\r\n\u2028' })
      return 'told'
    })
    const client = await open(mcp)
    const heard: unknown[] = []
    client.official.fallbackNotificationHandler = async ({ method, params }) => {
      heard.push([method, params?.n, params?.odd])
    }
    expect((await client.callTool('tell')).data).toBe('told')
    await vi.waitFor(() => expect(heard).toEqual([['notifications/com.example/step', 1, '\r\n\u2028']]))
  })
})

describe.each(['stateless', 'stateful'] as const)('who calls over HTTP, and with what, %s', (era) => {
  it('is known to a handler, but for credentials', async () => {
    const mcp = new FastMCP({
      name: 'guarded',
      version: '1.0.0',
      authenticate: (request) => ({ subject: request.header('authorization')?.replace('Bearer ', '') ?? 'nobody' }),
    })
    mcp.tool('who', { description: 'Tells' }, (_, ctx) => ({
      subject: ctx.auth?.subject,
      tenant: ctx.header('X-Tenant'),
      shown: JSON.stringify(ctx.headers),
      hidden: ['authorization', 'cookie', 'x-api-key'].map((name) => ctx.header(name) ?? null),
    }))
    const { url, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    const headers = {
      authorization: 'Bearer canary-1',
      cookie: 'id=canary-2',
      'x-api-key': 'canary-3',
      'x-tenant': 'acme',
    }
    await using client = await connect(url, { era, headers })
    const { data } = await client.callTool<{ shown: string }>('who')
    expect(data).toMatchObject({ subject: 'canary-1', tenant: 'acme', hidden: [null, null, null] })
    expect(data?.shown).not.toContain('canary')
    expect(JSON.parse(data?.shown ?? '')).toMatchObject({ 'x-tenant': 'acme' })
  })
})
