import { describe, expect, it } from 'vitest'
import { greeted, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, text } from '../../../tests/kit/stateless.ts'
import { McpError } from '../../protocol/errors.ts'

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
