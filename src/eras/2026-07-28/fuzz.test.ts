import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  application,
  eraOf,
  headersOf,
  type Json,
  META,
  type Run,
  receivedOf,
  request,
  TestExchange,
  TestWire,
  text,
} from '../../../tests/kit/stateless.ts'
import { ERROR_CODES } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { parseMessage } from '../../protocol/parse.ts'
import { type Answer, STREAMED } from '../exchange.ts'
import { claimsStateless } from './era.ts'

const run: Record<string, Run> = {
  'tools/list': () => ({ tools: [] }),
  'tools/call': () => text('done'),
  'resources/read': () => ({ contents: [] }),
  'prompts/get': () => ({ messages: [] }),
  'completion/complete': () => ({ completion: { values: [] } }),
}
const app = application({ run, later: true })
const era = eraOf(app)

const CODES: ReadonlySet<unknown> = new Set(Object.values(ERROR_CODES).map(({ rpc }) => rpc))
const STATUSES = [200, 202, 400, 404, 405, 406, 429, 503]
const METHODS = [
  ...Object.keys(run),
  'subscriptions/listen',
  'server/discover',
  'initialize',
  'notifications/cancelled',
  'ping',
]

/** Any JSON, and JSON that comes closer and closer to a request. */
const anyMessage: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
  fc.record(
    {
      jsonrpc: fc.constantFrom('2.0', '1.0', 2),
      id: fc.jsonValue(),
      method: fc.constantFrom(...METHODS),
      params: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
  fc
    .record({
      method: fc.constantFrom(...METHODS),
      params: fc.dictionary(fc.string(), fc.jsonValue()),
      meta: anyMeta(),
    })
    .map(({ method, params, meta }) => ({ ...request(method), params: { ...params, _meta: meta } })),
  fc
    .record({ method: fc.constantFrom(...METHODS), params: anyParams(), id: fc.oneof(fc.integer(), fc.string()) })
    .map(({ method, params, id }) => request(method, params, id)),
)

function anyMeta(): fc.Arbitrary<unknown> {
  const keys = [...Object.keys(META), 'io.modelcontextprotocol/logLevel', 'progressToken', '__proto__']
  const changes = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue())
  return fc.oneof(
    fc.jsonValue(),
    changes.map((change) => ({ ...META, ...change })),
  )
}

function anyParams(): fc.Arbitrary<Json> {
  const keys = ['name', 'uri', 'cursor', 'arguments', 'ref', 'argument', 'context', 'notifications', '__proto__']
  return fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.string(), fc.jsonValue()))
}

const anyHeader = fc.option(
  fc.oneof(fc.string(), fc.constantFrom('2026-07-28', 'tools/call', '=?base64?YQ==?=', '*/*')),
  {
    nil: undefined,
  },
)
const anyHeaders = fc.record(
  { accept: anyHeader, 'mcp-protocol-version': anyHeader, 'mcp-method': anyHeader, 'mcp-name': anyHeader },
  { requiredKeys: [] },
)

describe('whatever is sent', () => {
  it('over HTTP gets a legal answer, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, anyHeaders, async (message, headers) => {
        const body = JSON.stringify(message)
        const received = receivedOf(parseMessage(body))
        const sent = headersOf(isRecord(message) ? message : {}, headers)
        claimsStateless(received, sent.get('mcp-protocol-version'))
        const exchange = new TestExchange(body, sent)
        checkAnswer(await era.exchange(exchange, received), exchange)
        era.close()
      }),
      { numRuns: 2_000 },
    )
    expect(app.reports).toEqual([])
  })

  it('over a connection gets legal messages, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMessage, { maxLength: 5 }), async (messages) => {
        const wire = new TestWire()
        const line = era.connect(wire)
        for (const message of messages) line.receive(receivedOf(JSON.parse(JSON.stringify(message))))
        await new Promise((resolve) => setImmediate(resolve))
        expect(line.busy).toBe(false)
        line.close(new Error('over'))
        for (const message of wire.messages) checkMessage(message)
      }),
      { numRuns: 500 },
    )
    expect([app.reports, app.listeners.size]).toEqual([[], 0])
  })
})

function checkAnswer(answer: Answer, exchange: TestExchange): void {
  for (const message of exchange.messages) checkMessage(message)
  if (answer === STREAMED) {
    expect(exchange.frames.length).toBeGreaterThan(0)
    return
  }
  expect(STATUSES).toContain(answer.status)
  expect(answer.body === undefined).toBe(answer.status === 202 || answer.status === 405)
  const body: Json = JSON.parse(answer.body ?? 'null') ?? { jsonrpc: '2.0', method: 'none' }
  checkMessage(body)
  if (answer.status >= 400 && answer.body !== undefined) expect(body).toHaveProperty('error')
}

/** A notification, a complete result with an id, or an error under a known code: nothing else may leave. */
function checkMessage(message: Json): void {
  expect(message.jsonrpc).toBe('2.0')
  if (typeof message.method === 'string') expect(message).not.toHaveProperty('id')
  else if (isRecord(message.result)) expect([message.result.resultType, 'id' in message]).toEqual(['complete', true])
  else checkError(message.error as Json)
}

function checkError({ code, message }: Json): void {
  expect(CODES).toContain(code)
  expect(typeof message).toBe('string')
}
