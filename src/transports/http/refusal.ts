import type { Reply } from '../../eras/exchange.ts'

/** What a refusal says beside its status. */
export interface RefusalDetails {
  readonly headers?: Readonly<Record<string, string>>
  /** Any JSON value; by default a JSON-RPC error without an id. */
  readonly body?: unknown
}

/** An answer given instead of service; make one with `refuse`. */
export class Refusal implements Reply {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: string, headers: Readonly<Record<string, string>>) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Turns a request away: return this from `authenticate`. A status outside 400 to 599 or a
 * header that could not travel throws, and so ends as a 401.
 *
 * @example
 * authenticate: async (request) => {
 *   const user = await users.byToken(request.header('authorization'))
 *   return user?.locked ? refuse(403, { body: { error: 'locked' } }) : user
 * }
 */
export function refuse(status: number, details: RefusalDetails = {}): Refusal {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(`A refusal needs a status from 400 to 599, not ${status}`)
  }
  const { headers = {}, body } = details
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw new TypeError(`Header "${name}" cannot travel`)
  }
  return new Refusal(status, body === undefined ? problem(status, 'Refused') : JSON.stringify(body), headers)
}

/** A refusal of the transport's own, in words. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  return new Refusal(status, problem(status, message), headers)
}

/** For a caller who sent too much: when to come again, in the header in whole seconds. */
export function tooMany(retryAfterMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const message = `Too many requests: wait ${seconds} s before the next one`
  const error = { code: 1429, message, data: { retryAfterMs: Math.ceil(retryAfterMs) } }
  return new Refusal(429, JSON.stringify({ jsonrpc: '2.0', error }), { 'Retry-After': `${seconds}` })
}

/** JSON-RPC leaves codes above -32000 to applications: ours are 1000 and the HTTP status. */
function problem(status: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', error: { code: 1000 + status, message } })
}

const reply = (code: number, status: number, message: string): Refusal =>
  new Refusal(status, JSON.stringify({ jsonrpc: '2.0', error: { code, message } }), {})

/** For any throw: tells nothing. */
export const FAILED: Refusal = reply(-32603, 500, 'Internal error')
/** For bytes that are no UTF-8. */
export const NOT_UTF8: Refusal = reply(-32700, 400, 'The message is not valid UTF-8')
export const BROKEN: Refusal = refusal(400, 'The body broke off')
export const TOO_LARGE: Refusal = refusal(413, 'The body is larger than this server takes')
export const TOO_SLOW: Refusal = refusal(408, 'The body took too long to arrive')
export const HEADERS_TOO_LARGE: Refusal = refusal(431, 'The headers are larger than this server takes')
export const STOPPING: Refusal = refusal(503, 'The server is shutting down')
export const UNAUTHENTICATED: Refusal = refusal(401, 'Authentication is required', { 'WWW-Authenticate': 'Bearer' })
