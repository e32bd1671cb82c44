import { describe, expect, it } from 'vitest'
import { greeted, initializing, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, text } from '../../../tests/kit/stateless.ts'
import { McpError } from '../../protocol/errors.ts'
import { STATEFUL_REVISIONS } from './era.ts'

const INVALID_REQUEST = -32600

describe('the handshake', () => {
  it.each(STATEFUL_REVISIONS)('agrees on %s when the client asks for it', async (revision) => {
    const client = new TestClient(serve().era)
    const { result } = await client.initialize({ protocolVersion: revision })
    expect(result).toMatchObject({ protocolVersion: revision, serverInfo: { name: 'server' }, instructions: 'Ask.' })
  })

  it.each(['2026-07-28', '1.0.0', '', '__proto__'])(
    'offers the newest revision to a client that asks for "%s"',
    async (asked) => {
      const client = new TestClient(serve().era)
      expect((await client.initialize({ protocolVersion: asked })).result).toMatchObject({
        protocolVersion: STATEFUL_REVISIONS[0],
      })
    },
  )

  it('gives every client a session id of its own: 128 bits, visible ASCII', async () => {
    const { era } = serve()
    const ids = await Promise.all([1, 2, 3].map(async () => (await greeted(era)).sessionId ?? ''))
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('tells the server who the client is, and tools in every later request', async () => {
    const { app, era } = serve({ run: { 'tools/call': () => text('') } })
    const clientInfo = { name: 'desk', version: '3' }
    const client = await greeted(era, { clientInfo, capabilities: { roots: {} } })
    await client.request('tools/call', { name: 'work' })
    expect(app.calls[0]?.params).toEqual({ clientInfo })
    expect(app.calls[1]?.context.client).toEqual({ info: clientInfo, capabilities: { roots: {} } })
    expect(app.calls[1]?.context.sessionId).toBe(client.sessionId)
  })

  it('keeps from an older revision what it does not know', async () => {
    const identity = {
      name: 's',
      version: '1',
      title: 'S',
      description: 'd',
      websiteUrl: 'https://example.com',
      icons: [{ src: 'https://example.com/i.png' }],
    }
    const capabilities = { completions: {}, extensions: { a: {} }, tools: {} }
    const { era } = serve({ run: { initialize: () => ({ serverInfo: identity, capabilities }) } })
    const told = async (protocolVersion: string) => (await new TestClient(era).initialize({ protocolVersion })).result
    expect(await told('2025-11-25')).toEqual({ protocolVersion: '2025-11-25', serverInfo: identity, capabilities })
    expect(await told('2025-06-18')).toMatchObject({ serverInfo: { name: 's', version: '1', title: 'S' } })
    expect(await told('2025-03-26')).toEqual({
      protocolVersion: '2025-03-26',
      serverInfo: { name: 's', version: '1' },
      capabilities: { completions: {}, tools: {} },
    })
    expect(await told('2024-11-05')).toMatchObject({ capabilities: { tools: {} } })
    expect(await told('2024-11-05')).not.toHaveProperty('capabilities.completions')
  })

  it.each([
    ['no revision', { protocolVersion: undefined }],
    ['a revision that is no string', { protocolVersion: 1 }],
    ['capabilities that are no object', { capabilities: [] }],
    ['capabilities of megabytes', { capabilities: { experimental: { x: 'x'.repeat(100_000) } } }],
    ['a client without a name', { clientInfo: {} }],
    ['a client of megabytes', { clientInfo: { name: 'x'.repeat(100_000), version: '1' } }],
  ])('refuses %s in words, and begins no session', async (_, params) => {
    const client = new TestClient(serve().era)
    expect(await client.initialize(params)).toMatchObject({ id: 'init', error: { code: -32602 } })
    expect(client.sessionId).toBeUndefined()
  })

  it('forgives a client that says nothing of itself, and large icons', async () => {
    const { app, era } = serve({ run: { 'tools/call': () => text('') } })
    expect(await new TestClient(era).initialize({ capabilities: undefined, clientInfo: undefined })).toHaveProperty(
      'result',
    )
    const icons = [{ src: `data:image/png;base64,${'A'.repeat(50_000)}` }]
    const client = await greeted(era, { clientInfo: { name: 'a', version: '1', icons } })
    await client.request('tools/call', { name: 'work' })
    expect(app.calls.at(-1)?.context.client.info).toEqual({ name: 'a', version: '1' })
  })

  it('begins no session when the server cannot describe itself, and tells nobody why', async () => {
    const { app, era } = serve({
      run: {
        initialize: () => {
          throw new Error('secret')
        },
      },
    })
    const client = new TestClient(era)
    expect(await client.initialize()).toMatchObject({ error: { code: -32603, message: 'Internal error' } })
    expect(client.sessionId).toBeUndefined()
    expect(app.reports.map(({ message }) => message)).toEqual(['secret'])
  })

  it('sends nothing ahead of its answer', async () => {
    const { era, app } = serve({
      run: {
        initialize: ({ context }) => {
          context.notify('notifications/message', { level: 'error', data: 'x' })
          return { serverInfo: app.identity, capabilities: {} }
        },
      },
    })
    const seen = await new TestClient(era).post(initializing())
    expect(seen.isStream).toBe(false)
  })

  it('comes as an event stream to a client that takes nothing else', async () => {
    const seen = await new TestClient(serve().era).post(initializing(), { accept: 'text/event-stream' })
    expect(seen).toMatchObject({ isStream: true, body: { result: {} } })
    expect(seen.headers['mcp-session-id']).toBeDefined()
  })
})

describe('a session', () => {
  it('SES-02: is initialized once; a second time changes nothing', async () => {
    const { era, app } = serve({ run: { 'tools/call': () => text('') } })
    const client = await greeted(era, { capabilities: { roots: {} } })
    const again = initializing({ protocolVersion: '2024-11-05', capabilities: { sampling: {} } })
    expect(await client.post(again)).toMatchObject({ status: 400, body: { error: { code: INVALID_REQUEST } } })
    await client.request('tools/call', { name: 'work' })
    expect(app.calls.at(-1)?.context.client.capabilities).toEqual({ roots: {} })
    await client.delete()
    expect((await client.post(again)).status).toBe(404)
  })

  it.each([
    ['unknown', 'f'.repeat(32)],
    ['short', 'abc'],
    ['empty', ''],
    ['of 10 KB', 'a'.repeat(10_240)],
    ['two at once', `${'a'.repeat(32)}, ${'b'.repeat(32)}`],
  ])('SES-01: is not found under an id that is %s', async (_, id) => {
    const client = await greeted(serve().era)
    client.headers = { ...client.headers, 'mcp-session-id': id }
    const seen = [
      await client.request('tools/list'),
      await client.notify('notifications/initialized'),
      await client.get().seen,
      await client.delete(),
    ]
    expect(seen.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(new Set(seen.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('SES-01: is needed to listen and to end', async () => {
    const client = new TestClient(serve().era)
    expect((await client.get().seen).status).toBe(400)
    expect((await client.delete()).status).toBe(400)
  })

  it('takes notifications and responses without a word', async () => {
    const client = await greeted(serve().era)
    const { status, body } = await client.notify('notifications/initialized')
    expect([status, body]).toEqual([202, {}])
    expect((await client.notify('notifications/of/nobody')).status).toBe(202)
    expect((await client.post({ jsonrpc: '2.0', id: 7, result: {} })).status).toBe(202)
    expect((await client.post({ jsonrpc: '2.0', error: { code: 1, message: 'x' } })).status).toBe(202)
  })

  it('accepts every revision of the era in the header, and refuses others', async () => {
    const client = await greeted(serve().era)
    for (const revision of STATEFUL_REVISIONS) {
      expect((await client.request('ping', {}, { 'mcp-protocol-version': revision })).status).toBe(200)
    }
    for (const revision of ['2026-07-28', 'nonsense', '']) {
      const headers = { 'mcp-protocol-version': revision }
      const { status, body } = await client.request('ping', {}, headers)
      expect([status, body]).toMatchObject([400, { error: { code: INVALID_REQUEST } }])
      expect((await client.get(headers).seen).status).toBe(400)
      expect((await client.delete(headers)).status).toBe(400)
    }
  })

  it('ends when the client deletes it: nothing is left under its id', async () => {
    const client = await greeted(serve().era)
    expect((await client.delete()).status).toBe(204)
    expect((await client.delete()).status).toBe(404)
    expect((await client.request('ping')).status).toBe(404)
    expect((await client.get().seen).status).toBe(404)
  })

  it('ends what it was working on when it is deleted', async () => {
    const stuck = gate()
    let aborted: unknown
    const { era } = serve({
      run: {
        'tools/call': async ({ context }) => {
          context.signal.onabort = () => {
            aborted = context.signal.reason
          }
          await stuck.passed
          return text('late')
        },
      },
    })
    const client = await greeted(era)
    const { seen } = client.begin('POST', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work' } })
    await client.delete()
    expect(aborted).toBeInstanceOf(McpError)
    expect(await seen).toMatchObject({ isStream: true, body: {} })
    stuck.open()
  })
})
