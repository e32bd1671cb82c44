/**
 * Who is calling, as `authenticate` found out. The three of `issuer`, `subject` and `clientId`
 * are the principal: sessions, caches, limits and stored state are bound to it, never to a token.
 */
export interface Auth {
  /** Whom the caller acts for: a user or service name, unique at its issuer. */
  readonly subject: string
  /** Who vouches for the subject; empty for a scheme of your own. */
  readonly issuer?: string
  /** The OAuth client or application, where there is one. */
  readonly clientId?: string
  readonly scopes?: readonly string[]
  /** Seconds since 1970 after which the proof is void. */
  readonly expiresAt?: number
  /** Anything else that the handler may want. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** One string for a principal, to key maps with. Anonymous callers share the empty one. */
export function principalOf(auth: Auth | undefined): string {
  return auth === undefined ? '' : JSON.stringify([auth.issuer ?? '', auth.subject, auth.clientId ?? ''])
}
