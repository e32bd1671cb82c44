import { describe, expect, it } from 'vitest'
import {
  application,
  begin,
  eraOf,
  gate,
  type Json,
  META,
  type Parts,
  post,
  type Run,
  request,
  see,
  text,
} from '../../../tests/kit/stateless.ts'
import { McpError } from '../../protocol/errors.ts'

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel'

function serving(run: Record<string, Run>, parts: Parts = {}) {
  const app = application({ run, ...parts })
  return { app, era: eraOf(app) }
}

const callTool = (params: Json = {}, id: string | number = 1) => request('tools/call', { name: 'work', ...params }, id)

describe('an answer over HTTP', () => {
  it('comes at once, without a promise, where the server needs none', () => {
    const { era } = serving({ 'tools/call': () => text('done') })
    const { answer, exchange } = begin(era, callTool({}, 'call-"1"'))
    expect(answer).not.toBeInstanceOf(Promise)
    expect(see(answer as never, exchange).body).toMatchObject({
      id: 'call-"1"',
      result: { content: [{ type: 'text', text: 'done' }], resultType: 'complete' },
    })
  })

  it('tells the handler who asks, and nothing of other requests', async () => {
    const seen: unknown[] = []
    const { era } = serving({
      'tools/call': ({ context }) => {
        seen.push([context.requestId, context.client, context.auth, context.sessionId, context.header('X-Tenant')])
        return text('')
      },
    })
    const auth = { subject: 'ann' }
    await post(era, callTool(), { auth, headers: { 'x-tenant': 'acme', 'mcp-session-id': 'abc' } })
    await post(era, callTool({ _meta: { 'io.modelcontextprotocol/clientCapabilities': { sampling: {} } } }, 2))
    const info = META['io.modelcontextprotocol/clientInfo']
    expect(seen).toEqual([
      [1, { info, capabilities: {} }, auth, undefined, 'acme'],
      [2, { info, capabilities: { sampling: {} } }, undefined, undefined, undefined],
    ])
  })

  it('describes the server', async () => {
    const { era } = serving({})
    const { body } = await post(era, request('server/discover'))
    expect(body.result).toMatchObject({
      supportedVersions: ['2026-07-28', '2025-11-25'],
      ttlMs: 60_000,
      instructions: 'Ask.',
    })
  })

  it('is not found for methods that the revision or the server does not have', async () => {
    const { era } = serving({})
    const gone = [
      'initialize',
      'ping',
      'logging/setLevel',
      'resources/subscribe',
      'resources/unsubscribe',
      'tasks/list',
    ]
    for (const method of [...gone, '__proto__', 'constructor', '', 'x'.repeat(5_000), 'prompts/list', 'tools/list']) {
      const { status, body } = await post(era, request(method, {}, 'i'))
      expect([status, body.id, (body.error as Json).code]).toEqual([404, 'i', -32601])
      expect(String((body.error as Json).message).length).toBeLessThan(200)
    }
  })

  it.each([
    ['tools/list', { cursor: 7 }, 'cursor'],
    ['tools/list', { cursor: null }, 'cursor'],
    ['tools/call', {}, 'name'],
    ['tools/call', { name: 'a', arguments: [] }, 'arguments'],
    ['tools/call', { name: 'a', arguments: 'x' }, 'arguments'],
    ['tools/call', { name: 'a', arguments: null }, 'arguments'],
    ['resources/read', {}, 'uri'],
    ['prompts/list', { cursor: '\ud800' }, 'cursor'],
    ['prompts/get', { name: 'a', arguments: { n: 1 } }, '"n"'],
    ['completion/complete', {}, 'ref'],
    ['completion/complete', { argument: { name: 'a', value: 'b' } }, 'ref'],
    ['completion/complete', { argument: { name: 'a', value: 'b' }, ref: { type: 'ref/tool', name: 'a' } }, 'ref.type'],
    ['completion/complete', { argument: { name: 'a' }, ref: { type: 'ref/prompt', name: 'a' } }, 'value'],
    ['completion/complete', { argument: { name: 'a', value: '' }, ref: { type: 'ref/resource' } }, 'uri'],
  ])('says which parameter of %s is wrong: %j', async (method, params, name) => {
    const { app, era } = serving({ [method]: () => text('') })
    const { status, body } = await post(era, request(method, params))
    expect([status, (body.error as Json).code]).toEqual([200, -32602])
    expect((body.error as Json).message).toContain(name)
    expect(app.calls).toEqual([])
  })

  it('is in-band for what a handler says, whatever its code', async () => {
    const codes = [
      'INVALID_PARAMS',
      'RESOURCE_NOT_FOUND',
      'INTERNAL_ERROR',
      'METHOD_NOT_FOUND',
      'HEADER_MISMATCH',
    ] as const
    for (const code of codes) {
      const { era } = serving({
        'resources/read': async () => {
          throw new McpError(code, 'no', { data: { uri: 'test://a' } })
        },
      })
      const { status, body } = await post(era, request('resources/read', { uri: 'test://a' }))
      expect(status).toBe(200)
      expect(body.error).toMatchObject({ message: 'no', data: { uri: 'test://a' } })
    }
  })

  it('masks and reports what is no error of the protocol', async () => {
    for (const thrown of [new Error('secret'), 'secret', undefined, { toString: null }]) {
      for (const run of [
        () => {
          throw thrown
        },
        () => Promise.reject(thrown),
      ]) {
        const { app, era } = serving({ 'prompts/get': run })
        const { status, body } = await post(era, request('prompts/get', { name: 'a' }))
        expect([status, body.error]).toEqual([200, { code: -32603, message: 'Internal error' }])
        expect(app.reports).toHaveLength(1)
      }
    }
  })

  it('is an error when the result is no JSON', async () => {
    const { app, era } = serving({ 'tools/call': () => ({ content: [], structuredContent: 1n }) })
    const { body } = await post(era, callTool())
    expect(body.error).toMatchObject({ code: -32603 })
    expect(app.reports).toHaveLength(1)
  })
})

