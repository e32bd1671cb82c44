import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { application } from '../../tests/kit/stateless.ts'
import type { ClientCapabilities } from '../protocol/capabilities.ts'
import { McpError } from '../protocol/errors.ts'
import type { Ability } from './abilities.ts'
import type { Application } from './application.ts'
import { backstageOf, contextOf } from './backstage.ts'
import type { Call } from './call.ts'
import { Cancellation } from './inflight.ts'
import type { Origin } from './origin.ts'

function open(part: Partial<Origin> = {}) {
  const sent: { method: string; params: Readonly<Record<string, unknown>> }[] = []
  const cancellation = new Cancellation()
  const context = contextOf(
    originOf({
      notify: (method, params) => void sent.push({ method, params }),
      onCancel: (listener) => cancellation.onCancel(listener),
      ...part,
    }),
  )
  return { context, sent, cancellation }
}

describe('a context', () => {
  it('shows nothing of what stands behind it when it is logged', () => {
    const { context } = open({ auth: { subject: 'ann' }, headers: () => ({ authorization: 'canary' }) })
    expect([inspect(context), JSON.stringify(context)]).toEqual(['Context {}', '{}'])
    expect(Reflect.ownKeys(context)).toEqual([])
  })

  it('is understood by another copy of the library, whose servers may be mounted', () => {
    const { context } = open()
    expect(Reflect.get(context, Symbol.for('@fastmcp/ts/backstage'))).toBe(backstageOf(context))
  })
})

describe('ctx.signal', () => {
  it('aborts with the reason when the client cancels', () => {
    const { context, cancellation } = open()
    const { signal } = context
    cancellation.cancel(new Error('no longer wanted'))
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ message: 'no longer wanted' })
  })

  it('is aborted from the start when it is first touched after the time was over', () => {
    const { context } = open()
    backstageOf(context).cancel(new McpError('TIMEOUT', 'too late'))
    expect(context.signal.reason).toMatchObject({ code: 'TIMEOUT' })
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

describe('ctx.headers', () => {
  it('holds every header but those that may carry credentials', () => {
    const headers = {
      'x-tenant': 'acme',
      accept: '*/*',
      'idempotency-key': '1',
      authorization: 'canary',
      cookie: 'canary',
      'x-api-key': 'canary',
      'x-goog-api-key': 'canary',
      'x-auth-token': 'canary',
      'mcp-session-id': 'canary',
      'x-amz-signature': 'canary',
    }
    const { context } = open({ headers: () => headers, header: (name) => headers[name as keyof typeof headers] })
    expect({ ...context.headers }).toEqual({ 'x-tenant': 'acme', accept: '*/*', 'idempotency-key': '1' })
    expect(Object.keys(headers).filter((name) => context.header(name) === 'canary')).toEqual([])
    expect(context.headers).toBe(context.headers)
    expect(Reflect.get(context.headers, 'constructor')).toBeUndefined()
  })
})

describe('ctx.client', () => {
  it('can what it has declared', () => {
    const can = (capabilities: ClientCapabilities, ability: Ability) =>
      open({ client: { info: undefined, capabilities } }).context.client.can(ability)
    expect(can({ elicitation: {} }, 'elicitation')).toBe(true)
    expect(can({ elicitation: { form: {} } }, 'elicitation')).toBe(true)
    expect(can({ elicitation: { url: {} } }, 'elicitation')).toBe(false)
    expect(can({ elicitation: { url: {} } }, 'elicitation.url')).toBe(true)
    expect(can({ elicitation: {} }, 'elicitation.url')).toBe(false)
    expect(can({ sampling: {} }, 'sampling')).toBe(true)
    expect(can({ sampling: {} }, 'sampling.tools')).toBe(false)
    expect(can({ sampling: { tools: {} } }, 'sampling.tools')).toBe(true)
    expect(can({ roots: {} }, 'roots')).toBe(true)
    expect(can({ extensions: { 'io.example/x': {} } }, 'extensions.io.example/x')).toBe(true)
    for (const name of ['io.example/y', 'constructor', '__proto__', '']) {
      expect(can({ extensions: { 'io.example/x': {} } }, `extensions.${name}`)).toBe(false)
    }
    for (const ability of ['elicitation', 'sampling', 'roots', 'extensions.x', 'nonsense' as 'roots'] as const) {
      expect(can({}, ability)).toBe(false)
    }
  })
})

describe('ctx.readResource', () => {
  it('asks the server as the caller, and ends with the call', async () => {
    const calls: Call[] = []
    const server: Application = {
      ...application(),
      handle: (call) => {
        calls.push(call)
        return { contents: [{ uri: 'x:1', text: 'y' }] }
      },
    }
    const auth = { subject: 'alice' }
    const { context, cancellation, sent } = open({ application: server, auth, meta: { progressToken: 1 } })
    expect(await context.readResource('x:1')).toEqual({ contents: [{ uri: 'x:1', text: 'y' }] })
    const inner = calls[0]?.context
    expect(calls).toMatchObject([{ method: 'resources/read', params: { uri: 'x:1' } }])
    expect(inner?.auth).toBe(auth)
    expect(inner?.state).not.toBe(context.state)
    inner?.progress(1)
    expect(sent).toEqual([])
    expect(inner?.signal.aborted).toBe(false)
    if (inner !== undefined) backstageOf(inner).cancel(new McpError('TIMEOUT', 'The read took too long'))
    expect([inner?.signal.aborted, context.signal.aborted]).toEqual([true, false])
    await context.readResource('x:1')
    cancellation.cancel()
    expect(calls[1]?.context.signal.aborted).toBe(true)
  })

  it('counts its questions together with those of the call', async () => {
    const keys: string[] = []
    const server: Application = {
      ...application(),
      handle: async ({ context }) => {
        await context.roots()
        return { contents: [] }
      },
    }
    const ask: Origin['ask'] = async (key) => {
      keys.push(key)
      return { roots: [] }
    }
    const { context } = open({ application: server, ask })
    await context.roots()
    await context.readResource('x:1')
    await context.roots()
    expect(keys).toEqual(['roots-1', 'roots-2', 'roots-3'])
  })
})
