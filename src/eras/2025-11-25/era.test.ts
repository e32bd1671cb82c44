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

describe('a request', () => {
  const call = { jsonrpc: '2.0', id: 'a"1', method: 'tools/call', params: { name: 'work' } }

  it('is answered without a promise where the server needs none, in a session and without', async () => {
    const { era } = serve({ run: { 'tools/call': () => text('done') } })
    for (const client of [new TestClient(era), await greeted(era)]) {
      const { answer, seen } = client.begin('POST', call)
      expect(answer).not.toBeInstanceOf(Promise)
      expect((await seen).body).toEqual({ jsonrpc: '2.0', id: 'a"1', result: text('done') })
    }
  })

  it('needs no handshake', async () => {
    const { era, app } = serve({ run: { 'tools/list': () => ({ tools: [] }) } })
    const plain = new TestClient(era)
    plain.headers = { accept: '*/*' }
    expect(await plain.request('tools/list')).toMatchObject({
      status: 200,
      isStream: false,
      body: { result: { tools: [] } },
    })
    plain.headers = {}
    expect((await plain.request('ping')).body).toEqual({ jsonrpc: '2.0', id: 2, result: {} })
    expect(app.calls[0]?.context).toMatchObject({ sessionId: undefined, client: { info: undefined, capabilities: {} } })
    expect((await plain.notify('notifications/cancelled', { requestId: 1 })).status).toBe(202)
    expect((await plain.post({ jsonrpc: '2.0', id: 1, result: {} })).status).toBe(202)
  })

  it('without a handshake is served in the revision of its header', async () => {
    const link = { type: 'resource_link', uri: 'a:b', name: 'b' } as const
    const { era } = serve({ run: { 'tools/call': () => ({ content: [link] }) } })
    const plain = new TestClient(era)
    const blocks = async (headers = {}) => (await plain.post(call, headers)).body.result
    expect(await blocks()).toMatchObject({ content: [{ type: 'text' }] })
    expect(await blocks({ 'mcp-protocol-version': '2025-06-18' })).toMatchObject({ content: [link] })
    expect((await plain.post(call, { 'mcp-protocol-version': '2023-01-01' })).status).toBe(400)
  })

  it.each([
    ['application/json', 200, false],
    ['text/event-stream', 200, true],
    ['application/*', 200, false],
    ['text/html, */*;q=0.1', 200, false],
    ['text/html', 406, false],
    ['application/json;q=0', 406, false],
  ])('with Accept %s is answered with %i', async (accept, status, isStream) => {
    const client = await greeted(serve().era)
    expect(await client.request('ping', {}, { accept })).toMatchObject({ status, isStream })
  })

  it('for an unknown method is answered in words, whatever its name', async () => {
    const { era } = serve()
    for (const client of [new TestClient(era), await greeted(era)]) {
      for (const method of [
        'nope',
        '__proto__',
        'constructor',
        'server/discover',
        'subscriptions/listen',
        '',
        'x'.repeat(1e6),
      ]) {
        const { status, body } = await client.request(method)
        expect([status, body]).toMatchObject([200, { error: { code: -32601 } }])
        expect(JSON.stringify(body).length).toBeLessThan(300)
      }
    }
  })

  it('that is no message is refused', async () => {
    const client = await greeted(serve().era)
    expect(await client.post({ jsonrpc: '2.0', id: 5 })).toMatchObject({
      status: 400,
      body: { id: 5, error: { code: -32600 } },
    })
    expect((await client.post({ jsonrpc: '2.0', id: null, method: 'ping' })).body).not.toHaveProperty('id')
  })

  it.each([
    ['tools/call', undefined],
    ['tools/call', { name: 1 }],
    ['tools/call', { name: 'a', arguments: [] }],
    ['tools/call', { name: 'a', arguments: null }],
    ['tools/call', { name: '\ud800' }],
    ['tools/list', { cursor: 5 }],
    ['resources/read', { uri: {} }],
    ['resources/read', { uri: 'a:\udc00' }],
    ['prompts/get', { name: 'a', arguments: { b: 1 } }],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'a' }, argument: { name: 'a', value: '' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'a' } }],
    ['resources/subscribe', {}],
    ['logging/setLevel', { level: 'loud' }],
  ])('%s with %j is refused before the server sees it', async (method, params) => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { status, body } = await client.request(method, params)
    expect([status, body]).toMatchObject([200, { error: { code: -32602 } }])
    expect(app.calls).toHaveLength(1)
  })

  it('with an id in flight is refused; the first one is not harmed', async () => {
    const stuck = gate()
    const { era } = serve({ run: { 'tools/call': () => stuck.passed.then(() => text('first')) } })
    const client = await greeted(era)
    const first = client.post(call)
    expect(await client.post(call)).toMatchObject({ status: 400, body: { id: 'a"1', error: { code: -32600 } } })
    expect((await client.post({ ...call, id: 'other', method: 'ping' })).status).toBe(200)
    stuck.open()
    expect((await first).body).toMatchObject({ result: text('first') })
    expect((await client.post(call)).status).toBe(200)
  })

  it('of one session does not meet one of another with the same id', async () => {
    const stuck = gate()
    const { era } = serve({
      run: { 'tools/call': ({ context }) => stuck.passed.then(() => text(context.sessionId ?? '')) },
    })
    const clients = [await greeted(era), await greeted(era)]
    const answers = clients.map((client) => client.post(call))
    stuck.open()
    const given = (await Promise.all(answers)).map(({ body }) => body.result)
    expect(given).toEqual(clients.map(({ sessionId }) => text(sessionId ?? '')))
  })

  it('is answered with errors of this era', async () => {
    const fail = (problem: unknown) => () => Promise.reject(problem)
    const { era, app } = serve({
      run: {
        'resources/read': fail(new McpError('RESOURCE_NOT_FOUND', 'gone', { data: { uri: 'a:b' } })),
        'prompts/get': fail(new McpError('MISSING_CLIENT_CAPABILITY', 'needs sampling')),
        'tools/list': fail(new McpError('UNSUPPORTED_PROTOCOL_VERSION', 'x', { data: { n: 1n } })),
        'prompts/list': fail(new McpError('HEADER_MISMATCH', 'x')),
        'resources/list': fail('a secret'),
        'tools/call': () => ({ content: [], structuredContent: { n: 1n } }),
        'resources/templates/list': () => undefined as never,
      },
    })
    const client = await greeted(era)
    const code = async (method: string, params = {}) => (await client.request(method, params)).body.error
    expect(await code('resources/read', { uri: 'a:b' })).toEqual({
      code: -32002,
      message: 'gone',
      data: { uri: 'a:b' },
    })
    expect(await code('prompts/get', { name: 'a' })).toEqual({ code: -32600, message: 'needs sampling' })
    expect(await code('tools/list')).toEqual({ code: -32600, message: 'x' })
    expect(await code('prompts/list')).toMatchObject({ code: -32600 })
    for (const method of ['resources/list', 'tools/call', 'resources/templates/list']) {
      expect(await code(method, { name: 'a' })).toEqual({ code: -32603, message: 'Internal error' })
    }
    expect(app.reports).toHaveLength(3)
  })
})

