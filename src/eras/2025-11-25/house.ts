import { principalOf } from '../../engine/auth.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Exchange, Reply } from '../exchange.ts'
import { invalidRequest, refuse } from './failures.ts'
import type { Ground } from './listening.ts'
import { guestOf, type Party } from './party.ts'
import type { Report } from './posted.ts'
import { ASSUMED, REVISIONS, revisionNamed } from './revisions.ts'
import type { Serve } from './serve.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

/** What the exchanges of a server share. */
export interface House extends Ground {
  readonly serve: Serve
  readonly sessions: Sessions
  /** Most messages in a batch. */
  readonly batch: number
  readonly report: Report
}

/** The header that names a session. */
export const SESSION_HEADER = 'mcp-session-id'
const REVISION_HEADER = 'mcp-protocol-version'

/** The same words for every id that opens no session, whatever the reason. */
const UNKNOWN_SESSION: Reply = Object.freeze(
  refuse(404, invalidRequest('Unknown session. Begin a new one with initialize, without the Mcp-Session-Id header')),
)
const NO_SESSION: Reply = Object.freeze(refuse(400, invalidRequest('The Mcp-Session-Id header is missing')))
const OTHER_REVISION: Reply = Object.freeze(
  refuse(
    400,
    new McpError(
      'UNSUPPORTED_PROTOCOL_VERSION',
      `Unsupported MCP-Protocol-Version. With a handshake: ${REVISIONS.map(({ name }) => name).join(', ')}`,
    ),
  ),
)

/** Who sends an exchange: the session it names, or a guest. Or the refusal. */
export function partyOf(house: House, exchange: Exchange): Party | Reply {
  const id = exchange.header(SESSION_HEADER)
  if (id !== undefined) return sessionOf(house, exchange, id)
  const name = exchange.header(REVISION_HEADER)
  const revision = name === undefined ? ASSUMED : revisionNamed(name)
  return revision === undefined ? OTHER_REVISION : guestOf(revision)
}

/** The session that an exchange names, or the refusal. It keeps its revision; the header must only name a possible one. */
export function sessionOf(
  house: House,
  exchange: Exchange,
  id: string | undefined = exchange.header(SESSION_HEADER),
): Session | Reply {
  if (id === undefined) return NO_SESSION
  const session = house.sessions.find(id, principalOf(exchange.auth))
  if (session === undefined) return UNKNOWN_SESSION
  const name = exchange.header(REVISION_HEADER)
  return name === undefined || revisionNamed(name) !== undefined ? session : OTHER_REVISION
}

/** Tells a refusal from what was looked for. */
export function isReply(found: object): found is Reply {
  return 'status' in found
}
