import { describe, expect, it } from 'vitest'
import {
  ALL,
  application,
  eraOf,
  headersOf,
  type Json,
  META,
  post,
  REVISION,
  receivedOf,
  request,
  type Seen,
  TestExchange,
  text,
} from '../../../tests/kit/stateless.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'

const VERSION = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const INFO = 'io.modelcontextprotocol/clientInfo'

const tool: ToolDefinition = {
  name: 'query',
  inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } },
}
const app = application({
  tools: [tool],
  run: { 'tools/call': () => text('ran'), 'tools/list': () => ({ tools: [] }) },
})
const era = eraOf(app)

/** The code and status of what a client sees; status alone for a good answer. */
function verdict({ status, body }: Seen): readonly unknown[] {
  const error = body.error as Json | undefined
  return error === undefined ? [status] : [error.code, status]
}

function call(meta: Json | undefined, params: Json = { name: 'query', arguments: { region: 'us' } }): Json {
  return {
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: meta === undefined ? params : { ...params, _meta: meta },
  }
}

describe('the ladder: the first failure is the one that is told', () => {
  const good = { ...META }
  const wrong = { 'mcp-protocol-version': '2099-01-01', 'mcp-method': 'x', 'mcp-name': 'y', accept: 'text/html' }

  it.each([
    ['form of the answer', call({}), wrong, [-32600, 406]],
    ['envelope', call({}), { ...wrong, accept: '*/*' }, [-32602, 400]],
    ['version header against body', call(good), { ...wrong, accept: '*/*' }, [-32020, 400]],
    [
      'method header against body, before the revision',
      call({ ...good, [VERSION]: '2099-01-01' }),
      { ...wrong, accept: '*/*' },
      [-32020, 400],
    ],
    [
      'revision, before headers that are missing',
      call({ ...good, [VERSION]: '2099-01-01' }),
      { 'mcp-protocol-version': undefined, 'mcp-method': undefined, 'mcp-name': undefined },
      [-32022, 400],
    ],
    [
      'version header missing',
      call(good),
      { 'mcp-protocol-version': undefined, 'mcp-method': undefined },
      [-32020, 400],
    ],
    ['method header missing', call(good), { 'mcp-method': undefined, 'mcp-name': 'y' }, [-32020, 400]],
    ['name header missing', call(good), { 'mcp-name': undefined }, [-32020, 400]],
    ['name header against body', call(good), { 'mcp-name': 'y' }, [-32020, 400]],
    ['argument header missing', call(good), {}, [-32020, 400]],
    ['nothing', call(good), { 'mcp-param-region': 'us' }, [200]],
  ] as const)('%s', async (_, message, headers, expected) => {
    expect(verdict(await post(era, message as Json, { headers }))).toEqual(expected)
  })

  it('tells a wrong header before a method that does not exist, and that before its parameters', async () => {
    const unknown = request('nothing/here', { cursor: 7 })
    expect(verdict(await post(era, unknown, { headers: { 'mcp-method': 'other' } }))).toEqual([-32020, 400])
    expect(verdict(await post(era, unknown))).toEqual([-32601, 404])
  })

  it('runs nothing before it is climbed', async () => {
    app.calls.length = 0
    await post(era, call(good), { headers: { 'mcp-param-region': 'eu' } })
    await post(era, call({}))
    expect(app.calls).toEqual([])
  })
})

