import { describe, expect, it } from 'vitest'
import { META, REVISION } from '../../../tests/kit/stateless.ts'
import type { ClientCapabilities } from '../../protocol/capabilities.ts'
import type { RpcRequest } from '../../protocol/json-rpc.ts'
import type { Envelope } from './envelope.ts'
import { type Carrier, StatelessOrigin } from './origin.ts'

const carrier: Carrier = {
  auth: undefined,
  header: () => undefined,
  send: () => undefined,
  onCancel: () => undefined,
  report: () => undefined,
}

function originOf(capabilities: ClientCapabilities): StatelessOrigin {
  const envelope: Envelope = { ...META, 'io.modelcontextprotocol/clientCapabilities': capabilities }
  const request: RpcRequest = { jsonrpc: '2.0', id: 1, method: 'tools/call' }
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
  ])('%s with %j is refused for want of a capability', async (method, params, declared, missing) => {
    await expect(originOf(declared).ask(method, params)).rejects.toMatchObject({
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
  ])('%s with %j cannot be asked yet although the client declared it', async (method, params, declared) => {
    await expect(originOf(declared).ask(method, params)).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
  })
})
