import type { Auth } from '../engine/auth.ts'
import type { Awaitable } from '../engine/call.ts'

/** A request that has still to be proved: put a header or a parameter of the query into it. */
export interface Unproved {
  readonly url: URL
  readonly headers: Headers
  /** On whose behalf it is made; undefined: the server's own. */
  readonly caller: Auth | undefined
  /** Aborts when nobody waits for the request any more. */
  readonly signal: AbortSignal | undefined
}

/** What a request was proved with. */
export interface Proof {
  /** Never shown: masked out of whatever the upstream says. */
  readonly secrets: readonly string[]
  /** Called when the upstream answered 401. Throws the proof away, and returns whether there will be another. */
  readonly discard?: () => boolean
}

/**
 * Proves to an upstream who is calling. `apiKey` and `oauth2` make the usual ones; one of your own is a function.
 *
 * @example
 * const signed: UpstreamAuth = async ({ url, headers }) => {
 *   const signature = await sign(url.pathname)
 *   headers.set('x-signature', signature)
 *   return { secrets: [signature] }
 * }
 */
export type UpstreamAuth = (request: Unproved) => Awaitable<Proof>
