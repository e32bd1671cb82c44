import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  application,
  begin,
  eraOf,
  type Json,
  post,
  request,
  type TestApplication,
  type TestExchange,
} from '../../../tests/kit/stateless.ts'
import type { Change } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Era, EraOptions } from '../era.ts'
import { STREAMED } from '../exchange.ts'

const ID = 'io.modelcontextprotocol/subscriptionId'
const ALL_KINDS = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }

let app: TestApplication
let era: Era

beforeEach(() => {
  vi.useFakeTimers()
  serve()
})
afterEach(() => {
  era.close()
  vi.useRealTimers()
})

function serve(limits: Partial<EraOptions['listens']> = {}): void {
  app = application({ hidden: ['test://hidden'], later: true })
  era = eraOf(app, limits)
}

async function listen(notifications: unknown, id: string | number = 'sub-1', auth?: Auth): Promise<TestExchange> {
  const { exchange, answer } = begin(era, request('subscriptions/listen', { notifications }, id), auth && { auth })
  expect(await answer).toBe(STREAMED)
  return exchange
}

function summary(exchange: TestExchange): unknown[] {
  return exchange.messages.map(({ method, params, id, result }) => {
    const { _meta, ...rest } = (params ?? result) as Json
    return [method ?? id, (_meta as Json)[ID], rest]
  })
}

describe('a subscription', () => {
  it('is acknowledged first, with what the server will send and under its own id', async () => {
    const exchange = await listen({ toolsListChanged: true, promptsListChanged: false }, 42)
    expect(summary(exchange)).toEqual([
      ['notifications/subscriptions/acknowledged', 42, { notifications: { toolsListChanged: true } }],
    ])
    expect(exchange.isClosed).toBe(false)
    expect(exchange.streamHeaders).toEqual({ 'x-accel-buffering': 'no' })
  })

  it('hears of what it asked for and of nothing else', async () => {
    const tools = await listen({ toolsListChanged: true }, 'tools')
    const rest = await listen({ promptsListChanged: true, resourcesListChanged: true }, 'rest')
    const file = await listen({ resourceSubscriptions: ['test://a', 'test://a'] }, 'file')
    const changes: Change[] = [
      { kind: 'tool' },
      { kind: 'prompt' },
      { kind: 'resource' },
      { kind: 'template' },
      { kind: 'contents', uri: 'test://a' },
      { kind: 'contents', uri: 'test://a/b' },
    ]
    for (const change of changes) app.change(change)
    expect(summary(tools).slice(1)).toEqual([['notifications/tools/list_changed', 'tools', {}]])
    expect(summary(rest).slice(1)).toEqual([
      ['notifications/prompts/list_changed', 'rest', {}],
      ['notifications/resources/list_changed', 'rest', {}],
      ['notifications/resources/list_changed', 'rest', {}],
    ])
    // This application finds out later whether a resource can be read.
    await Promise.resolve()
    expect(summary(file).slice(1)).toEqual([['notifications/resources/updated', 'file', { uri: 'test://a' }]])
  })

  it('leaves out what the caller cannot read and what the server does not offer', async () => {
    const hidden = await listen({ toolsListChanged: true, resourceSubscriptions: ['test://hidden', 'test://a'] })
    expect(summary(hidden)[0]).toEqual([
      'notifications/subscriptions/acknowledged',
      'sub-1',
      { notifications: { toolsListChanged: true, resourceSubscriptions: ['test://a'] } },
    ])
    app.change({ kind: 'contents', uri: 'test://hidden' })
    expect(hidden.messages).toHaveLength(1)

    app = application({
      run: { 'server/discover': () => ({ serverInfo: app.identity, capabilities: { prompts: {} } }) },
    })
    era = eraOf(app)
    const poor = await listen({ ...ALL_KINDS, resourceSubscriptions: ['test://a'] })
    expect(summary(poor)[0]).toMatchObject([expect.any(String), 'sub-1', { notifications: {} }])
  })

  it('with nothing to tell of is acknowledged and ended', async () => {
    for (const filter of [
      {},
      { toolsListChanged: false },
      { resourceSubscriptions: [] },
      { resourceSubscriptions: ['test://hidden'] },
    ]) {
      const exchange = await listen(filter)
      expect(summary(exchange)).toEqual([
        ['notifications/subscriptions/acknowledged', 'sub-1', { notifications: {} }],
        ['sub-1', 'sub-1', { resultType: 'complete' }],
      ])
      expect(exchange.isClosed).toBe(true)
    }
    expect(app.listeners.size).toBe(0)
  })

  it.each([
    [undefined, 'notifications'],
    [null, 'notifications'],
    [[], 'notifications'],
    [{ toolsListChanged: 'yes' }, 'toolsListChanged'],
    [{ resourceSubscriptions: 'test://a' }, 'resourceSubscriptions'],
    [{ resourceSubscriptions: [7] }, 'URI'],
    [{ resourceSubscriptions: ['\ud800'] }, 'URI'],
    [{ resourceSubscriptions: Array.from({ length: 1_001 }, (_, n) => `test://${n}`) }, '1000'],
  ])('is refused with the filter %.60j', async (notifications, word) => {
    const { status, body, isStream } = await post(era, request('subscriptions/listen', { notifications }))
    expect([status, isStream, (body.error as Json).code]).toEqual([200, false, -32602])
    expect((body.error as Json).message).toContain(word)
  })

  it('needs a client that takes events', async () => {
    const message = request('subscriptions/listen', { notifications: ALL_KINDS })
    const { status, body } = await post(era, message, { headers: { accept: 'application/json' } })
    expect([status, (body.error as Json).code]).toEqual([406, -32600])
  })

  it('is refused as a layer of the server refuses it', async () => {
    const refused = application({
      run: {
        'server/discover': () => {
          throw new McpError('RATE_LIMITED', 'slow down')
        },
      },
    })
    const { body } = await post(eraOf(refused), request('subscriptions/listen', { notifications: ALL_KINDS }))
    expect(body.error).toEqual({ code: 1429, message: 'slow down' })
  })
})

