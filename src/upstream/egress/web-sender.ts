import { hostOf, isLiteral } from './destination.ts'
import type { Send } from './guarded-fetch.ts'
import type { Lookup } from './lookup.ts'

/** Sends by the `fetch` of the runtime, which looks names up again by itself: what is checked here may change until then. */
export function createWebSender(guarded: Lookup | undefined): Send {
  return async (url, init, isFree) => {
    const host = hostOf(url)
    if (!isFree && guarded !== undefined && !isLiteral(host)) await guarded(host)
    return fetch(url.href, { ...init, redirect: 'manual' })
  }
}
