import type { Fetch } from '../follow.ts'
import { grammarObjection, objectionTo, refused } from './destination.ts'
import { type Lookup, lookUpPublic, systemLookup } from './lookup.ts'
import { createWebSender } from './web-sender.ts'

/** What a guarded `fetch` may do. */
export interface GuardOptions {
  /** Addresses that are called wherever they lead; left out, none. */
  readonly allow?: (url: URL) => boolean
  /** Finds the addresses of names; default: as the system does. */
  readonly lookup?: Lookup
}

/** Sends a request that has been checked; `isFree`: wherever its name leads. */
export type Send = (url: URL, init: RequestInit, isFree: boolean) => Promise<Response>

/**
 * A `fetch` for addresses that somebody else chose: it calls hosts of the public internet, and no other. In Node the
 * addresses of a name are looked up once, all of them checked, and one of those is connected to. Where there is no Node,
 * the runtime connects by itself: names are checked before that where they can be looked up, and addresses always.
 * Redirects are answers, and never followed. Rejects with `UpstreamError` (`forbidden`) for what is not called.
 *
 * @example
 * const inside = guardedFetch({ allow: (url) => url.origin === 'http://wiki.internal' })
 * const api = upstream({ baseUrl: addressFromElsewhere, fetch: inside })
 */
export function guardedFetch({ allow, lookup }: GuardOptions = {}): Fetch {
  let sender: Promise<Send> | undefined
  return async (address, init) => {
    const url = new URL(address)
    const isFree = allow?.(url) === true
    const objection = isFree ? grammarObjection(url) : objectionTo(url)
    if (objection !== undefined) throw refused(url.host, objection)
    sender ??= chooseSender(lookup)
    const send = await sender
    return send(url, init, isFree)
  }
}

async function chooseSender(given: Lookup | undefined): Promise<Send> {
  const lookup = given ?? (await systemLookup())
  const guarded = lookup && ((hostname: string) => lookUpPublic(hostname, lookup))
  if (lookup === undefined || guarded === undefined || !isNode()) return createWebSender(guarded)
  const { createNodeSender } = await import('./node-sender.ts')
  return createNodeSender({ free: lookup, guarded })
}

/** Others have modules by the same names, of which some connect as they like. */
function isNode(): boolean {
  if (typeof process === 'undefined' || process.versions?.node === undefined) return false
  return typeof navigator === 'undefined' || /^Node\.js\//.test(navigator.userAgent)
}
