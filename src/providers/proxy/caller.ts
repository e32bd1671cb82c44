import type { Hearer } from '../../engine/application.ts'
import { type Auth, principalOf } from '../../engine/auth.ts'
import { backstageOf } from '../../engine/backstage.ts'
import { Context } from '../../engine/context.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import type { View } from '../provider.ts'

/** Who is calling, as far as it matters to a server elsewhere. */
export interface Caller {
  readonly auth: Auth | undefined
  /** The headers of theirs that go along. */
  readonly headers: Readonly<Record<string, string>>
  /** One text for who they are and what goes along. */
  readonly key: string
  /** The same with the session of those without a name, so that no two of them share a connection that remembers. */
  readonly connectionKey: string
}

/** Who has sent a request, as far as it is one of somebody. */
export function senderOf(view: View): Hearer {
  if (view instanceof Context) return backstageOf(view).origin
  const { auth, sessionId } = view
  return { auth, sessionId, client: { info: undefined, capabilities: {} }, header: () => undefined }
}

/** Reads who is calling; `names` are the headers that go along. */
export function callerOf(sender: Hearer, names: readonly string[]): Caller {
  const { auth, sessionId } = sender
  const headers: Record<string, string> = {}
  for (const name of names) {
    const value = sender.header(name)
    if (value !== undefined) headers[name] = value
  }
  const who = principalOf(auth)
  const key = names.length === 0 ? who : `${who}${JSON.stringify(Object.entries(headers))}`
  return { auth, headers, key, connectionKey: auth === undefined ? `${key}${sessionId ?? ''}` : key }
}

/** Belong to the connection and the message, so they cannot go along. */
const NEVER: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-session-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'origin',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The names of headers in lower case. Throws `SETTING` for one that cannot go along. */
export function checkForwarded(names: readonly string[] = []): readonly string[] {
  return names.map((name) => {
    const lower = String(name).toLowerCase()
    if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower) && !NEVER.has(lower) && !lower.startsWith('mcp-param-')) return lower
    throw new FastMCPError(
      'SETTING',
      `forwardHeaders: "${String(name).slice(0, 100)}" is not a header that can go along`,
    )
  })
}
