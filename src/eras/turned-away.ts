import { ERROR_CODES, type McpError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'

/** The part of an HTTP answer that says to come again later. */
export interface TurnedAway {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

const SOON_SECONDS = 1
/** Nobody shall be sent away for longer by a slip. */
const MOST_SECONDS = 24 * 3_600

/**
 * How HTTP itself says that there was too much to do, so that proxies, balancers and dashboards understand it too:
 * 429 or 503, and when to come again, from `data.retryAfterMs`. Undefined for every other error.
 */
export function turnedAway({ code, data }: McpError): TurnedAway | undefined {
  if (code !== 'RATE_LIMITED' && code !== 'OVERLOADED') return undefined
  return { status: ERROR_CODES[code].http, headers: { 'retry-after': `${secondsIn(data)}` } }
}

function secondsIn(data: unknown): number {
  const ms = isRecord(data) ? data.retryAfterMs : undefined
  const seconds = typeof ms === 'number' ? Math.ceil(ms / 1000) : SOON_SECONDS
  return Math.min(Math.max(seconds, SOON_SECONDS) || SOON_SECONDS, MOST_SECONDS)
}
