import { describe, expect, it } from 'vitest'
import { headersOf, META } from '../../tests/kit/stateless.ts'
import { FastMCP } from '../fastmcp.ts'
import { McpError } from '../protocol/errors.ts'
import { turnedAway } from './turned-away.ts'

const secondsFor = (data: unknown): string | undefined =>
  turnedAway(new McpError('RATE_LIMITED', 'Not now', { data }))?.headers['retry-after']

describe('what HTTP says of too much to do', () => {
  it('is a status of its own, and no other error has one', () => {
    expect(turnedAway(new McpError('RATE_LIMITED', 'x'))).toEqual({ status: 429, headers: { 'retry-after': '1' } })
    expect(turnedAway(new McpError('OVERLOADED', 'x'))?.status).toBe(503)
    for (const code of ['INTERNAL_ERROR', 'TIMEOUT', 'CANCELLED', 'INVALID_PARAMS'] as const) {
      expect(turnedAway(new McpError(code, 'x'))).toBeUndefined()
    }
  })

  it.each([
    [{ retryAfterMs: 2_500 }, '3'],
    [{ retryAfterMs: 0 }, '1'],
    [{ retryAfterMs: -1 }, '1'],
    [{ retryAfterMs: Number.NaN }, '1'],
    [{ retryAfterMs: Number.POSITIVE_INFINITY }, '86400'],
    [{ retryAfterMs: 1e18 }, '86400'],
    [{ retryAfterMs: '\r\nSet-Cookie: a=b' }, '1'],
    [undefined, '1'],
    [null, '1'],
    ['soon', '1'],
  ])('and when to come again, whatever the layer gave: %j', (data, seconds) => {
    expect(secondsFor(data)).toBe(seconds)
  })
})

describe('a call that has begun to answer', () => {
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
  mcp.tool('work', { description: 'Works, then gives up' }, (_, ctx) => {
    ctx.progress(1, 2)
    throw new McpError('OVERLOADED', 'Not now')
  })
  const post = (message: object, headers: Iterable<readonly [string, string]> = []): Promise<Response> => {
    const all = new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' })
    for (const [name, value] of headers) all.set(name, value)
    const init = { method: 'POST', headers: all, body: JSON.stringify(message) }
    return mcp.fetch(new Request('http://localhost/mcp', init))
  }
  const messageWith = (meta: object) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'work', _meta: meta },
  })

  it('says it in the stream, where no status can be any more', async () => {
    const token = { progressToken: 'p' }
    const modern = messageWith({ ...META, ...token })
    for (const response of [await post(messageWith(token)), await post(modern, headersOf(modern))]) {
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
      expect(await response.text()).toContain('"error":{"code":1503,"message":"Not now"}')
    }
  })

  it('says it by its status where nothing was sent', async () => {
    const modern = messageWith(META)
    for (const response of [await post(messageWith({})), await post(modern, headersOf(modern))]) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await response.json()).toMatchObject({ id: 1, error: { code: 1503 } })
    }
  })

  it('keeps the answers of a batch together', async () => {
    const headers = new Map([['mcp-protocol-version', '2025-03-26']])
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' }
    const response = await post([messageWith({}), ping], headers)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject([
      { id: 1, error: { code: 1503 } },
      { id: 2, result: {} },
    ])
  })
})
