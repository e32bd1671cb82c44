import { describe, expect, it } from 'vitest'
import { initializing, Peer, serve } from '../../../tests/kit/stateful.ts'
import { gate, type Json, type Parts, text } from '../../../tests/kit/stateless.ts'
import { receive } from '../../protocol/json-rpc.ts'

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work' } }

function connect(parts: Parts = {}) {
  const served = serve(parts)
  const peer = new Peer()
  const line = served.era.connect(peer)
  const send = (message: Json) => line.receive(receive(message))
  const answered = (message: Json) => {
    const answer = peer.answer(message.id as string | number)
    send(message)
    return answer
  }
  const greet = async (params?: Json) => {
    await answered(initializing(params))
    send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  }
  return { ...served, peer, line, send, answered, greet }
}

describe('a connection', () => {
  it('shakes hands once', async () => {
    const { peer, answered, greet } = connect()
    await greet({ protocolVersion: '2024-11-05' })
    await answered(initializing({ protocolVersion: '2025-11-25' }, 'again'))
    expect(peer.messages).toMatchObject([
      { id: 'init', result: { protocolVersion: '2024-11-05' } },
      { id: 'again', error: { code: -32600 } },
    ])
  })

  it('can shake hands again after it failed', async () => {
    const { answered } = connect()
    expect(await answered(initializing({ protocolVersion: 5 }))).toMatchObject({ error: { code: -32602 } })
    expect(await answered(initializing())).toHaveProperty('result')
  })

  it('answers at once where the server needs no promise, before the handshake too', async () => {
    const { peer, send, greet } = connect({ run: { 'tools/call': () => text('done') } })
    send(CALL)
    send({ jsonrpc: '2.0', id: 2, method: 'ping' })
    expect(peer.messages).toMatchObject([
      { id: 1, result: text('done') },
      { id: 2, result: {} },
    ])
    await greet()
    send(CALL)
    expect(peer.messages.at(-1)).toMatchObject({ id: 1, result: text('done') })
  })

  it('tells tools who is at the other end', async () => {
    const { app, send, greet } = connect({ run: { 'tools/call': () => text('') } })
    await greet({ capabilities: { roots: {} } })
    send(CALL)
    expect(app.calls.at(-1)?.context.client).toMatchObject({ info: { name: 'tester' }, capabilities: { roots: {} } })
    expect(app.calls.at(-1)?.context.sessionId).toMatch(/^[0-9a-f]{32}$/)
    expect(app.calls.at(-1)?.context.header('accept')).toBeUndefined()
  })

  it('SIO-05: refuses an id in flight, and only the second one', async () => {
    const work = gate()
    const { peer, send, answered, line } = connect({
      run: { 'tools/call': () => work.passed.then(() => text('first')) },
    })
    send(CALL)
    expect(line.busy).toBe(true)
    expect(await answered(CALL)).toMatchObject({ id: 1, error: { code: -32600 } })
    const first = peer.answer(1)
    work.open()
    expect(await first).toMatchObject({ id: 1, result: text('first') })
    expect(line.busy).toBe(false)
  })

  it('cancels, and then says nothing more of the request', async () => {
    const work = gate()
    const done = gate()
    const { peer, send } = connect({
      run: {
        'tools/call': async ({ context }) => {
          await work.passed
          done.open()
          return text(String(context.signal.aborted))
        },
      },
    })
    send(CALL)
    send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
    work.open()
    await done.passed
    send({ jsonrpc: '2.0', id: 2, method: 'ping' })
    expect(peer.messages).toMatchObject([{ id: 2 }])
  })

  it('does not let the handshake be cancelled', async () => {
    const { send, answered } = connect()
    const handshake = answered(initializing())
    send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'init' } })
    expect(await handshake).toMatchObject({ result: {} })
  })

  it('sends progress and log messages before the answer, at the level set', async () => {
    const { peer, send, greet } = connect({
      run: {
        'tools/call': ({ context }) => {
          context.progress(1)
          context.log.info('said')
          context.log.error('loud')
          return text('done')
        },
      },
    })
    const call = { ...CALL, params: { name: 'work', _meta: { progressToken: 7 } } }
    send(call)
    expect(peer.messages.map(({ method }) => method)).toEqual(['notifications/progress', undefined])
    await greet()
    send({ jsonrpc: '2.0', id: 2, method: 'logging/setLevel', params: { level: 'error' } })
    send(call)
    expect(peer.messages.slice(-4)).toMatchObject([
      { id: 2, result: {} },
      { method: 'notifications/progress' },
      { method: 'notifications/message', params: { level: 'error', data: 'loud' } },
      { id: 1 },
    ])
  })

  it('hears of changes once it is ready, until it ends', async () => {
    const { app, peer, line, send, answered, greet } = connect()
    send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect(app.listeners.size).toBe(0)
    await greet()
    send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    const subscribed = await answered({ jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri: 'a:b' } })
    expect(subscribed).toMatchObject({ result: {} })
    app.change({ kind: 'tool' })
    app.change({ kind: 'contents', uri: 'a:b' })
    expect(peer.messages.slice(-2).map(({ method }) => method)).toEqual([
      'notifications/tools/list_changed',
      'notifications/resources/updated',
    ])
    line.close(new Error('over'))
    expect(app.listeners.size).toBe(0)
  })

  it('says what is wrong with a message', () => {
    const { peer, line, send } = connect()
    send({ jsonrpc: '2.0', id: 4, method: 5 })
    send({ jsonrpc: '1.0' })
    send({ jsonrpc: '2.0', id: 99, result: {} })
    line.receive({ kind: 'response', message: { jsonrpc: '2.0', error: { code: 1, message: '' } } })
    expect(peer.messages).toMatchObject([{ id: 4, error: { code: -32600 } }, { error: { code: -32600 } }])
    expect(peer.messages[1]).not.toHaveProperty('id')
  })

  it('aborts what is in flight when it ends, and says nothing more', async () => {
    const reasons: unknown[] = []
    const work = gate()
    const { peer, line, send } = connect({
      run: {
        'tools/call': ({ context }) => {
          context.signal.addEventListener('abort', () => {
            reasons.push(context.signal.reason)
            work.open()
          })
          return work.passed.then(() => text('late'))
        },
      },
    })
    send(CALL)
    line.close(new Error('over'))
    line.close(new Error('again'))
    await work.passed
    send({ jsonrpc: '2.0', id: 2, method: 'ping' })
    expect(reasons).toMatchObject([{ message: 'over' }])
    expect(peer.messages).toEqual([])
  })

  it('survives a wire that breaks', () => {
    const { era, app } = serve()
    const line = era.connect({
      send: () => {
        throw new Error('EPIPE')
      },
    })
    expect(() => line.receive(receive({ jsonrpc: '2.0', id: 1, method: 'ping' }))).not.toThrow()
    expect(app.reports).toMatchObject([{ message: 'EPIPE' }])
  })
})
