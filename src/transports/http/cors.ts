import type { Reply } from '../../eras/exchange.ts'
import type { HttpRequest } from './options.ts'

/** What browsers are told about reading answers across origins. */
export interface Cors {
  readonly active: boolean
  /** Headers for any answer to this request, if its origin may read it. */
  headers(request: HttpRequest): Readonly<Record<string, string>> | undefined
  /** The answer to a preflight from an allowed origin. */
  preflight(request: HttpRequest): Reply | undefined
}

const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After'
const ASKABLE = /^(?:accept|authorization|content-type|last-event-id|traceparent|tracestate|baggage|mcp-[a-z0-9-]+)$/

/** Allows exact origins only, and never cookies: a token in a header is the one way to sign in. */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins)

  function headers(request: HttpRequest): Readonly<Record<string, string>> | undefined {
    const origin = request.header('origin')
    if (origin === undefined || !allowed.has(origin)) return { Vary: 'Origin' }
    return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED, Vary: 'Origin' }
  }

  return {
    active: allowed.size > 0,
    headers: (request) => (allowed.size > 0 ? headers(request) : undefined),
    preflight(request) {
      if (!allowed.has(request.header('origin') ?? '')) return undefined
      if (request.header('access-control-request-method') === undefined) return undefined
      const asked = (request.header('access-control-request-headers') ?? '').toLowerCase().split(',')
      const granted = asked.map((name) => name.trim()).filter((name) => ASKABLE.test(name))
      return {
        status: 204,
        headers: {
          'Access-Control-Allow-Methods': 'GET, POST, DELETE',
          'Access-Control-Allow-Headers': granted.join(', '),
          'Access-Control-Max-Age': '600',
        },
      }
    },
  }
}
