import { describe, expect, it } from 'vitest'
import {
  application,
  gate,
  headersOf,
  type Json,
  REVISION,
  request,
  TestExchange,
  TestWire,
  text,
} from '../../tests/kit/stateless.ts'
import { ERA_OPTIONS } from './era.ts'
import { createEras } from './negotiate.ts'

const handshake = {
  jsonrpc: '2.0',
  id: 'hello',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } },
}

function serve() {
  const slow = gate()
  const aborted: unknown[] = []
  const app = application({
    run: {
      initialize: () => ({ serverInfo: { name: 'server', version: '2.0.0' }, capabilities: {} }),
      'tools/list': () => ({ tools: [] }),
      'tools/call': async ({ context }) => {
        context.signal.addEventListener('abort', () => aborted.push(context.requestId))
        await slow.passed
        return text('done')
      },
    },
  })
  return { eras: createEras(app, ERA_OPTIONS), slow, aborted }
}

async function status(eras: ReturnType<typeof createEras>, body: string, headers: Record<string, string | undefined>) {
  const exchange = new TestExchange(body, headersOf({}, headers))
  const answer = await eras.exchange(exchange)
  return typeof answer === 'symbol' ? 'stream' : answer.status
}

describe('every era behind one door', () => {
  it('offers all revisions, the newest first', () => {
    const { revisions } = serve().eras
    expect([revisions[0], revisions.at(-1)]).toEqual([REVISION, '2024-11-05'])
  })

  it('refuses what cannot be read before any era sees it', async () => {
    const { eras } = serve()
    for (const body of ['', ' ', '{', '[1,]', 'NaN', '{"a":1}{"b":2}', '\ufeff{}', '['.repeat(100_000)]) {
      expect(await status(eras, body, {})).toBe(400)
    }
  })

  it('serves each message of one connection in its own era', async () => {
    const { eras } = serve()
    const wire = new TestWire()
    const connection = eras.connect(wire)
    connection.receive(JSON.stringify(handshake))
    connection.receive(JSON.stringify(request('tools/list', {}, 'new')))
    await new Promise((resolve) => setImmediate(resolve))
    const results = new Map(wire.messages.map(({ id, result }) => [id, result as Json]))
    expect(results.get('hello')).toMatchObject({ protocolVersion: '2025-06-18' })
    expect(results.get('hello')).not.toHaveProperty('resultType')
    expect(results.get('new')).toMatchObject({ resultType: 'complete' })
    eras.close()
  })

  it('finds the request that a cancellation names, although it says no era', async () => {
    const { eras, slow, aborted } = serve()
    const wire = new TestWire()
    const connection = eras.connect(wire)
    connection.receive(JSON.stringify(request('tools/call', { name: 'work' }, 7)))
    expect(connection.busy).toBe(true)
    connection.receive(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }))
    expect(aborted).toEqual([7])
    slow.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect([wire.messages, connection.busy]).toEqual([[], false])
    connection.close()
  })
})
