import { FastMCPError } from '../../../protocol/errors.ts'
import type { Awaitable } from '../../../schema/awaitable.ts'
import type { Proof, Unproved } from '../../../upstream/auth.ts'
import { setQueryPair } from '../../../upstream/query-pair.ts'
import type { CredentialValue } from '../options.ts'
import type { SecurityScheme } from '../routes/api.ts'

/** Puts one credential into a request. */
export type Stamp = (request: Unproved) => Awaitable<Proof>

/** A security scheme by the name that the document has for it. */
export interface NamedScheme {
  readonly name: string
  readonly scheme: SecurityScheme | undefined
}

/**
 * Makes a credential ready to be put where its scheme wants it. Throws `SETTING` for one that cannot be there, and shows
 * no word of it.
 */
export function stampOf({ name, scheme }: NamedScheme, value: CredentialValue): Stamp {
  if (typeof value === 'object' && value !== null && 'prove' in value) return checkedProof(name, value.prove)
  if (scheme?.type === 'apiKey') return keyStamp(name, scheme, textOf(name, value))
  if (scheme?.type === 'http') return httpStamp(name, scheme.scheme, value)
  if (scheme?.type === 'oauth2' || scheme?.type === 'openIdConnect') return httpStamp(name, 'bearer', value)
  throw wrong(name, 'the document does not say how it is sent; give { prove: (request) => … }')
}

function checkedProof(name: string, prove: unknown): Stamp {
  if (typeof prove !== 'function') throw wrong(name, 'prove must be a function')
  // What it takes and gives is checked by the types alone, as in `upstream`.
  return prove as Stamp
}

function keyStamp(name: string, scheme: SecurityScheme & { type: 'apiKey' }, key: string): Stamp {
  const proof: Proof = { secrets: [key, ...afterScheme(key)] }
  if (scheme.in === 'header') return headerStamp(name, { header: scheme.name, value: key }, proof)
  if (scheme.in === 'cookie') return cookieStamp(name, { cookie: scheme.name, value: key }, proof)
  checkWhole(name, scheme.name + key)
  return ({ url }) => {
    setQueryPair(url, scheme.name, key)
    return proof
  }
}

function cookieStamp(name: string, { cookie, value }: { cookie: string; value: string }, proof: Proof): Stamp {
  if (!TOKEN.test(cookie)) throw wrong(name, 'the document puts it into a cookie with a name that there cannot be')
  if (!/^[\x21-\x3a\x3c-\x7e]*$/.test(value)) throw wrong(name, 'it holds characters that no cookie can')
  const pair = `${cookie}=${value}`
  const isSame = (one: string): boolean => one.trim().split('=', 1)[0] === cookie
  return ({ headers }) => {
    const others = (headers.get('cookie') ?? '').split('; ').filter((one) => one !== '' && !isSame(one))
    headers.set('cookie', [...others, pair].join('; '))
    return proof
  }
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]{1,200}$/i

/** Belong to the connection and the body: whoever sets them makes another request of it. */
const RESERVED =
  /^(?:connection|content-(?:encoding|length|type)|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i

function headerStamp(name: string, { header, value }: { header: string; value: string }, proof: Proof): Stamp {
  if (!TOKEN.test(header) || RESERVED.test(header)) {
    throw wrong(name, 'the document puts it into a header that cannot be set')
  }
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw wrong(name, 'it holds characters that no header can')
  return ({ headers }) => {
    headers.set(header, value)
    return proof
  }
}

function httpStamp(name: string, scheme: string, value: CredentialValue): Stamp {
  if (scheme.toLowerCase() === 'basic') return basicStamp(name, value)
  const text = textOf(name, value)
  if (!TOKEN.test(scheme)) throw wrong(name, 'the document names a scheme that there cannot be')
  const label = scheme.toLowerCase() === 'bearer' ? 'Bearer' : scheme
  // Many keep it with its scheme.
  const has = text.slice(0, scheme.length + 1).toLowerCase() === `${scheme.toLowerCase()} `
  const credentials = has ? text.slice(scheme.length + 1).replace(/^ +/, '') : text
  const header = { header: 'authorization', value: `${label} ${credentials}` }
  return headerStamp(name, header, { secrets: [credentials, header.value] })
}

/** RFC 7617, in UTF-8. */
function basicStamp(name: string, value: CredentialValue): Stamp {
  const pair = pairOf(name, value)
  const colon = pair.indexOf(':')
  const password = pair.slice(colon + 1)
  const credentials = btoa(String.fromCharCode(...new TextEncoder().encode(pair)))
  // Some give a key as the user, and no password.
  const secrets = [pair, credentials, password === '' ? pair.slice(0, colon) : password]
  return headerStamp(name, { header: 'authorization', value: `Basic ${credentials}` }, { secrets })
}

function pairOf(name: string, value: CredentialValue): string {
  if (typeof value === 'string') {
    if (textOf(name, value).includes(':')) return checkedPair(name, value)
    throw wrong(name, 'must be "user:password", or { username, password }')
  }
  // Whoever has no types may give anything.
  const { username, password } = (value ?? {}) as { readonly username?: unknown; readonly password?: unknown }
  if (typeof username !== 'string' || typeof password !== 'string' || username.includes(':')) {
    throw wrong(name, 'must have a `username` without ":" and a `password`; are their environment variables set?')
  }
  return checkedPair(name, `${username}:${password}`)
}

function checkedPair(name: string, pair: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(pair)) throw wrong(name, 'holds a line break or another control character')
  return pair
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw wrong(name, typeof value === 'object' ? 'must be a text' : 'has no value; is its environment variable set?')
}

/** `Bearer <key>` is as secret as the key alone. */
function afterScheme(value: string): readonly string[] {
  const credentials = /^\S+\s+(\S.*)$/.exec(value)?.[1]
  return credentials === undefined ? [] : [credentials]
}

function checkWhole(name: string, text: string): void {
  try {
    encodeURIComponent(text)
  } catch {
    throw wrong(name, 'holds half a character')
  }
}

function wrong(name: string, problem: string): FastMCPError {
  return new FastMCPError('SETTING', `auth: "${name.slice(0, 60)}": ${problem}`)
}