describe('the envelope', () => {
  const list = (meta: unknown): Json => ({ jsonrpc: '2.0', id: 'a', method: 'tools/list', params: { _meta: meta } })

  it('may leave out who the client is', async () => {
    const { [INFO]: _, ...anonymous } = META
    expect(verdict(await post(era, list(anonymous)))).toEqual([200])
  })

  it.each([
    ['no params', undefined],
    ['no _meta', {}],
    ['_meta that is a list', { _meta: [] }],
    ['_meta that is null', { _meta: null }],
  ])('is missing with %s', async (_, params) => {
    const seen = await post(era, { jsonrpc: '2.0', id: 'a', method: 'tools/list', params }, { headers: {} })
    expect(verdict(seen)).toEqual([-32602, 400])
    expect(seen.body.id).toBe('a')
    expect((seen.body.error as Json).message).toContain(VERSION)
  })

  it.each([
    [VERSION, [undefined, null, 7, {}, ['2026-07-28']]],
    [CAPABILITIES, [undefined, null, 'all', [], { sampling: true }, { roots: [] }, { sampling: { tools: 1 } }]],
    [CAPABILITIES, [{ elicitation: { url: 'yes' } }, { experimental: { a: 1 } }, { extensions: { 'a/b': null } }]],
    [INFO, [null, 'me', {}, { name: 'a' }, { name: 1, version: '1' }]],
    ['io.modelcontextprotocol/logLevel', [null, 'verbose', 3, 'INFO']],
    ['progressToken', [null, {}, 1.5, true]],
  ])('is refused with a malformed %s, which is named', async (key, values) => {
    for (const value of values) {
      const seen = await post(era, list({ ...META, [key]: value }))
      expect(verdict(seen)).toEqual([-32602, 400])
      expect((seen.body.error as Json).message).toContain(key)
    }
  })

  it('may declare what we do not know', async () => {
    const capabilities = { future: 'thing', sampling: { unknown: 1 }, elicitation: {}, roots: { listChanged: true } }
    expect(verdict(await post(era, list({ ...META, [CAPABILITIES]: capabilities, 'com.example/x': 1 })))).toEqual([200])
  })
})

describe('the revision', () => {
  it.each(['v999.0.0', '2025-11-25', '2026-07-29', '', 'x'.repeat(10_000)])(
    '%.12s is not spoken here',
    async (version) => {
      const meta = { ...META, [VERSION]: version }
      const seen = await post(
        era,
        { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta } },
        {
          headers: { 'mcp-protocol-version': version },
        },
      )
      expect(verdict(seen)).toEqual([-32022, 400])
      expect((seen.body.error as Json).data).toEqual({ supported: ALL, requested: version.slice(0, 100) })
    },
  )

  it('has no handshake: a header that brings one here is wrong, and with an envelope there is no such method', async () => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } }
    expect(verdict(await post(era, { jsonrpc: '2.0', id: 1, method: 'initialize', params }))).toEqual([-32020, 400])
    expect(verdict(await post(era, request('initialize', params)))).toEqual([-32601, 404])
  })
})