describe('a capability that the client did not declare', () => {
  it('has a status of its own', async () => {
    const data = { requiredCapabilities: { sampling: {} } }
    const { era } = serving({
      'tools/call': async () => {
        throw new McpError('MISSING_CLIENT_CAPABILITY', 'no sampling', { data })
      },
    })
    const { status, body } = await post(era, callTool())
    expect([status, body.error]).toEqual([400, { code: -32021, message: 'no sampling', data }])
  })
})

describe('messages ahead of an answer', () => {
  const chatty: Run = ({ context }) => {
    context.progress(1, 2, 'half')
    context.log.info('working', { step: 1 })
    context.log.debug('detail')
    context.progress(2, 2)
    return text('done')
  }

  it('make it a stream, in order, with the result last', async () => {
    const { era } = serving({ 'tools/call': chatty })
    const seen = await post(era, callTool({ _meta: { progressToken: 'p', [LOG_LEVEL]: 'info' } }))
    expect(seen.isStream).toBe(true)
    expect(seen.exchange.isClosed).toBe(true)
    expect(seen.exchange.streamHeaders).toEqual({ 'x-accel-buffering': 'no' })
    expect(seen.exchange.messages.map(({ method, params, id }) => [method, params ?? id])).toEqual([
      ['notifications/progress', { progressToken: 'p', progress: 1, total: 2, message: 'half' }],
      ['notifications/message', { level: 'info', data: { message: 'working', step: 1 } }],
      ['notifications/progress', { progressToken: 'p', progress: 2, total: 2 }],
      [undefined, 1],
    ])
    expect(seen.exchange.frames[0]).toMatch(/^event: message\ndata: .*\n\n$/)
  })

  it('are not sent to who did not ask for them', async () => {
    const { era } = serving({ 'tools/call': chatty })
    expect((await post(era, callTool())).isStream).toBe(false)
  })

  it('are about the request itself and nothing else', async () => {
    const { era } = serving({
      'tools/call': ({ context }) => {
        context.notify('notifications/message', { level: 'error', data: 'never asked for' })
        context.notify('notifications/progress', { progressToken: 'foreign', progress: 1 })
        context.notify('notifications/progress', { progress: 1 })
        context.notify('notifications/tools/list_changed')
        context.notify('notifications/resources/updated', { uri: 'test://a' })
        context.notify('notifications/cancelled', { requestId: 1 })
        context.notify('notifications/com.example/step', { n: 1 })
        return text('done')
      },
    })
    const { exchange } = await post(era, callTool({ _meta: { progressToken: 'mine' } }))
    expect(exchange.messages.map(({ method }) => method)).toEqual(['notifications/com.example/step', undefined])
  })

  it('that are no JSON are dropped and reported; the work goes on', async () => {
    const { app, era } = serving({
      'tools/call': ({ context }) => {
        context.log.error('bad', { n: 1n })
        return text('done')
      },
    })
    const { body } = await post(era, callTool({ _meta: { [LOG_LEVEL]: 'debug' } }))
    expect(body.result).toMatchObject({ content: [{ text: 'done' }] })
    expect(app.reports).toHaveLength(1)
  })

  it('that come after the answer go nowhere', async () => {
    let late: () => void = () => undefined
    const { era } = serving({
      'tools/call': ({ context }) => {
        late = () => context.progress(9)
        return text('done')
      },
    })
    const { exchange } = await post(era, callTool({ _meta: { progressToken: 1 } }))
    late()
    expect(exchange.frames).toEqual([])
  })

  it('keep the status of the stream when the call then fails', async () => {
    const { era } = serving({
      'tools/call': ({ context }) => {
        context.progress(1)
        throw new McpError('MISSING_CLIENT_CAPABILITY', 'no', { data: { requiredCapabilities: { roots: {} } } })
      },
    })
    const { isStream, body } = await post(era, callTool({ _meta: { progressToken: 1 } }))
    expect([isStream, (body.error as Json).code]).toEqual([true, -32021])

    const listing = serving({
      'tools/list': ({ context }) => {
        context.progress(1)
        throw new McpError('METHOD_NOT_FOUND', 'no tools')
      },
    })
    const listed = await post(listing.era, request('tools/list', { _meta: { progressToken: 1 } }))
    expect([listed.isStream, (listed.body.error as Json).code]).toEqual([true, -32601])
  })
})

