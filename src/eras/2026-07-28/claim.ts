import { isRecord, type Received } from '../../protocol/json-rpc.ts'
import { claimsEnvelope, hasEnvelope } from './envelope.ts'
import { isStatelessVersion } from './revision.ts'

/**
 * Whether a message is for this era. The body decides: whoever sends an envelope, good or bad, means
 * this era, unless it is a handshake of the earlier ones. Where the body is silent, the
 * `MCP-Protocol-Version` header decides. A batch is for the era of its newest element.
 */
export function claimsStateless(received: Received, headerVersion: string | undefined): boolean {
  return bodyClaims(received) || (headerVersion !== undefined && isStatelessVersion(headerVersion.trim()))
}

function bodyClaims(received: Received): boolean {
  switch (received.kind) {
    case 'request':
      return requestClaims(received.message)
    case 'notification':
      return claimsEnvelope(received.message.params)
    case 'batch':
      return received.elements.some((element) => isRecord(element) && requestClaims(element))
    case 'response':
    case 'invalid':
      return false
  }
}

function requestClaims({ method, params }: { readonly method?: unknown; readonly params?: unknown }): boolean {
  return method === 'initialize' ? hasEnvelope(params) : claimsEnvelope(params)
}
