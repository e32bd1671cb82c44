import { McpError } from '../../protocol/errors.ts'
import type { RpcNotification, RpcRequest } from '../../protocol/json-rpc.ts'
import { claimedVersion, type Envelope, hasEnvelope, readEnvelope } from './envelope.ts'
import { checkMethodHeader, checkPresence, checkVersionHeader, type Headers, headerOf } from './headers.ts'
import { PROTOCOL_VERSION, STATELESS_REVISIONS } from './revision.ts'

/**
 * Everything about a request that can be told without knowing what the server offers, in the order
 * in which the first failure wins: envelope, headers against body, revision, headers present. A
 * connection has no headers. `all` are the revisions that an error offers. Throws `McpError`.
 */
export function climb(request: RpcRequest, all: readonly string[], headers?: Headers): Envelope {
  refuseHandshake(request)
  const envelope = readEnvelope(request.params)
  const version = envelope[PROTOCOL_VERSION]
  if (headers !== undefined) {
    checkVersionHeader(version, headers)
    checkMethodHeader(request, headers)
  }
  checkVersion(version, all)
  if (headers !== undefined) checkPresence(request, headers)
  return envelope
}

/** The same for a posted notification, of which the revision asks less: it may leave out envelope and headers. */
export function climbNotification(notification: RpcNotification, all: readonly string[], headers: Headers): void {
  const claimed = claimedVersion(notification.params)
  checkVersionHeader(claimed, headers)
  checkVersion(claimed ?? headerOf(headers, 'mcp-protocol-version'), all)
  checkMethodHeader(notification, headers)
}

/** A handshake is of the earlier revisions, so only the header can have brought it here, and the header is wrong. */
function refuseHandshake({ method, params }: RpcRequest): void {
  if (method !== 'initialize' || hasEnvelope(params)) return
  throw new McpError('HEADER_MISMATCH', 'The MCP-Protocol-Version header names a revision that has no initialize')
}

function checkVersion(version: string | undefined, all: readonly string[]): void {
  if (version === undefined || STATELESS_REVISIONS.includes(version)) return
  const requested = version.slice(0, 100)
  throw new McpError('UNSUPPORTED_PROTOCOL_VERSION', 'Unsupported protocol version', {
    data: { supported: all, requested },
  })
}