describe('header and body', () => {
  const read = request('resources/read', { uri: 'test://a' })

  it.each([
    ['mcp-protocol-version', `\t${REVISION} `],
    ['mcp-method', ' tools/call'],
    ['mcp-name', '  query\t '],
    ['mcp-name', '=?base64?cXVlcnk=?='],
  ])('agree in %s as "%s"', async (name, value) => {
    const seen = await post(era, call(META), { headers: { [name]: value, 'mcp-param-region': 'us' } })
    expect(verdict(seen)).toEqual([200])
  })

  it.each([
    ['mcp-protocol-version', `${REVISION}, ${REVISION}`],
    ['mcp-protocol-version', ''],
    ['mcp-method', 'TOOLS/CALL'],
    ['mcp-method', 'tools/call, tools/call'],
    ['mcp-method', '=?base64?dG9vbHMvY2FsbA==?='],
    ['mcp-name', 'Query'],
    ['mcp-name', 'query, query'],
    ['mcp-name', ''],
    ['mcp-name', '=?base64?cXVlcnk?='],
    ['mcp-name', 'qu\u00e9ry'],
  ])('disagree in %s as "%s"', async (name, value) => {
    const seen = await post(era, call(META), { headers: { [name]: value, 'mcp-param-region': 'us' } })
    expect(verdict(seen)).toEqual([-32020, 400])
    expect(seen.body.id).toBe(7)
  })

  it('repeat the URI of a read and the name of a prompt', async () => {
    expect(verdict(await post(era, read, { headers: { 'mcp-name': 'test://b' } }))).toEqual([-32020, 400])
    expect(verdict(await post(era, read, { headers: { 'mcp-name': undefined } }))).toEqual([-32020, 400])
    const prompt = request('prompts/get', { name: '世界' })
    expect(verdict(await post(era, prompt, { headers: { 'mcp-name': '世界' } }))).toEqual([-32020, 400])
  })

  it('need no name where the body has none: that is told as what it is', async () => {
    const nameless = call(META, { name: 7 })
    expect(verdict(await post(era, nameless))).toEqual([-32602, 200])
    expect(verdict(await post(era, nameless, { headers: { 'mcp-name': '=?base64?x?=' } }))).toEqual([-32020, 400])
  })

  it('are held against each other also where the tool is found by promise', async () => {
    const slow = eraOf(application({ tools: [tool], later: true, run: { 'tools/call': () => text('ran') } }))
    expect(verdict(await post(slow, call(META)))).toEqual([-32020, 400])
    expect(verdict(await post(slow, call(META), { headers: { 'mcp-param-region': 'us' } }))).toEqual([200])
  })

  it('fail the call when the tool cannot be looked up: nothing runs unchecked', async () => {
    for (const toolNamed of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down')
      },
    ]) {
      const broken = { ...application({ run: { 'tools/call': () => text('ran') } }), toolNamed }
      const seen = await post(eraOf(broken), call(META))
      expect(verdict(seen)).toEqual([-32603, 200])
      expect(JSON.stringify(seen.body)).not.toContain('down')
      expect(broken.reports).toHaveLength(1)
      expect(broken.calls).toEqual([])
    }
  })
})

describe('what is no request', () => {
  const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
  const stamped = { ...note, params: { ...note.params, _meta: META } }

  it('is accepted as a notification, without a body', async () => {
    const answer = era.exchange(new TestExchange('', headersOf(note)), receivedOf(note))
    expect(answer).toEqual({ status: 202 })
    expect(
      verdict(await post(era, stamped, { headers: { 'mcp-method': undefined, 'mcp-protocol-version': undefined } })),
    ).toEqual([202])
    expect(verdict(await post(era, { ...note, params: undefined }))).toEqual([202])
  })

  it('needs no whole envelope as a notification', async () => {
    expect(verdict(await post(era, { ...note, params: { _meta: { [CAPABILITIES]: {} } } }))).toEqual([202])
  })

  it.each([
    ['another version in the header', stamped, { 'mcp-protocol-version': '2025-11-25' }, -32020],
    ['another method in the header', stamped, { 'mcp-method': 'notifications/progress' }, -32020],
    ['another method in the header, without an envelope', note, { 'mcp-method': 'x' }, -32020],
    ['a newer version', note, { 'mcp-protocol-version': '2027-01-01' }, -32022],
    ['a newer version and another method', note, { 'mcp-protocol-version': '2027-01-01', 'mcp-method': 'x' }, -32022],
    ['a version that is no text', { ...note, params: { _meta: { [VERSION]: 1, [CAPABILITIES]: {} } } }, {}, -32602],
  ])('is refused as a notification with %s', async (_, message, headers, code) => {
    const seen = await post(era, message, { headers })
    expect(verdict(seen)).toEqual([code, 400])
    expect(seen.body).not.toHaveProperty('id')
  })

  it('is refused as a batch, an answer or rubbish', async () => {
    for (const body of [
      [request('tools/list')],
      [],
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '1.0', id: 9 },
    ]) {
      expect(verdict(await post(era, body as Json, { headers: { 'mcp-method': undefined } }))).toEqual([-32600, 400])
    }
    expect((await post(era, { jsonrpc: '1.0', id: 9 })).body.id).toBe(9)
  })

  it('is not allowed without a message', () => {
    expect(era.exchange(new TestExchange('', new Map()), undefined)).toEqual({
      status: 405,
      headers: { allow: 'POST' },
    })
  })
})
