import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { greeted, serve, TestClient } from '../../../tests/kit/stateful.ts'
import { gate, type Json, type TestExchange, text } from '../../../tests/kit/stateless.ts'
import type { Context } from '../../engine/context.ts'
import { KEEP_ALIVE } from '../../protocol/sse.ts'
import { ERA_OPTIONS } from '../era.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const CALL = { jsonrpc: '2.0', id: 'call', method: 'tools/call', params: { name: 'work' } }
const idsOf = ({ frames }: TestExchange): string[] => frames.flatMap((frame) => /^id: (.*)$/m.exec(frame)?.[1] ?? [])
const lastId = (exchange: TestExchange): string => idsOf(exchange).at(-1) ?? ''
const saidBy = ({ messages }: TestExchange): unknown[] => messages.map(said)
const said = ({ params, result }: Json): unknown => (params as { data?: unknown })?.data ?? result

/** A server whose tool does what a test lets it do. */
function working(work: (context: Context) => Promise<unknown>, events: Partial<typeof ERA_OPTIONS.events> = {}) {
  return serve(
    {
      run: {
        'tools/call': async ({ context }) => {
          await work(context)
          return text('done')
        },
      },
    },
    { events: { ...ERA_OPTIONS.events, ...events } },
  )
}

/** A server whose tool logs `a`, waits, logs `b`, waits, and logs `c`. */
function stepping(events: Partial<typeof ERA_OPTIONS.events> = {}) {
  const [first, second] = [gate(), gate()]
  const served = working(async ({ log }) => {
    log.info('a')
    await first.passed
    log.info('b')
    await second.passed
    log.info('c')
  }, events)
  return { ...served, first, second }
}

describe('the stream of a request', () => {
  it('begins with a place to come back to, and every event has an id of its own', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange, seen } = client.begin('POST', CALL)
    expect(exchange.frames[0]).toMatch(/^id: \S+\nretry: 1000\nevent: message\ndata: \n\n$/)
    first.open()
    second.open()
    await seen
    expect(saidBy(exchange)).toEqual(['a', 'b', 'c', text('done')])
    expect(new Set(idsOf(exchange)).size).toBe(5)
  })

  it.each(['2025-06-18', '2025-03-26'])('has ids but no event without data in %s', async (protocolVersion) => {
    const { era, first, second } = stepping()
    const client = await greeted(era, { protocolVersion })
    const { exchange, seen } = client.begin('POST', CALL)
    first.open()
    second.open()
    await seen
    expect(exchange.frames).toHaveLength(4)
    expect(new Set(idsOf(exchange)).size).toBe(4)
  })

  it('has no ids where nobody could come back: in 2024-11-05, and without a session', async () => {
    const { era, first, second } = stepping()
    first.open()
    second.open()
    const old = (await greeted(era, { protocolVersion: '2024-11-05' })).begin('POST', CALL)
    await old.seen
    expect([old.exchange.frames.length, idsOf(old.exchange)]).toEqual([4, []])
    const params = { ...CALL.params, _meta: { progressToken: 1 } }
    const progress = working(async (context) => context.progress(1))
    const guest = new TestClient(progress.era).begin('POST', { ...CALL, params })
    await guest.seen
    expect([guest.exchange.frames.length, idsOf(guest.exchange)]).toEqual([2, []])
  })

  it('is not there for an answer with nothing ahead of it', async () => {
    const client = await greeted(working(async () => undefined).era)
    const { exchange, seen } = client.begin('POST', CALL)
    expect(await seen).toMatchObject({ isStream: false, body: { result: text('done') } })
    expect(exchange.frames).toEqual([])
  })

  it('is an answer with an id to a client that takes nothing but streams', async () => {
    const client = await greeted(working(async () => undefined).era)
    const { exchange, seen } = client.begin('POST', CALL, { accept: 'text/event-stream' })
    expect(await seen).toMatchObject({ isStream: true, body: { result: text('done') } })
    expect(idsOf(exchange)).toHaveLength(2)
  })
})

