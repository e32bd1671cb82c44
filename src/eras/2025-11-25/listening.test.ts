import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { greeted, serve } from '../../../tests/kit/stateful.ts'
import { KEEP_ALIVE } from '../../protocol/sse.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const methods = ({ messages }: { messages: Record<string, unknown>[] }) => messages.map(({ method }) => method)

describe('the stream of a session', () => {
  it('opens at once, and shows that it lives', async () => {
    const client = await greeted(serve().era)
    const { exchange, seen } = client.get()
    expect(await seen).toMatchObject({ isStream: true })
    expect(exchange.frames).toEqual([KEEP_ALIVE])
    vi.advanceTimersByTime(30_000)
    expect(exchange.frames).toHaveLength(3)
  })

  it('needs a client that takes event streams', async () => {
    const client = await greeted(serve().era)
    expect((await client.get({ accept: 'application/json' }).seen).status).toBe(406)
  })

  it('SES-05: is the only one; the first keeps it', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    expect((await client.get().seen).status).toBe(409)
    app.change({ kind: 'tool' })
    expect(methods(exchange)).toEqual(['notifications/tools/list_changed'])
  })

  it('can be opened again once the client has hung up', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const first = client.get()
    first.exchange.hangUp()
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 1])
    const second = client.get()
    expect((await second.seen).status).toBe(200)
    app.change({ kind: 'prompt' })
    expect([methods(first.exchange), methods(second.exchange)]).toEqual([[], ['notifications/prompts/list_changed']])
  })

  it('tells of lists that changed: one listener at the server for all sessions, none without', async () => {
    const { era, app } = serve()
    const clients = [await greeted(era), await greeted(era)]
    expect(app.listeners.size).toBe(0)
    const streams = clients.map((client) => client.get().exchange)
    expect(app.listeners.size).toBe(1)
    for (const kind of ['tool', 'resource', 'template', 'prompt'] as const) app.change({ kind })
    for (const stream of streams) {
      expect(stream.messages).toEqual(
        ['tools', 'resources', 'resources', 'prompts'].map((list) => ({
          jsonrpc: '2.0',
          method: `notifications/${list}/list_changed`,
        })),
      )
    }
    for (const client of clients) await client.delete()
    expect(app.listeners.size).toBe(0)
    expect(streams.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('tells of nothing that the server did not promise', async () => {
    const { era, app } = serve({
      run: { initialize: () => ({ serverInfo: app.identity, capabilities: { tools: {} } }) },
    })
    const client = await greeted(era)
    const { exchange } = client.get()
    app.change({ kind: 'tool' })
    expect(exchange.messages).toEqual([])
  })

  it('tells of resources that the session subscribed to, until it unsubscribes', async () => {
    const { era, app } = serve({ hidden: ['test://hidden'], later: true })
    const [client, other] = [await greeted(era), await greeted(era)]
    const [mine, theirs] = [client.get().exchange, other.get().exchange]
    expect((await client.request('resources/subscribe', { uri: 'test://a' })).body).toMatchObject({ result: {} })
    expect((await client.request('resources/subscribe', { uri: 'test://hidden' })).body.error).toMatchObject({
      code: -32002,
    })
    for (const uri of ['test://a', 'test://b', 'test://hidden']) app.change({ kind: 'contents', uri })
    await client.request('resources/unsubscribe', { uri: 'test://a' })
    app.change({ kind: 'contents', uri: 'test://a' })
    expect(mine.messages).toEqual([
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'test://a' } },
    ])
    expect(theirs.messages).toEqual([])
  })

  it('keeps count of subscriptions', async () => {
    const client = await greeted(serve().era)
    const subscribe = async (uri: string) => (await client.request('resources/subscribe', { uri })).body
    for (let i = 0; i < 256; i++) await subscribe(`test://${i}`)
    expect(await subscribe('test://one-more')).toMatchObject({ error: { code: -32602 } })
    expect(await subscribe('test://7')).toMatchObject({ result: {} })
    await client.request('resources/unsubscribe', { uri: 'test://7' })
    expect(await subscribe(`test://${'x'.repeat(10_000)}`)).toMatchObject({ error: { code: -32602 } })
  })

  it('is given up when the client no longer reads', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    exchange.isClosed = true
    app.change({ kind: 'tool' })
    expect(app.listeners.size).toBe(0)
    const again = client.get().exchange
    again.isClosed = true
    vi.advanceTimersByTime(15_000)
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 1])
  })

  it('AUT-15: ends when the proof of who listens has run out', async () => {
    const { era, app } = serve()
    const client = await greeted(era, {}, { subject: 'ann', expiresAt: Math.floor(Date.now() / 1000) + 20 })
    const { exchange } = client.get()
    vi.advanceTimersByTime(15_000)
    expect(exchange.isClosed).toBe(false)
    vi.advanceTimersByTime(15_000)
    expect([exchange.isClosed, app.listeners.size]).toEqual([true, 0])
  })
})
