import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Client, connect } from './index.ts'

type Handle = (
  asked: { readonly id: unknown; readonly params: Params },
  response: ServerResponse,
  request: IncomingMessage,
) => void
interface Params {
  readonly _meta: Readonly<Record<string, unknown>>
}

/** A server of the stateless era that answers as `handle` does, and a client of it. */
async function facing(handle: Handle, options: Parameters<typeof connect>[1] = {}): Promise<Client> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body)
      if (method !== 'server/discover') return handle({ id, params }, response, request)
      const capabilities = { tools: {} }
      const result = { supportedVersions: ['2026-07-28'], capabilities, ttlMs: 0, cacheScope: 'private' }
      answer(response, { jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = (await connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, options)) as Client
  onTestFinished(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return client
}

function answer(response: ServerResponse, message: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(message))
}

const complete = (id: unknown, members: object): object => ({
  jsonrpc: '2.0',
  id,
  result: { resultType: 'complete', ...members },
})

/** Over Node's own HTTP, and over a `fetch` of the user's. */
for (const [over, options] of [
  ['node:http', {}],
  ['fetch', { fetch: (...args: Parameters<typeof fetch>) => fetch(...args) }],
] as const) {
  describe(`a request that is handed on over ${over}`, () => {
    it('says all that its era wants, and gives the result as it came', async () => {
      let seen: { headers: IncomingMessage['headers']; meta: unknown } | undefined
      const client = await facing(
        ({ id, params }, response, request) => {
          seen = { headers: request.headers, meta: params._meta }
          answer(response, complete(id, { content: [], 'x-unknown': { deep: [1] }, ttlMs: 5 }))
        },
        { ...options, headers: { 'x-own': 'own' } },
      )
      const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
      const params = { name: 'Jürgen', arguments: { region: ' é' }, _meta: { 'example.com/a': 1 } }
      const result = await client.forward('tools/call', params, {
        inputSchema,
        headers: { 'x-more': 'more' },
        meta: params._meta,
      })
      expect(result).toEqual({ content: [], 'x-unknown': { deep: [1] }, ttlMs: 5 })
      expect(seen?.headers).toMatchObject({
        'mcp-method': 'tools/call',
        'mcp-name': '=?base64?SsO8cmdlbg==?=',
        'mcp-param-region': '=?base64?IMOp?=',
        'mcp-protocol-version': '2026-07-28',
        'x-more': 'more',
        'x-own': 'own',
      })
      expect(seen?.meta).toMatchObject({ 'example.com/a': 1, 'io.modelcontextprotocol/clientCapabilities': {} })
    })

    it('hears what is told on its way, and of nobody else', async () => {
      const client = await facing(({ id, params }, response) => {
        const send = (message: object): unknown =>
          response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const { progressToken } = params._meta
        send({ method: 'notifications/progress', params: { progressToken: 'foreign', progress: 1 } })
        send({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2, message: 'half' } })
        send({ method: 'notifications/message', params: { level: 'info', logger: 'own', data: { a: 1 } } })
        send({ method: 'notifications/message', params: { level: 'none', data: 1 } })
        send({ method: 'notifications/acme', params: { x: 1 } })
        send(complete(id, { content: [] }))
        response.end()
      }, options)
      const told: unknown[] = []
      await client.forward(
        'tools/call',
        { name: 'x' },
        {
          logLevel: 'debug',
          onProgress: (each) => told.push(each),
          onLog: (each) => told.push(each),
          onNotification: (method, params) => told.push([method, params]),
        },
      )
      expect(told).toEqual([
        { progress: 1, total: 2, message: 'half' },
        { level: 'info', logger: 'own', data: { a: 1 } },
        ['notifications/acme', { x: 1 }],
      ])
    })

    it('gives questions as they came', async () => {
      const asked = { inputRequests: { a: { method: 'roots/list' } }, requestState: 's' }
      const client = await facing(({ id }, response) => {
        answer(response, { jsonrpc: '2.0', id, result: { resultType: 'input_required', ...asked } })
      }, options)
      expect(await client.forward('tools/call', { name: 'x' })).toEqual({ resultType: 'input_required', ...asked })
    })

    it.each<readonly [string, Handle, object]>([
      [
        'an error',
        ({ id }, response) =>
          answer(response, { jsonrpc: '2.0', id, error: { code: -32_050, message: 'no', data: 7 } }),
        { rpcCode: -32_050, message: 'no', data: 7 },
      ],
      [
        'an error with a status',
        ({ id }, response) => answer(response, { jsonrpc: '2.0', id, error: { code: -32_601, message: 'no' } }, 404),
        { code: 'METHOD_NOT_FOUND' },
      ],
      ['another id', (_, response) => answer(response, complete('other', {})), { code: 'INVALID_ANSWER' }],
      [
        'an unknown type of result',
        ({ id }, response) => answer(response, { jsonrpc: '2.0', id, result: { resultType: 'task' } }),
        { code: 'INVALID_ANSWER' },
      ],
      [
        'no type of result',
        ({ id }, response) => answer(response, { jsonrpc: '2.0', id, result: {} }),
        { code: 'INVALID_ANSWER' },
      ],
      [
        'no JSON',
        (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
        { code: 'INVALID_ANSWER' },
      ],
      [
        'a web page',
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
        { code: 'INVALID_ANSWER' },
      ],
      ['a refusal', (_, response) => response.writeHead(401).end(), { code: 'UNAUTHORIZED' }],
      ['a status', (_, response) => response.writeHead(503).end('busy'), { code: 'HTTP_ERROR', status: 503 }],
      [
        'too many',
        (_, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
        { code: 'RATE_LIMITED', retryAfter: 7_000 },
      ],
      [
        'a stream that ends',
        (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': x\n\n'),
        { code: 'CONNECTION_CLOSED' },
      ],
      ['a broken connection', (_, response) => void response.socket?.destroy(), { code: 'CONNECT_FAILED' }],
      ['silence', () => undefined, { code: 'TIMEOUT' }],
      [
        'more than may be',
        (_, response) =>
          void response.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(17_000_000)),
        { code: 'TOO_LARGE' },
      ],
    ])('fails with a known error for %s', async (_, handle, expected) => {
      const client = await facing(handle, options)
      await expect(client.forward('tools/call', { name: 'x' }, { timeout: 400 })).rejects.toMatchObject(expected)
    })

    it('is given up by its signal, also at the server, with the reason of the signal', async () => {
      let isGone = false
      const client = await facing((_, response) => void response.on('close', () => (isGone = true)), options)
      const gaveUp = new AbortController()
      const failure = client
        .forward('tools/call', { name: 'x' }, { signal: gaveUp.signal })
        .catch((problem) => problem.message)
      setTimeout(() => gaveUp.abort(new Error('enough')), 50)
      expect(await failure).toBe('enough')
      await expect.poll(() => isGone).toBe(true)
    })

    it('ends with its client', async () => {
      const client = await facing(() => undefined, options)
      const failure = client.forward('tools/call', { name: 'x' }).catch((problem) => problem.code)
      setTimeout(() => void client.close(), 50)
      expect(await failure).toBe('CONNECTION_CLOSED')
    })
  })
}