describe('a client that comes back to a request', () => {
  it('gets what it missed, then the rest as it comes, and the answer', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    first.open()
    await vi.advanceTimersByTimeAsync(0)
    const again = client.get({ 'last-event-id': lastId(exchange) })
    expect(await again.seen).toMatchObject({ isStream: true })
    expect(saidBy(again.exchange)).toEqual(['b'])
    second.open()
    await vi.advanceTimersByTimeAsync(0)
    expect(saidBy(again.exchange)).toEqual(['b', 'c', text('done')])
    expect(again.exchange.isClosed).toBe(true)
    expect(vi.getTimerCount()).toBe(1) // the sweep
  })

  it('gets everything from where it says it got to, more than once if it must', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    first.open()
    second.open()
    await vi.advanceTimersByTimeAsync(0)
    const [primer = '', a = ''] = idsOf(exchange)
    for (const [from, expected] of [
      [primer, ['a', 'b', 'c', text('done')]],
      [a, ['b', 'c', text('done')]],
    ] as const) {
      const again = client.get({ 'last-event-id': from }).exchange
      expect([saidBy(again), again.isClosed]).toEqual([expected, true])
    }
  })

  it('is told when there is nothing more to come', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange, seen } = client.begin('POST', CALL)
    first.open()
    second.open()
    await seen
    expect(await client.get({ 'last-event-id': lastId(exchange) }).seen).toMatchObject({ status: 204 })
  })

  it('takes the stream over from a connection that has not been found dead yet', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    expect(exchange.isClosed).toBe(true)
    first.open()
    second.open()
    await vi.advanceTimersByTimeAsync(0)
    expect([saidBy(exchange), saidBy(again)]).toEqual([['a'], ['b', 'c', text('done')]])
  })

  it('sees that its connection lives while the work is quiet', async () => {
    const { era, second, first } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    vi.advanceTimersByTime(30_000)
    expect(again.frames).toEqual([KEEP_ALIVE, KEEP_ALIVE, KEEP_ALIVE])
    again.hangUp()
    first.open()
    second.open()
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('can still answer what it was asked before', async () => {
    const answers: unknown[] = []
    const { era } = working(async (context) => {
      answers.push(await context.roots())
    })
    const client = await greeted(era, { capabilities: { roots: {} } })
    const { exchange } = client.begin('POST', CALL)
    const primer = idsOf(exchange)[0] ?? ''
    exchange.hangUp()
    const again = client.get({ 'last-event-id': primer }).exchange
    const { id } = again.messages[0] ?? {}
    const roots = [{ uri: 'file:///home/ann' }]
    await client.post({ jsonrpc: '2.0', id, result: { roots } })
    await vi.advanceTimersByTimeAsync(0)
    expect(answers).toEqual([roots])
    expect(again.messages.at(-1)).toMatchObject({ result: text('done') })
  })

  it('finds that a cancelled request has no more to say', async () => {
    const { era } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    await client.notify('notifications/cancelled', { requestId: 'call' })
    await vi.advanceTimersByTimeAsync(0)
    expect((await client.get({ 'last-event-id': lastId(exchange) }).seen).status).toBe(204)
  })

  it('is not waited for longer than its session lives', async () => {
    const { era } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    exchange.hangUp()
    await client.delete()
    expect((await client.get({ 'last-event-id': lastId(exchange) }).seen).status).toBe(404)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a server that closes', () => {
  it('SHD-05: tells who waits on a stream, the first one or a later one', async () => {
    const { era } = stepping()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    const other = client.begin('POST', { ...CALL, id: 'other' })
    other.exchange.hangUp()
    const again = client.get({ 'last-event-id': lastId(other.exchange) }).exchange
    era.close()
    await vi.advanceTimersByTimeAsync(0)
    for (const [waiter, id] of [
      [exchange, 'call'],
      [again, 'other'],
    ] as const) {
      expect(waiter.messages.at(-1)).toMatchObject({ id, error: { code: 1503 } })
      expect(waiter.isClosed).toBe(true)
    }
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('SES-06: an id that does not fit', () => {
  it('of another session opens nothing, whoever asks', async () => {
    const { era, first, second } = stepping()
    const [client, other] = [await greeted(era), await greeted(era)]
    const { exchange } = client.begin('POST', CALL)
    const theirs = other.begin('POST', CALL)
    first.open()
    second.open()
    await Promise.all([exchange, theirs.seen])
    for (const id of idsOf(exchange)) {
      const { status, exchange: answer } = await other.get({ 'last-event-id': id }).seen
      expect([status, answer.frames]).toEqual([400, []])
    }
  })

  it('that was never given, or is no id at all, is refused in the same words', async () => {
    const { era, first, second } = stepping()
    const client = await greeted(era)
    const { exchange, seen } = client.begin('POST', CALL)
    first.open()
    second.open()
    await seen
    const real = lastId(exchange)
    const salt = real.split('-')[0]
    const bad = ['0', '-1', `${salt}`, `${salt}-1`, `${salt}-1-99`, `${salt}-7-0`, `${salt}-1--1`, `${salt}-1-1e0`]
    const worse = [real.toUpperCase(), `${real} `, `x${real}`, '../../etc/passwd', '💥', 'a'.repeat(10_000), '\u2028']
    const words = new Set<string>()
    for (const id of [...bad, ...worse]) {
      const answer = await client.get({ 'last-event-id': id }).seen
      expect([answer.status, answer.isStream]).toEqual([400, false])
      words.add(JSON.stringify(answer.body))
    }
    expect(words.size).toBe(1)
  })

  it('of an event whose followers are no longer kept is refused', async () => {
    const { era } = working(
      async ({ log }) => {
        for (let i = 1; i <= 10; i++) log.info(String(i))
      },
      { perSession: 4 },
    )
    const client = await greeted(era)
    const { exchange, seen } = client.begin('POST', CALL)
    await seen
    const ids = idsOf(exchange) // the primer, ten messages, the answer
    const statuses = await Promise.all(ids.map(async (id) => (await client.get({ 'last-event-id': id }).seen).status))
    expect(statuses).toEqual([...Array(7).fill(400), ...Array(4).fill(200), 204])
    const rest = client.get({ 'last-event-id': ids[7] }).exchange
    expect(saidBy(rest)).toEqual(['8', '9', '10', text('done')])
  })

  it('never leads from one stream into another', async () => {
    const { era, app } = working(async ({ log }) => log.info('of the request'))
    const client = await greeted(era)
    const standing = client.get().exchange
    app.change({ kind: 'tool' })
    standing.hangUp()
    app.change({ kind: 'prompt' })
    const call = client.begin('POST', CALL)
    await call.seen
    const again = client.get({ 'last-event-id': lastId(standing) }).exchange
    expect(again.messages.map(({ method }) => method)).toEqual(['notifications/prompts/list_changed'])
    const [primer] = idsOf(call.exchange)
    expect(saidBy(client.get({ 'last-event-id': primer }).exchange)).toEqual(['of the request', text('done')])
  })
})

describe('the stream that belongs to no request', () => {
  it('tells a client that comes back what changed while it was away', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    app.change({ kind: 'tool' })
    exchange.hangUp()
    app.change({ kind: 'prompt' })
    app.change({ kind: 'resource' })
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    app.change({ kind: 'tool' })
    expect(again.messages.map(({ method }) => method)).toEqual([
      'notifications/prompts/list_changed',
      'notifications/resources/list_changed',
      'notifications/tools/list_changed',
    ])
    await client.delete()
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('begins anew for a client that does not say where it got to', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    app.change({ kind: 'tool' })
    exchange.hangUp()
    app.change({ kind: 'prompt' })
    const again = client.get().exchange
    app.change({ kind: 'resource' })
    expect(again.messages.map(({ method }) => method)).toEqual(['notifications/resources/list_changed'])
  })

  it('SES-08: that nobody comes back to ends with its session, which rests from then on', async () => {
    const { era, app } = serve()
    const client = await greeted(era)
    const { exchange } = client.get()
    app.change({ kind: 'tool' })
    exchange.hangUp()
    vi.advanceTimersByTime(32 * 60_000)
    expect((await client.request('ping')).status).toBe(404)
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  })
})

describe('a handler that lets go of the connection', () => {
  const polling = () => {
    const let_go: boolean[] = []
    const work = gate()
    const served = working(async (context) => {
      let_go.push(context.closeStream())
      await work.passed
      context.log.info('late')
    })
    return { ...served, work, let_go }
  }

  it('has the client come back for the answer, in its own time', async () => {
    const { era, work, let_go } = polling()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    expect([let_go, exchange.isClosed]).toEqual([[true], true])
    expect(exchange.frames).toEqual([expect.stringMatching(/^id: \S+\nretry: 1000\n/)])
    work.open()
    await vi.advanceTimersByTimeAsync(100)
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    expect([saidBy(again), again.isClosed]).toEqual([['late', text('done')], true])
  })

  it('finds the client waiting when it came back early', async () => {
    const { era, work } = polling()
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    expect(again.messages).toEqual([])
    work.open()
    await vi.advanceTimersByTimeAsync(0)
    expect(saidBy(again)).toEqual(['late', text('done')])
  })

  it('has the client told if the answer is too large to be kept for it', async () => {
    const work = gate()
    const { era } = serve({
      run: {
        'tools/call': async ({ context }) => {
          context.closeStream()
          context.log.info('x'.repeat(2 * ERA_OPTIONS.events.bytesPerSession))
          await work.passed
          return text('x'.repeat(ERA_OPTIONS.events.bytesPerSession))
        },
      },
    })
    const client = await greeted(era)
    const { exchange } = client.begin('POST', CALL)
    work.open()
    await vi.advanceTimersByTimeAsync(0)
    const again = client.get({ 'last-event-id': lastId(exchange) }).exchange
    const message = expect.stringContaining('larger than what is kept')
    expect(again.messages).toMatchObject([{ id: 'call', error: { code: -32603, message } }])
  })

  it('keeps it where the client could not come back', async () => {
    const { era, work, let_go } = polling()
    work.open()
    await (await greeted(era, { protocolVersion: '2025-06-18' })).post(CALL)
    await new TestClient(era).post(CALL)
    await (await greeted(era)).post(CALL, { accept: 'application/json' })
    expect(let_go).toEqual([false, false, false])
  })
})
