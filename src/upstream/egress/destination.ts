import { parseIp } from '../../protocol/ip.ts'
import { UpstreamError } from '../upstream-error.ts'
import { specialUseOf } from './address-class.ts'

/** Names of networks of one's own: reserved (RFC 6761, 6762 with its appendix G, 8375), or in use by clouds and clusters. */
const LOCAL = /(?:^|\.)(?:localhost|local|internal|intranet|private|corp|home|lan|home\.arpa|svc|localdomain)$/

/**
 * What speaks against calling an address, seen from the address alone, in words that go on after it; undefined: nothing.
 * What a name stands for is another question.
 */
export function objectionTo(url: URL): string | undefined {
  const objection = grammarObjection(url)
  if (objection !== undefined) return objection
  const host = hostOf(url)
  if (isLiteral(host)) {
    const use = specialUseOf(host)
    return use && `is not a public address (it is ${use})`
  }
  const name = host.replace(/\.+$/, '')
  return !name.includes('.') || LOCAL.test(name) ? 'is the name of something inside a network' : undefined
}

/** What speaks against any address, wherever it leads. */
export function grammarObjection(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is no http or https address'
  return url.username !== '' || url.password !== '' ? 'holds a user and password' : undefined
}

/** The host of an address; one of IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

/** Whether a host is an address and no name. The parser of URLs has made one spelling of all that there are. */
export function isLiteral(host: string): boolean {
  return parseIp(host) !== undefined
}

/** The error for a request that is not made. Where it would have gone is for people only, in `cause`. */
export function refused(host: string, objection: string): UpstreamError {
  const words =
    'The API is not called, because its address is not a public one. Whoever runs this server can name it as `baseUrl`, ' +
    'or `allow` it'
  return new UpstreamError(words, { reason: 'forbidden', cause: new Error(`${host} ${objection}`) })
}