describe('the form of an answer', () => {
  const run: Record<string, Run> = {
    'tools/call': ({ context }) => {
      context.progress(1)
      return text('done')
    },
  }
  const message = callTool({ _meta: { progressToken: 1 } })

  it('is JSON, without what would come ahead, for a client that takes no events', async () => {
    const seen = await post(serving(run).era, message, { headers: { accept: 'application/json' } })
    expect([seen.isStream, seen.exchange.frames]).toEqual([false, []])
  })

  it('is events for a client that takes nothing else, except for a refusal', async () => {
    const headers = { accept: 'text/event-stream' }
    const { era } = serving(run)
    const quiet = await post(era, callTool(), { headers })
    expect([quiet.isStream, quiet.exchange.messages]).toMatchObject([
      true,
      [{ id: 1, result: { resultType: 'complete' } }],
    ])
    expect(await post(era, request('nothing'), { headers })).toMatchObject({ isStream: false, status: 404 })
  })

  it('cannot be found for a client that takes neither', async () => {
    const { status, body } = await post(serving(run).era, message, { headers: { accept: 'text/html' } })
    expect([status, body.id, (body.error as Json).code]).toEqual([406, 1, -32600])
  })
})

describe('a client that goes away', () => {
  it('cancels the work and gets nothing more', async () => {
    let aborted: unknown
    const wait = gate()
    const { era } = serving({
      'tools/call': async ({ context }) => {
        context.signal.addEventListener('abort', () => {
          aborted = context.signal.reason
        })
        context.progress(1)
        await wait.passed
        context.progress(2)
        return text('too late')
      },
    })
    const { exchange, answer } = begin(era, callTool({ _meta: { progressToken: 1 } }))
    expect(exchange.frames).toHaveLength(1)
    exchange.hangUp()
    expect(aborted).toMatchObject({ code: 'CANCELLED' })
    wait.open()
    await answer
    expect(exchange.frames).toHaveLength(1)
  })

  it('has already cancelled what looks at the signal afterwards', async () => {
    const wait = gate()
    const { era } = serving({
      'tools/call': async ({ context }) => {
        await wait.passed
        return text(String(context.signal.aborted))
      },
    })
    const { exchange, answer } = begin(era, callTool())
    exchange.hangUp()
    wait.open()
    expect(see(await answer, exchange).body.result).toMatchObject({ content: [{ text: 'true' }] })
  })
})
