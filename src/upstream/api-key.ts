import { FastMCPError } from '../protocol/errors.ts'
import type { Proof, UpstreamAuth } from './auth.ts'
import { setQueryPair } from './query-pair.ts'

/** Where a key goes: into a header, or where the upstream wants it so into the query. */
export type ApiKeyOptions =
  | { readonly header: string; readonly query?: never; readonly value: string }
  | { readonly query: string; readonly header?: never; readonly value: string }

/**
 * Proves who is calling by a key that does not change. Keep keys out of queries where you can: servers write those into
 * their logs.
 *
 * @example
 * const github = upstream({
 *   baseUrl: 'https://api.github.com',
 *   auth: apiKey({ header: 'authorization', value: `Bearer ${settings.GITHUB_TOKEN}` }),
 * })
 */
export function apiKey({ header, query, value }: ApiKeyOptions): UpstreamAuth {
  const name = header ?? query
  if (typeof name !== 'string' || name === '')
    throw new FastMCPError('SETTING', 'apiKey needs `header` or `query`: the name')
  checkValue(name, value)
  const proof: Proof = { secrets: secretsOf(value) }
  if (header === undefined) {
    return ({ url }) => {
      setQueryPair(url, name, value)
      return proof
    }
  }
  checkHeader(name, value)
  return ({ headers }) => {
    headers.set(name, value)
    return proof
  }
}

function checkValue(name: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() !== '') {
    if (/\p{Surrogate}/u.test(value)) throw new FastMCPError('SETTING', `apiKey for "${name}" holds half a character`)
    return
  }
  throw new FastMCPError('SETTING', `apiKey for "${name}" has no value; is its environment variable set?`)
}

/** Throws for what no header can hold, and says no word of the value. */
function checkHeader(name: string, value: string): void {
  try {
    new Headers([[name, value]])
  } catch {
    throw new FastMCPError('SETTING', `apiKey for "${name.slice(0, 60)}" holds characters that no header can`)
  }
}

/** `Bearer <key>` is as secret as the key alone. */
function secretsOf(value: string): readonly string[] {
  const [, credentials] = /^\S+\s+(\S.*)$/.exec(value) ?? []
  return credentials === undefined ? [value] : [value, credentials]
}
