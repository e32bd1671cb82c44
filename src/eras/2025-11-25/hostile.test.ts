import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greeted, Peer, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { type Json, receivedOf, text } from '../../../tests/kit/stateless.ts'
import { isRecord } from '../../protocol/json-rpc.ts'

const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'notifications/cancelled',
  'notifications/initialized',
  '__proto__',
]

const word = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '\ud800'))
const params = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(
    fc.constantFrom(
      'name',
      'uri',
      'arguments',
      'cursor',
      'level',
      'ref',
      'argument',
      '_meta',
      'protocolVersion',
      'requestId',
      'capabilities',
      'clientInfo',
      '__proto__',
    ),
    fc.oneof(word, fc.jsonValue(), fc.constant({ type: 'ref/prompt', name: 'a' })),
  ),
)
const envelope = fc.record(
  {
    jsonrpc: fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
    id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
    method: fc.oneof(fc.constantFrom(...METHODS), word),
    params,
    result: fc.jsonValue(),
    error: fc.jsonValue(),
  },
  { requiredKeys: ['jsonrpc'] },
)
const message = fc.oneof(fc.jsonValue(), envelope, fc.array(fc.oneof(envelope, fc.jsonValue()), { maxLength: 25 }))

const FORBIDDEN_CODES = [-32020, -32021, -32022]

function checkAnswer(answer: unknown): void {
  const all = Array.isArray(answer) ? answer : [answer]
  for (const each of all) {
    if (!isRecord(each) || Object.keys(each).length === 0) continue
    expect(each.jsonrpc).toBe('2.0')
    expect('result' in each).not.toBe('error' in each)
    const code = isRecord(each.error) ? each.error.code : 0
    expect(Number.isSafeInteger(code) && !FORBIDDEN_CODES.includes(code as number)).toBe(true)
  }
}

function busyServer() {
  return serve({
    run: {
      'tools/call': ({ context, params: given }) => {
        context.progress(1)
        return text(JSON.stringify(given))
      },
      'resources/read': async () => ({ contents: [] }),
    },
  })
}

describe('whatever is sent', () => {
  it('gets a legal answer over HTTP, in a session and without, and the next request is served', async () => {
    const { era } = busyServer()
    const clients = [new TestClient(era), await greeted(era), await greeted(era, { protocolVersion: '2025-03-26' })]
    await fc.assert(
      fc.asyncProperty(message, fc.constantFrom(...clients), async (sent, client) => {
        const { status, body } = await client.post(sent)
        expect([200, 202, 400]).toContain(status)
        if (status === 202) expect(body).toEqual({})
        else checkAnswer(body)
        expect((await client.request('ping')).body).toHaveProperty('result')
      }),
      { numRuns: 1_000 },
    )
    expect(({} as Json).polluted).toBeUndefined()
  })

  it('gets a legal answer over a connection, and the next request is served', async () => {
    const peer = new Peer()
    const line = busyServer().era.connect(peer)
    let next = 0
    await fc.assert(
      fc.asyncProperty(message, async (sent) => {
        const before = peer.messages.length
        expect(() => line.receive(receivedOf(sent))).not.toThrow()
        const id = `next-${++next}`
        const answer = peer.answer(id)
        line.receive(receivedOf({ jsonrpc: '2.0', id, method: 'ping' }))
        expect(await answer).toHaveProperty('result')
        for (const each of peer.messages.slice(before)) if (!('method' in each)) checkAnswer(each)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['mcp-session-id', 'mcp-protocol-version', 'accept', 'last-event-id'])(
    'in the header %s is answered',
    async (name) => {
      const client = await greeted(serve().era)
      await fc.assert(
        fc.asyncProperty(word, fc.constantFrom('POST', 'GET', 'DELETE'), async (value, verb) => {
          const sent = verb === 'POST' ? { jsonrpc: '2.0', id: 1, method: 'ping' } : undefined
          const begun = client.begin(verb, sent, { [name]: value })
          const { status } = await begun.seen
          expect([200, 204, 400, 404, 406, 409]).toContain(status)
          begun.exchange.hangUp()
          if (status === 204) await client.initialize()
        }),
        { numRuns: 200 },
      )
    },
  )

  it('FR-18: as a flood of notifications is dropped and leaves nothing', async () => {
    const { era, app } = serve()
    const peer = new Peer()
    const line = era.connect(peer)
    const flood = receivedOf({ jsonrpc: '2.0', method: 'notifications/nothing', params: { a: 1 } })
    for (let i = 0; i < 100_000; i++) line.receive(flood)
    expect([peer.messages, app.calls, app.reports, line.busy]).toEqual([[], [], [], false])
  })

  it('a report that fails takes no request with it', async () => {
    const { app, era } = serve({ run: { 'tools/list': () => Promise.reject('x') } })
    Object.assign(app, {
      report: () => {
        throw new Error('disk full')
      },
    })
    expect((await new TestClient(era).request('tools/list')).body).toMatchObject({ error: { code: -32603 } })
  })
})
