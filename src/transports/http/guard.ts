import { FastMCPError } from '../../protocol/errors.ts'
import { type Refusal, refusal } from './refusal.ts'

/** Judges one header value: a refusal, or undefined to go on. Never throws. */
export type Check = (value: string | undefined) => Refusal | undefined

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9._-]*)(?::(\d{1,5}))?$/
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/
const LONGEST_HOST = 255 + 6

/** The names by which a machine calls itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

const NO_HOST = refusal(400, 'The Host header is missing or malformed')
const FOREIGN_HOST = refusal(403, 'This Host is not served here. If it is yours, add it to allowedHosts')
const FOREIGN_ORIGIN = refusal(403, 'This Origin is not allowed. If it is yours, add it to allowedOrigins')

/**
 * Judges `Host` by its exact grammar `name[:port]` and a list; with `any`, by its grammar alone.
 * Throws for an entry that no `Host` could equal.
 */
export function hostCheck(allowed: readonly string[] | 'any'): Check {
  const known = allowed === 'any' ? undefined : new Set(allowed.map(hostEntry))
  return remembering((value) => {
    const parts = value === undefined || value.length > LONGEST_HOST ? null : HOST.exec(value.toLowerCase())
    if (parts === null || Number(parts[2] ?? 0) > 65_535) return NO_HOST
    const [whole, name] = parts
    return known === undefined || known.has(whole) || known.has(name ?? '') ? undefined : FOREIGN_HOST
  })
}

/** Judges `Origin`: absent is fine, for only browsers send one; by default this machine's pages are too. */
export function originCheck(allowed: readonly string[] | undefined, cors: readonly string[]): Check {
  const known = new Set([...(allowed ?? []), ...cors].map(originEntry))
  return remembering((value) => {
    if (value === undefined || known.has(value)) return undefined
    return allowed === undefined && LOOPBACK_ORIGIN.test(value) ? undefined : FOREIGN_ORIGIN
  })
}

const NOT_JSON = refusal(415, 'Content-Type must be application/json')
const ENCODED = refusal(415, 'Content-Encoding is not supported', { 'Accept-Encoding': 'identity' })
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i

/** Judges `Content-Type`: JSON in UTF-8, said so exactly. */
export const typeCheck: Check = remembering((value) =>
  value !== undefined && JSON_TYPE.test(value) ? undefined : NOT_JSON,
)

/** Judges `Content-Encoding`: nothing is decompressed, so no small body grows large. */
export function encodingCheck(value: string | undefined): Refusal | undefined {
  return value === undefined || value.toLowerCase() === 'identity' ? undefined : ENCODED
}

function hostEntry(entry: string): string {
  const value = entry.toLowerCase()
  if (HOST.test(value)) return value
  throw new FastMCPError(
    'SETTING',
    `allowedHosts: "${entry}" is not a host such as "example.com" or "example.com:8443"`,
  )
}

function originEntry(entry: string): string {
  if (URL.canParse(entry) && new URL(entry).origin === entry) return entry
  throw new FastMCPError('SETTING', `"${entry}" is not an origin such as "https://app.example.com", without a path`)
}

const MOST_REMEMBERED = 256
const LONGEST_REMEMBERED = 256

/** Headers repeat from request to request: keeps the verdicts, within bounds that a flood cannot widen. */
function remembering(judge: Check): Check {
  const verdicts = new Map<string | undefined, Refusal | undefined>()
  let last: string | undefined
  let verdict = judge(undefined)
  return (value) => {
    if (value === last) return verdict
    let found = verdicts.get(value)
    if (found === undefined && !verdicts.has(value)) {
      found = judge(value)
      if (value !== undefined && value.length > LONGEST_REMEMBERED) return found
      if (verdicts.size >= MOST_REMEMBERED) verdicts.clear()
      verdicts.set(value, found)
    }
    last = value
    verdict = found
    return found
  }
}