describe('the life of a subscription', () => {
  it('is shown in quiet times, and not after it', async () => {
    serve({ keepAliveMs: 15_000 })
    const exchange = await listen(ALL_KINDS)
    vi.advanceTimersByTime(45_000)
    expect(exchange.frames.slice(1)).toEqual([':\n\n', ':\n\n', ':\n\n'])
    exchange.hangUp()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends without a word when the client goes away', async () => {
    const exchange = await listen(ALL_KINDS)
    expect(app.listeners.size).toBe(1)
    exchange.hangUp()
    app.change({ kind: 'tool' })
    expect(exchange.messages).toHaveLength(1)
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('does not begin when the client goes away before it could', async () => {
    const { exchange, answer } = begin(era, request('subscriptions/listen', { notifications: ALL_KINDS }))
    exchange.hangUp()
    await answer
    expect([exchange.frames.length, app.listeners.size, vi.getTimerCount()]).toEqual([0, 0, 0])
  })

  it('ends when the stream is cut off, at the first message that it does not take', async () => {
    const cut = await listen(ALL_KINDS, 'cut')
    const kept = await listen(ALL_KINDS, 'kept')
    cut.close()
    app.change({ kind: 'tool' })
    app.change({ kind: 'prompt' })
    expect([cut.messages.length, kept.messages.length]).toEqual([1, 3])
    kept.close()
    vi.advanceTimersByTime(60_000)
    expect([app.listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('ends with its result when the server closes, once, and others may begin again', async () => {
    const open = [await listen(ALL_KINDS, 1), await listen(ALL_KINDS, 'two')]
    era.close()
    era.close()
    for (const exchange of open) {
      expect(exchange.isClosed).toBe(true)
      expect(exchange.messages.slice(1)).toEqual([
        {
          jsonrpc: '2.0',
          id: exchange === open[0] ? 1 : 'two',
          result: {
            resultType: 'complete',
            _meta: {
              [ID]: exchange === open[0] ? 1 : 'two',
              'io.modelcontextprotocol/serverInfo': { name: 'server', version: '2.0.0' },
            },
          },
        },
      ])
    }
    expect(vi.getTimerCount()).toBe(0)
    await listen(ALL_KINDS, 3)
    expect(app.listeners.size).toBe(1)
  })

  it('ends when the proof of identity runs out, before anything more is told', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 20
    const told = await listen(ALL_KINDS, 'told', { subject: 'ann', expiresAt })
    const quiet = await listen(ALL_KINDS, 'quiet', { subject: 'bob', expiresAt })
    vi.setSystemTime((expiresAt + 1) * 1000)
    app.change({ kind: 'tool' })
    expect(summary(told).slice(1)).toEqual([['told', 'told', { resultType: 'complete' }]])
    vi.advanceTimersByTime(15_000)
    expect(quiet.isClosed).toBe(true)
  })
})

describe('room for subscriptions', () => {
  const refused = async (auth?: Auth): Promise<unknown[]> => {
    const { status, body } = await post(
      era,
      request('subscriptions/listen', { notifications: ALL_KINDS }),
      auth && { auth },
    )
    return [status, (body.error as Json | undefined)?.code]
  }

  it('is bounded for each principal, and the others are not touched', async () => {
    serve({ perPrincipal: 2 })
    const ann = { subject: 'ann', issuer: 'https://a' }
    const first = await listen(ALL_KINDS, 1, ann)
    await listen(ALL_KINDS, 2, ann)
    expect(await refused(ann)).toEqual([429, 1429])
    await listen(ALL_KINDS, 3, { subject: 'ann', issuer: 'https://b' })
    for (const id of [4, 5, 6]) await listen(ALL_KINDS, id)
    first.hangUp()
    await listen(ALL_KINDS, 7, ann)
  })

  it('is bounded for the server', async () => {
    serve({ most: 2 })
    await listen(ALL_KINDS, 1)
    const second = await listen(ALL_KINDS, 2, { subject: 'ann' })
    expect(await refused()).toEqual([503, 1503])
    second.hangUp()
    await listen(ALL_KINDS, 3)
  })
})
