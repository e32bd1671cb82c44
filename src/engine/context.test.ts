import { describe, expect, it } from 'vitest'
import { Context } from './context.ts'
import { Cancellation } from './inflight.ts'
import type { Origin } from './origin.ts'

function open(part: Partial<Origin> = {}) {
  const sent: { method: string; params: Readonly<Record<string, unknown>> }[] = []
  const cancellation = new Cancellation()
  const context = new Context({
    requestId: 1,
    revision: 'any',
    client: { info: undefined, capabilities: {} },
    auth: undefined,
    sessionId: undefined,
    meta: undefined,
    logLevel: undefined,
    header: () => undefined,
    notify: (method, params) => void sent.push({ method, params }),
    ask: () => Promise.reject(new Error('nobody to ask')),
    onCancel: (listener) => cancellation.onCancel(listener),
    ...part,
  })
  return { context, sent, cancellation }
}

describe('ctx.signal', () => {
  it('aborts with the reason when the client cancels', () => {
    const { context, cancellation } = open()
    const { signal } = context
    cancellation.cancel(new Error('no longer wanted'))
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ message: 'no longer wanted' })
  })

  it('is aborted from the start when it is first touched after the cancellation', () => {
    const { context, cancellation } = open()
    cancellation.cancel()
    expect(context.signal.aborted).toBe(true)
  })
})

describe('ctx.progress', () => {
  it('sends nothing unless the client gave a token', () => {
    const { context, sent } = open({ meta: {} })
    context.progress(1, 2)
    expect(sent).toEqual([])
  })

  it('sends growing values only', () => {
    const { context, sent } = open({ meta: { progressToken: 't' } })
    for (const done of [0, 1, 1, 0.5, Number.NaN, 2]) context.progress(done, 2)
    expect(sent.map(({ params }) => params.progress)).toEqual([0, 1, 2])
    expect(sent[0]).toEqual({ method: 'notifications/progress', params: { progressToken: 't', progress: 0, total: 2 } })
  })

  it('leaves out what is not known', () => {
    const { context, sent } = open({ meta: { progressToken: 7 } })
    context.progress(1, undefined, 'counting')
    expect(sent[0]?.params).toEqual({ progressToken: 7, progress: 1, message: 'counting' })
  })
})

describe('ctx.log', () => {
  it('sends the levels that the client wants', () => {
    const { context, sent } = open({ logLevel: 'warning' })
    context.log.info('quiet')
    context.log.error('loud', { disk: 'full' })
    expect(sent).toEqual([
      { method: 'notifications/message', params: { level: 'error', data: { message: 'loud', disk: 'full' } } },
    ])
  })

  it('sends nothing to a client that asked for no log', () => {
    const { context, sent } = open()
    context.log.emergency('fire')
    expect(sent).toEqual([])
  })
})

describe('ctx.header', () => {
  it('finds a header in any case and never shows credentials', () => {
    const { context } = open({ header: (name) => `value of ${name}` })
    expect(context.header('X-Tenant')).toBe('value of x-tenant')
    expect(context.header('Authorization')).toBeUndefined()
    expect(context.header('cookie')).toBeUndefined()
  })
})
