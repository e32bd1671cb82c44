import { describe, expect, it } from 'vitest'
import { application, META, REVISION } from '../../../tests/kit/stateless.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import type { RpcRequest } from '../../protocol/json-rpc.ts'
import type { Envelope } from './envelope.ts'
import { type Carrier, StatelessOrigin } from './origin.ts'

const carrier: Carrier = {
  application: application(),
  auth: undefined,
  header: () => undefined,
  headers: () => ({}),
  send: () => undefined,
  onCancel: () => undefined,
  report: () => undefined,
}

function originOf(capabilities: ClientCapabilities, method = 'tools/call'): StatelessOrigin {
  const envelope: Envelope = { ...META, 'io.modelcontextprotocol/clientCapabilities': capabilities }
  const request: RpcRequest = { jsonrpc: '2.0', id: 1, method }
  return new StatelessOrigin(request, envelope, carrier)
}

describe('where a request comes from', () => {
  it('is all in the request: there is a revision and no session', () => {
    const origin = originOf({})
    expect([origin.revision, origin.sessionId, origin.logLevel]).toEqual([REVISION, undefined, undefined])
  })

  it.each([
    ['elicitation/create', {}, {}, { elicitation: { form: {} } }],
    ['elicitation/create', { mode: 'form' }, { elicitation: { url: {} } }, { elicitation: { form: {} } }],
    ['elicitation/create', { mode: 'url' }, { elicitation: {} }, { elicitation: { url: {} } }],
    ['sampling/createMessage', {}, { elicitation: {} }, { sampling: {} }],
    ['sampling/createMessage', { tools: [] }, { sampling: {} }, { sampling: { tools: {} } }],
    ['roots/list', {}, {}, { roots: {} }],
  ] as const)('%s with %j is refused for want of a capability', async (method, params, declared, missing) => {
    await expect(originOf(declared).ask('key', method, params)).rejects.toMatchObject({
      code: 'MISSING_CLIENT_CAPABILITY',
      data: { requiredCapabilities: missing },
    })
  })

  it.each([
    ['elicitation/create', {}, { elicitation: {} }],
    ['elicitation/create', {}, { elicitation: { form: {}, url: {} } }],
    ['elicitation/create', { mode: 'url' }, { elicitation: { url: {} } }],
    ['sampling/createMessage', {}, { sampling: {} }],
    ['sampling/createMessage', { toolChoice: {} }, { sampling: { tools: {} } }],
    ['roots/list', {}, { roots: { listChanged: true } }],
  ] as const)('%s with %j goes out where the client declared it', async (method, params, declared) => {
    const origin = originOf(declared)
    const asked = origin.ask('key', method, params)
    expect([origin.unwinding, origin.replay.requests]).toEqual([true, new Map([['key', { method, params }]])])
    await expect(asked).rejects.toMatchObject({ code: 'INPUT_REQUIRED' })
  })

  it.each(['tools/list', 'completion/complete', 'server/discover', 'subscriptions/listen'])(
    '%s cannot ask, and says so',
    async (method) => {
      const origin = originOf({ roots: {} }, method)
      await expect(origin.ask('key', 'roots/list', {})).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
      expect(origin.unwinding).toBe(false)
    },
  )

  it('no client can be asked for anything but the three', async () => {
    // Somebody without a compiler may still try.
    await expect(originOf({}).ask('key', 'ping' as 'roots/list', {})).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })
})
