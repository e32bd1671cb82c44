import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { greeted, initializing, serve, TestClient, Visit } from '../../../tests/kit/stateful.ts'
import { gate, receivedOf, TestExchange, text } from '../../../tests/kit/stateless.ts'
import { ERA_OPTIONS } from '../era.ts'
import type { Reply } from '../exchange.ts'
import { Session } from './session.ts'
import { Sessions } from './sessions.ts'

const MINUTE = 60_000
const LIMITS = ERA_OPTIONS.sessions

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const isAlive = async (client: TestClient) => (await client.request('ping')).status === 200

describe('a session that rests', () => {
  it('SES-08: ends after its idle time, and leaves no timer behind', async () => {
    const client = await greeted(serve().era)
    vi.advanceTimersByTime(29 * MINUTE)
    expect(await isAlive(client)).toBe(true)
    vi.advanceTimersByTime(29 * MINUTE)
    expect(await isAlive(client)).toBe(true)
    vi.advanceTimersByTime(32 * MINUTE)
    expect(await isAlive(client)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is over on the moment, even if nobody has swept yet', () => {
    const sessions = new Sessions({ ...LIMITS, idleMs: 10_000 }, () => undefined)
    const session = new Session('')
    sessions.add(session)
    vi.advanceTimersByTime(9_999)
    expect(sessions.find(session.id, '')).toBe(session)
    vi.setSystemTime(Date.now())
    vi.advanceTimersByTime(10_001)
    expect(sessions.find(session.id, '')).toBeUndefined()
    expect(sessions.size).toBe(0)
  })

  it('ends after its greatest age, however busy it was', async () => {
    const client = await greeted(serve().era)
    for (let hour = 0; hour < 23; hour += 0.4) {
      vi.advanceTimersByTime(0.4 * 60 * MINUTE)
      expect(await isAlive(client)).toBe(true)
    }
    vi.advanceTimersByTime(61 * MINUTE)
    expect(await isAlive(client)).toBe(false)
  })
})

describe('a session that works', () => {
  it('SES-09: is never reaped, and rests from its last answer on', async () => {
    const work = gate()
    const { era } = serve({ run: { 'tools/call': () => work.passed.then(() => text('long')) } })
    const client = await greeted(era)
    const call = client.request('tools/call', { name: 'work' })
    vi.advanceTimersByTime(25 * 60 * MINUTE)
    work.open()
    expect((await call).body).toMatchObject({ result: text('long') })
    vi.advanceTimersByTime(1)
    expect(await isAlive(client)).toBe(false) // for it is older than a day
  })

  it('is kept while its stream is open', async () => {
    const client = await greeted(serve().era)
    const { exchange } = client.get()
    vi.advanceTimersByTime(10 * 60 * MINUTE)
    expect(exchange.isClosed).toBe(false)
    exchange.hangUp()
    vi.advanceTimersByTime(29 * MINUTE)
    expect(await isAlive(client)).toBe(true)
    vi.advanceTimersByTime(32 * MINUTE)
    expect(await isAlive(client)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('many sessions', () => {
  const ann = { subject: 'ann', issuer: 'https://a.example' }
  const bob = { subject: 'bob', issuer: 'https://a.example' }
  const small = { sessions: { ...LIMITS, most: 3, perPrincipal: 2 } }

  it('SES-07: stay bounded through 100,000 that nobody ends', async () => {
    vi.useRealTimers()
    const { era } = serve()
    const client = new TestClient(era)
    const ids: string[] = []
    const exchange = new Visit('POST', new TestExchange('', new Map()))
    const received = receivedOf(initializing())
    for (let i = 0; i < 100_000; i++) {
      const { headers } = (await era.exchange(exchange, received)) as Reply
      ids.push(headers?.['mcp-session-id'] ?? '')
    }
    const alive = async (id: string | undefined) => (await client.request('ping', {}, { 'mcp-session-id': id })).status
    expect(await Promise.all([ids.at(-1), ids.at(-10_000), ids.at(-10_001), ids[0]].map(alive))).toEqual([
      200, 200, 404, 404,
    ])
    era.close()
  })

  it('SES-07: of one caller make room for its own newer ones only', async () => {
    const { era } = serve({}, small)
    const other = await greeted(era, {}, bob)
    const mine = [await greeted(era, {}, ann), await greeted(era, {}, ann)]
    vi.advanceTimersByTime(1)
    await isAlive(mine[0] as TestClient)
    mine.push(await greeted(era, {}, ann))
    expect(await Promise.all([other, ...mine].map(isAlive))).toEqual([true, true, false, true])
  })

  it('of callers without a name share the bound of all', async () => {
    const { era } = serve({}, small)
    const clients = [await greeted(era), await greeted(era), await greeted(era)]
    expect(await Promise.all(clients.map(isAlive))).toEqual([true, true, true])
    clients.push(await greeted(era))
    expect(await Promise.all(clients.map(isAlive))).toEqual([false, true, true, true])
  })

  it('SES-07: refuse another one when all are in use, by the caller or by all', async () => {
    const { era } = serve({}, small)
    const mine = [await greeted(era, {}, ann), await greeted(era, {}, ann)]
    for (const client of mine) client.get()
    expect(await new TestClient(era, ann).post(initializing())).toMatchObject({
      status: 429,
      body: { id: 'init', error: { code: 1429 } },
    })
    const third = await greeted(era, {}, bob)
    third.get()
    const refused = await new TestClient(era).post(initializing())
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 1503 } } })
    expect(refused.headers).not.toHaveProperty('mcp-session-id')
    expect(await Promise.all([...mine, third].map(isAlive))).toEqual([true, true, true])
  })

  it('SES-03: are closed to everybody but their owner, who notices nothing', async () => {
    const { era, app } = serve()
    const owner = await greeted(era, {}, ann)
    const { exchange } = owner.get()
    for (const auth of [bob, undefined, { ...ann, issuer: 'https://b.example' }, { ...ann, clientId: 'other' }]) {
      const thief = new TestClient(era, auth)
      thief.headers = owner.headers
      const tries = [
        await thief.request('ping'),
        await thief.notify('notifications/cancelled', { requestId: 1 }),
        await thief.get({ 'last-event-id': '1' }).seen,
        await thief.delete(),
      ]
      const unknown = await new TestClient(era, auth).request('ping', {}, { 'mcp-session-id': 'f'.repeat(32) })
      for (const { status, body } of tries) expect([status, body]).toEqual([404, unknown.body])
    }
    expect(await isAlive(owner)).toBe(true)
    expect(exchange.isClosed).toBe(false)
    expect(app.reports).toHaveLength(16)
    expect(JSON.stringify(app.reports)).not.toContain(owner.sessionId)
  })

  it('SES-04: stay open to their owner with a new token', async () => {
    const { era } = serve()
    const client = await greeted(era, {}, { ...ann, expiresAt: 1 })
    const renewed = new TestClient(era, { ...ann, expiresAt: 2, scopes: ['more'] })
    renewed.headers = client.headers
    expect(await isAlive(renewed)).toBe(true)
  })

  it('SHD-05: all end when the server closes, twice if need be, and new ones can begin', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    era.close()
    era.close()
    expect(exchange.isClosed).toBe(true)
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
    expect(await isAlive(client)).toBe(false)
    expect(await isAlive(await greeted(era))).toBe(true)
  })

  it('SHD-05: tell who still waits when the server closes, and abort the work', async () => {
    const work = gate()
    const { era } = serve({
      run: {
        'tools/call': async ({ context }) => {
          context.signal.addEventListener('abort', () => work.open())
          await work.passed
          return text('late')
        },
      },
    })
    const client = await greeted(era)
    const call = client.request('tools/call', { name: 'work' })
    era.close()
    expect((await call).body).toMatchObject({ error: { code: 1503, message: 'The server is shutting down' } })
    await work.passed
    expect(vi.getTimerCount()).toBe(0)
  })
})
