import { describe, expect, it } from 'vitest'
import { greeted, initializing, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, type Json, text } from '../../../tests/kit/stateless.ts'

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work' } }

/** A server whose tool waits, tells of its signal, and goes on regardless. */
function waiting() {
  const work = gate()
  const aborts: unknown[] = []
  const served = serve({
    run: {
      'tools/call': async ({ context }) => {
        context.signal.addEventListener('abort', () => aborts.push(context.signal.reason))
        context.log.info('begun')
        await work.passed
        context.log.info('late')
        return text('late')
      },
    },
  })
  return { ...served, work, aborts }
}

describe('cancelling a request', () => {
  it('aborts its work and ends its answer at once, with nothing after it', async () => {
    const { era, work, aborts } = waiting()
    const client = await greeted(era)
    const { seen, exchange } = client.begin('POST', CALL)
    await client.notify('notifications/cancelled', { requestId: 1, reason: 'enough' })
    expect(aborts).toMatchObject([{ code: 'CANCELLED' }])
    expect(await seen).toMatchObject({ isStream: true, status: 200 })
    work.open()
    await work.passed
    expect(exchange.messages.map(({ method }) => method)).toEqual(['notifications/message'])
    expect(exchange.isClosed).toBe(true)
  })

  it('ends as an empty event stream when nothing was sent before', async () => {
    const work = gate()
    const { era } = serve({ run: { 'tools/call': () => work.passed.then(() => text('late')) } })
    const client = await greeted(era)
    const { seen, exchange } = client.begin('POST', CALL)
    await client.notify('notifications/cancelled', { requestId: 1 })
    expect(await seen).toMatchObject({ isStream: true })
    expect([exchange.frames, exchange.isClosed]).toEqual([[], true])
    work.open()
  })

  it.each([[{ requestId: 2 }], [{ requestId: '1' }], [{ requestId: {} }], [{}], [undefined]])(
    'that does not exist (%j) is ignored',
    async (params) => {
      const { era, work, aborts } = waiting()
      const client = await greeted(era)
      const { seen } = client.begin('POST', CALL)
      await client.notify('notifications/cancelled', params as Json)
      work.open()
      expect((await seen).body).toMatchObject({ result: text('late') })
      expect(aborts).toEqual([])
      expect((await client.notify('notifications/cancelled', { requestId: 1 })).status).toBe(202)
    },
  )

  it('of another session is not possible', async () => {
    const { era, work, aborts } = waiting()
    const client = await greeted(era)
    const { seen } = client.begin('POST', CALL)
    await (await greeted(era)).notify('notifications/cancelled', { requestId: 1 })
    await new TestClient(era).notify('notifications/cancelled', { requestId: 1 })
    work.open()
    expect((await seen).body).toMatchObject({ result: text('late') })
    expect(aborts).toEqual([])
  })
})

describe('a client that hangs up', () => {
  it('does not cancel the request of a session: it goes on and its answer is dropped', async () => {
    const { era, work, aborts } = waiting()
    const client = await greeted(era)
    const { seen, exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    work.open()
    await seen
    expect(aborts).toEqual([])
    expect(exchange.messages).toHaveLength(1)
    expect((await client.request('ping')).status).toBe(200)
  })

  it('cancels the request of a guest', async () => {
    const { era, work, aborts } = waiting()
    const { seen, exchange } = new TestClient(era).begin('POST', CALL)
    exchange.hangUp()
    expect(aborts).toMatchObject([{ code: 'CANCELLED' }])
    work.open()
    await seen
    expect(exchange.messages).toEqual([])
  })

  it('leaves no session behind that was not yet begun', async () => {
    const work = gate()
    const { era, app } = serve({
      run: { initialize: () => work.passed.then(() => ({ serverInfo: app.identity, capabilities: {} })) },
    })
    const { seen, exchange } = new TestClient(era).begin('POST', initializing())
    exchange.hangUp()
    work.open()
    expect((await seen).status).toBe(200)
  })
})