describe('messages ahead of an answer', () => {
  const working = (parts: { level?: string } = {}) =>
    serve({
      run: {
        'tools/call': async ({ context }) => {
          context.progress(1, 2, 'half')
          context.log.debug('small')
          context.log.info('said', { n: 1 })
          context.notify('notifications/message', { level: 'debug', data: 'direct' })
          await Promise.resolve(parts)
          return text('done')
        },
      },
    })
  const params = { name: 'work', _meta: { progressToken: 'p' } }
  const methods = (seen: { exchange: { messages: Record<string, unknown>[] } }) =>
    seen.exchange.messages.map(({ method, result }) => method ?? result)

  it('open a stream, in order, with the answer last', async () => {
    const client = await greeted(working().era)
    const seen = await client.request('tools/call', params)
    expect(methods(seen)).toEqual(['notifications/progress', 'notifications/message', text('done')])
    expect(seen.exchange.messages[0]?.params).toEqual({ progressToken: 'p', progress: 1, total: 2, message: 'half' })
    expect(seen.exchange.messages[1]?.params).toEqual({ level: 'info', data: { message: 'said', n: 1 } })
    expect(seen.exchange.isClosed).toBe(true)
    expect(seen.headers).toEqual({ 'x-accel-buffering': 'no' })
  })

  it('follow the level that the session has set', async () => {
    const client = await greeted(working().era)
    const levelled = async (level: string) => {
      expect((await client.request('logging/setLevel', { level })).body).toMatchObject({ result: {} })
      return methods(await client.request('tools/call', { name: 'work' }))
    }
    expect(await levelled('debug')).toEqual([...Array(3).fill('notifications/message'), text('done')])
    expect(await levelled('error')).toEqual([])
  })

  it('are missed by a client that takes JSON only', async () => {
    const client = await greeted(working().era)
    const seen = await client.request('tools/call', params, { accept: 'application/json' })
    expect(seen).toMatchObject({ isStream: false, body: { result: text('done') } })
  })

  it('come to a guest only as far as it asked for them', async () => {
    const guest = new TestClient(working().era)
    expect((await guest.request('tools/call', { name: 'work' })).isStream).toBe(false)
    expect(methods(await guest.request('tools/call', params))).toEqual(['notifications/progress', text('done')])
  })

  it('have no message in their progress before there was one', async () => {
    const client = await greeted(working().era, { protocolVersion: '2024-11-05' })
    const seen = await client.request('tools/call', params)
    expect(seen.exchange.messages[0]?.params).toEqual({ progressToken: 'p', progress: 1, total: 2 })
  })

  it('that are no JSON are reported and harm nothing', async () => {
    const { era, app } = serve({
      run: {
        'tools/call': ({ context }) => {
          context.log.info('big', { n: 1n })
          return text('done')
        },
      },
    })
    const client = await greeted(era)
    expect((await client.request('tools/call', params)).body.result).toEqual(text('done'))
    expect(app.reports).toHaveLength(1)
  })

  it('end with the answer', async () => {
    const notes: (() => void)[] = []
    const { era } = serve({
      run: {
        'tools/call': ({ context }) => {
          context.log.info('before')
          notes.push(() => context.log.info('after'))
          return text('done')
        },
      },
    })
    const client = await greeted(era)
    const seen = await client.request('tools/call', params)
    for (const note of notes) note()
    expect(seen.exchange.messages).toHaveLength(2)
  })
})

describe('without a session', () => {
  it.each([
    ['resources/subscribe', { uri: 'a:b' }],
    ['resources/unsubscribe', { uri: 'a:b' }],
    ['logging/setLevel', { level: 'info' }],
  ])('%s says that it needs one', async (method, params) => {
    const { body } = await new TestClient(serve().era).request(method, params)
    expect(body.error).toMatchObject({ code: -32600, message: expect.stringContaining('initialize') })
  })
})
