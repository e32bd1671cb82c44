import { describe, expect, it } from 'vitest'
import { greeted, initializing, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, type Json, TestWire, text } from '../../../tests/kit/stateless.ts'

const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' })
const pings = (count: number) => Array.from({ length: count }, (_, id) => ping(id))
const BATCHES = { protocolVersion: '2025-03-26' }

describe('a batch', () => {
  it.each([1, 2, 20])('FR-14: of %i messages is answered as an array, in order', async (count) => {
    const { era } = serve()
    for (const client of [new TestClient(era), await greeted(era, BATCHES)]) {
      const { answer, seen } = client.begin('POST', pings(count))
      expect(answer).not.toBeInstanceOf(Promise)
      expect((await seen).body).toEqual(pings(count).map(({ id }) => ({ jsonrpc: '2.0', id, result: {} })))
    }
  })

  it.each([
    ['of nothing', []],
    ['of 21', pings(21)],
    ['of 200,000', Array(200_000).fill(0)],
    ['with initialize in it', [ping(1), initializing()]],
  ])('FR-14: %s is refused as a whole', async (_, batch) => {
    const { era, app } = serve()
    for (const client of [new TestClient(era), await greeted(era, BATCHES)]) {
      const calls = app.calls.length
      const { status, body } = await client.post(batch)
      expect([status, body]).toMatchObject([400, { error: { code: -32600 } }])
      expect(app.calls).toHaveLength(calls)
    }
  })

  it.each(['2024-11-05', '2025-06-18', '2025-11-25'])('is refused at %s, which has none', async (protocolVersion) => {
    const { era } = serve()
    const client = await greeted(era, { protocolVersion })
    expect((await client.post([ping(1)])).status).toBe(400)
    expect((await new TestClient(era).post([ping(1)], { 'mcp-protocol-version': protocolVersion })).status).toBe(400)
  })

  it('answers what wants an answer, and each mistake by itself', async () => {
    const client = await greeted(serve().era, BATCHES)
    const { body } = await client.post([
      ping(1),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 9, result: {} },
      [ping(2)],
      5,
      { jsonrpc: '2.0', id: 3, method: 'nope' },
    ])
    const codes = (body as unknown as Json[]).map(({ id, error }) => [id, (error as Json | undefined)?.code])
    expect(codes).toEqual([
      [1, undefined],
      [undefined, -32600],
      [undefined, -32600],
      [3, -32601],
    ])
  })

  it('of notifications is taken without a word', async () => {
    const client = await greeted(serve().era, BATCHES)
    const { status, body } = await client.post([{ jsonrpc: '2.0', method: 'notifications/initialized' }])
    expect([status, body]).toEqual([202, {}])
  })

  it('is worked on side by side, and refuses an id that is in flight', async () => {
    const both = gate()
    let working = 0
    const { era } = serve({
      run: {
        'tools/call': async () => {
          working += 1
          if (working === 2) both.open()
          await both.passed
          return text('done')
        },
      },
    })
    const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'work' } })
    const client = await greeted(era, BATCHES)
    const { body } = await client.post([call(1), call(2), call(1)])
    expect(body).toMatchObject([
      { id: 1, result: {} },
      { id: 2, result: {} },
      { id: 1, error: { code: -32600 } },
    ])
  })

  it('whose work sends something ahead is answered one by one on the stream', async () => {
    const { era } = serve({
      run: {
        'tools/call': ({ context }) => {
          context.log.info('begun')
          return text('done')
        },
      },
    })
    const client = await greeted(era, BATCHES)
    const seen = await client.post([{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work' } }, ping(2)])
    expect(seen.exchange.messages.map(({ id }) => id)).toEqual([undefined, 1, 2])
    expect(seen.exchange.isClosed).toBe(true)
  })

  it('travels over a connection too', () => {
    const wire = new TestWire()
    const line = serve().era.connect(wire)
    line.receive({ kind: 'batch', elements: pings(2) })
    line.receive({ kind: 'batch', elements: [] })
    line.receive({ kind: 'batch', elements: [{ jsonrpc: '2.0', method: 'x' }] })
    expect(wire.messages).toMatchObject([[{ id: 0 }, { id: 1 }], { error: { code: -32600 } }])
  })
})
