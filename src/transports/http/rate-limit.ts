import { type Auth, principalOf } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import { clientKey, type Trust, trustIn } from './client-address.ts'
import type { HttpRequest } from './options.ts'
import { Refusal, tooMany } from './refusal.ts'

/** How many requests one caller may send. Who sends more is refused before the body is read. */
export interface HttpRateLimit {
  /** Most requests in any stretch of `per`. */
  readonly limit: number
  /** Milliseconds. */
  readonly per: number
  /**
   * Addresses or networks of proxies in front of the server, such as `['10.0.0.0/8']`: only their `X-Forwarded-For`
   * tells callers without a name apart. Default none: then the address of the connection counts.
   */
  readonly trustProxy?: readonly string[] | undefined
  /**
   * Where a caller without a name is, for platforms that tell it their own way. `fetch` runtimes do not tell it at
   * all; without this, callers without a name share one count there.
   *
   * @example
   * address: (request) => request.header('cf-connecting-ip')
   */
  readonly address?: ((request: HttpRequest) => string | undefined) | undefined
}

/** Whether one more is let through. */
export type Turn =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      readonly retryAfterMs: number
    }

/** Counts one more under a key. */
export type TakeTurn = (key: string) => Awaitable<Turn>

/** Makes what counts for a limit; throws for numbers that cannot be. */
export type CreateTakeTurn = (limit: Pick<HttpRateLimit, 'limit' | 'per'>) => TakeTurn

/** Judges whether a caller has sent too much; undefined for one who may go on. */
export type Throttle = (request: HttpRequest, auth: Auth | Refusal | undefined) => Awaitable<Refusal | undefined>

/** Makes the throttle of a server. Callers count by principal; those without a name, or refused for want of one, by address. */
export function createThrottle(options: HttpRateLimit, createTakeTurn: CreateTakeTurn | undefined): Throttle {
  if (createTakeTurn === undefined) throw new FastMCPError('SETTING', 'rateLimit: there is nothing here that counts')
  const take = createTakeTurn(options)
  const isTrusted = trustIn(options.trustProxy ?? [])
  const place = (request: HttpRequest): string => keyOf(request, options, isTrusted)
  return (request, auth) => {
    const isNamed = auth !== undefined && !(auth instanceof Refusal)
    // No principal looks like an address, for it is a JSON list.
    const turn = take(isNamed ? principalOf(auth) : place(request))
    return turn instanceof Promise ? turn.then(refusalFor) : refusalFor(turn)
  }
}

function keyOf(request: HttpRequest, { address }: HttpRateLimit, isTrusted: Trust): string {
  return address === undefined
    ? clientKey(request.address, request.header('x-forwarded-for'), isTrusted)
    : clientKey(address(request), undefined, NOBODY)
}

const NOBODY: Trust = () => false

function refusalFor(turn: Turn): Refusal | undefined {
  return turn.allowed ? undefined : tooMany(turn.retryAfterMs)
}
