import { describe, expect, it, vi } from 'vitest'
import {
  application,
  eraOf,
  gate,
  type Json,
  META,
  type Run,
  receivedOf,
  request,
  TestWire,
  text,
} from '../../../tests/kit/stateless.ts'

const ID = 'io.modelcontextprotocol/subscriptionId'
const REASON = new Error('the peer is gone')

function connect(run: Record<string, Run> = {}) {
  const app = application({ run, later: true })
  const era = eraOf(app)
  const wire = new TestWire()
  const line = era.connect(wire)
  return { app, era, wire, line, send: (message: unknown) => line.receive(receivedOf(message)) }
}

/** Lets everything that has been decided happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
const cancel = (requestId: unknown): Json => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
})
const callTool = (id: string | number, params: Json = {}) => request('tools/call', { name: 'work', ...params }, id)

describe('a connection', () => {
  it('answers each request by its id, in the order in which they are ready', async () => {
    const slow = gate()
    const { wire, line, send } = connect({
      'tools/call': async ({ context }) => {
        if (context.requestId === 1) await slow.passed
        return text('done')
      },
    })
    send(callTool(1))
    send(callTool('1'))
    await settled()
    expect(wire.messages.map(({ id }) => id)).toEqual(['1'])
    expect(line.busy).toBe(true)
    slow.open()
    await settled()
    expect(wire.messages.map(({ id }) => id)).toEqual(['1', 1])
    expect(line.busy).toBe(false)
  })

  it('answers at once where the server needs no promise', () => {
    const { wire, send } = connect({ 'tools/call': () => text('done') })
    send(callTool(1))
    expect(wire.messages).toMatchObject([{ id: 1, result: { resultType: 'complete' } }])
  })

  it('needs no headers, only the envelope', async () => {
    const { wire, send } = connect()
    send(request('server/discover', {}, 1))
    send({ jsonrpc: '2.0', id: 2, method: 'server/discover', params: { _meta: {} } })
    send(request('server/discover', { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } }, 3))
    send(request('nothing', {}, 4))
    send(callTool(5, { name: 'a\ud800' }))
    send(request('resources/read', { uri: '\udc00' }, 6))
    await settled()
    const codes = wire.messages.map(({ id, error }) => [id, (error as Json | undefined)?.code])
    expect(codes).toEqual([
      [1, undefined],
      [2, -32602],
      [3, -32022],
      [4, -32601],
      [5, -32602],
      [6, -32602],
    ])
  })

  it('sends progress and log messages between, for who asked', async () => {
    const { wire, send } = connect({
      'tools/call': ({ context }) => {
        context.progress(1)
        context.log.warning('careful')
        return text('done')
      },
    })
    send(callTool(1, { _meta: { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'warning' } }))
    send(callTool(2))
    expect(wire.messages.map(({ method, id }) => method ?? id)).toEqual([
      'notifications/progress',
      'notifications/message',
      1,
      2,
    ])
  })

  it('refuses a second request under an id that is in flight; the first is answered', async () => {
    const slow = gate()
    const { wire, send } = connect({ 'tools/call': async () => slow.passed.then(() => text('done')) })
    send(callTool(1))
    send(callTool(1))
    slow.open()
    await settled()
    expect(wire.messages).toMatchObject([
      { id: 1, error: { code: -32600 } },
      { id: 1, result: {} },
    ])
    send(callTool(1))
    await settled()
    expect(wire.messages).toHaveLength(3)
  })

  it('refuses batches and rubbish and lets answers fall', () => {
    const { wire, send } = connect()
    send([request('tools/list')])
    send({ jsonrpc: '1.0', id: 3 })
    send({ jsonrpc: '2.0', id: 1, result: {} })
    send({ jsonrpc: '2.0', method: 'notifications/other' })
    expect(wire.messages).toMatchObject([{ error: { code: -32600 } }, { id: 3, error: { code: -32600 } }])
    expect(wire.messages[0]).not.toHaveProperty('id')
  })
})

describe('a request that is cancelled', () => {
  const waiting = () => {
    const slow = gate()
    const signals: AbortSignal[] = []
    const connected = connect({
      'tools/call': async ({ context }) => {
        signals.push(context.signal)
        await slow.passed
        context.progress(1)
        return text('too late')
      },
    })
    return { ...connected, slow, signals }
  }

  it('stops, and nothing is sent for it any more', async () => {
    const { wire, line, send, slow, signals } = waiting()
    send(callTool(1, { _meta: { progressToken: 1 } }))
    send(callTool(2))
    send(cancel(1))
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(signals[0]?.reason).toMatchObject({ code: 'CANCELLED' })
    slow.open()
    await settled()
    expect(wire.messages.map(({ id }) => id)).toEqual([2])
    expect(line.busy).toBe(false)
  })

  it('is ignored when it is unknown, finished or named in another way', async () => {
    const { wire, send, slow } = waiting()
    send(callTool(1))
    for (const id of ['1', 99, null, undefined, {}, 1.5]) send(cancel(id))
    send({ jsonrpc: '2.0', method: 'notifications/cancelled' })
    slow.open()
    await settled()
    send(cancel(1))
    expect(wire.messages).toHaveLength(1)
  })

  it('is every request when the connection ends', async () => {
    const { wire, line, send, slow, signals } = waiting()
    send(callTool(1))
    send(request('subscriptions/listen', { notifications: { toolsListChanged: true } }, 's'))
    await settled()
    const before = wire.messages.length
    line.close(REASON)
    expect(signals[0]?.reason).toBe(REASON)
    send(callTool(2))
    slow.open()
    await settled()
    expect(wire.messages).toHaveLength(before)
  })
})

describe('a subscription on a connection', () => {
  const listen = (id: string | number, notifications: Json = { toolsListChanged: true }) =>
    request('subscriptions/listen', { notifications }, id)

  it('shares it with others, each message under its id, and does not keep it busy', async () => {
    const { app, wire, line, send } = connect({ 'tools/call': () => text('done') })
    send(listen('a'))
    send(listen('b', { promptsListChanged: true }))
    await settled()
    send(callTool(1))
    app.change({ kind: 'tool' })
    expect(
      wire.messages.map(({ method, params, id }) => [method ?? id, ((params as Json)?._meta as Json)?.[ID]]),
    ).toEqual([
      ['notifications/subscriptions/acknowledged', 'a'],
      ['notifications/subscriptions/acknowledged', 'b'],
      [1, undefined],
      ['notifications/tools/list_changed', 'a'],
    ])
    expect(line.busy).toBe(false)
  })

  it('ends without a word when it is cancelled, before or after it is acknowledged', async () => {
    const { app, wire, line, send } = connect()
    send(listen('early'))
    send(cancel('early'))
    await settled()
    send(listen('late'))
    await settled()
    send(cancel('late'))
    app.change({ kind: 'tool' })
    expect(wire.messages.map(({ method }) => method)).toEqual(['notifications/subscriptions/acknowledged'])
    expect([app.listeners.size, line.busy]).toEqual([0, false])
  })

  it('ends with its result and a cancellation when the server closes', async () => {
    const { era, wire, send } = connect()
    send(listen('a'))
    await settled()
    era.close()
    expect(wire.messages.slice(1)).toMatchObject([
      { id: 'a', result: { resultType: 'complete', _meta: { [ID]: 'a' } } },
      { method: 'notifications/cancelled', params: { requestId: 'a' } },
    ])
    send(listen('a'))
    await settled()
    expect(wire.messages).toHaveLength(4)
    era.close()
  })

  it('ends when the peer is gone', async () => {
    const { app, wire, line, send } = connect()
    send(listen('a'))
    await settled()
    line.close(REASON)
    app.change({ kind: 'tool' })
    expect([wire.messages.length, app.listeners.size]).toEqual([1, 0])
  })

  it('shows no sign of life: a connection needs none', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { era, wire, send } = connect()
    send(listen('a'))
    await settled()
    vi.advanceTimersByTime(60_000)
    expect(wire.messages).toHaveLength(1)
    era.close()
    vi.useRealTimers()
  })

  it('is refused with a wrong filter', async () => {
    const { wire, line, send } = connect()
    send(request('subscriptions/listen', {}, 1))
    await settled()
    expect(wire.messages).toMatchObject([{ id: 1, error: { code: -32602 } }])
    expect(line.busy).toBe(false)
  })
})

it('outlives a wire that fails', async () => {
  const { app, line, send, wire } = connect({ 'tools/call': () => text('done') })
  wire.send = () => {
    throw new Error('broken pipe')
  }
  expect(() => send(callTool(1))).not.toThrow()
  expect(() => send([])).not.toThrow()
  send(request('subscriptions/listen', { notifications: { toolsListChanged: true } }, 's'))
  await settled()
  expect(app.reports.length).toBeGreaterThan(0)
  expect(line.busy).toBe(false)
})
