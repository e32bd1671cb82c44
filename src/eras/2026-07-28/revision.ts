/** The revisions of this era, newest first. */
export const STATELESS_REVISIONS: readonly string[] = ['2026-07-28']

const FIRST = '2026-07-28'

/**
 * Whether a version belongs to this era or to one that we do not know yet. Revisions are dates,
 * so text order is time order; a word that is no date counts as newer and is refused later.
 */
export function isStatelessVersion(version: string): boolean {
  return version >= FIRST
}

/** Names in `_meta` that the protocol keeps for itself (basic/index, Reserved keys). */
export const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion'
export const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo'
export const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
export const LOG_LEVEL = 'io.modelcontextprotocol/logLevel'
export const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'
export const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'
