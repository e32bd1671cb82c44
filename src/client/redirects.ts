import type { FetchLike } from '@modelcontextprotocol/client'
import { ClientError } from './errors.ts'

const MOST_HOPS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Those that leave method and body as they are. */
const FAITHFUL: ReadonlySet<number> = new Set([307, 308])

/** Whether an answer sends whoever asked to another address. */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/** A `fetch` that goes where it is sent only within the origin that it was meant for: credentials go nowhere else. */
export function withinOrigin(fetch: FetchLike): FetchLike {
  return async (address, init) => {
    let url = new URL(address)
    for (let hops = 0; ; hops++) {
      const response = await fetch(url, { ...init, redirect: 'manual' })
      if (!isRedirect(response.status) && response.type !== 'opaqueredirect') return response
      const next = nextOf(response, url)
      await response.body?.cancel()
      const isKept = FAITHFUL.has(response.status) || init?.method === undefined || init.method === 'GET'
      if (next === undefined || !isKept || hops === MOST_HOPS) {
        throw new ClientError(
          'HTTP_ERROR',
          'The server redirects elsewhere, which is not followed: check the address',
          {
            status: response.status,
          },
        )
      }
      url = next
    }
  }
}

function nextOf({ headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location')
  const next = location !== null && URL.canParse(location, from) ? new URL(location, from) : undefined
  return next?.origin === from.origin ? next : undefined
}
