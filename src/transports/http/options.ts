import type { Application } from '../../engine/application.ts'
import type { Auth } from '../../engine/auth.ts'
import type { Awaitable } from '../../engine/call.ts'
import { withoutSecrets } from '../../protocol/secrets.ts'
import type { CreateTakeTurn, HttpRateLimit } from './rate-limit.ts'
import type { Refusal } from './refusal.ts'

/** What `authenticate` sees of a request: never the body, and nothing normalised. */
export interface HttpRequest {
  readonly method: string
  /** As it was sent, without the query. */
  readonly path: string
  /** Of whoever is at the other end of the connection, a proxy perhaps; undefined where the runtime does not tell. */
  readonly address?: string | undefined
  /** By name in any case; several of one name are joined by ", ". */
  header(name: string): string | undefined
}

/** Finds out who sends a request. `undefined` and a throw both refuse it. */
export type Authenticate = (request: HttpRequest) => Awaitable<Auth | Refusal | undefined>

/** For operators: what went wrong inside, never shown to a client. */
export type Report = Application['report']

/** How a server is reached over HTTP, the same on Node and under `fetch`. */
export interface HttpOptions {
  /** Of the MCP endpoint, compared exactly. Default `/mcp`. */
  readonly path?: string | undefined
  /**
   * Exact `Host` values, `name` (any port) or `name:port`, in place of the default: `localhost`,
   * `127.0.0.1`, `[::1]` and the address that the server is bound to. A page in a browser can point
   * a name of its own at your machine, so what is not listed is refused, on every route.
   */
  readonly allowedHosts?: readonly string[] | undefined
  /** Exact origins of browser pages, in place of the default: pages served from this machine. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** Takes every well-formed `Host`, and lets Node listen beyond this machine without `authenticate`. */
  readonly allowPublic?: boolean | undefined
  /** Exact origins whose scripts may read answers; they count as allowed origins too. Default none. */
  readonly cors?: readonly string[] | undefined
  /**
   * Yields who is calling, for `ctx.auth`, or a refusal. Runs before the body is read, on every
   * path that is not public. Left out, everybody is served as anonymous.
   *
   * @example
   * authenticate: (request) =>
   *   request.header('authorization') === `Bearer ${env.TOKEN}` ? { subject: 'ops' } : undefined
   */
  readonly authenticate?: Authenticate | undefined
  /** Paths served without `authenticate`. `/health` and `/ready` always are. */
  readonly publicPaths?: readonly string[] | undefined
  /**
   * Whether every POST is answered in JSON, for gateways and platforms that cannot stream. Then progress and
   * log messages are not sent, `subscriptions/listen` is refused, and a client of the stateful era can be asked
   * only while it listens by GET. Default false.
   */
  readonly json?: boolean | undefined
  /** Whether `GET /health` and `GET /ready` answer. Default true. */
  readonly health?: boolean | undefined
  /** How many requests one caller may send. Default: no limit. */
  readonly rateLimit?: HttpRateLimit | undefined
  /** Most bytes in a body, counted as they arrive. Default 4 MiB. */
  readonly bodyLimit?: number | undefined
  /** The rarer bounds; what is left out keeps its default. */
  readonly limits?: Partial<HttpLimits> | undefined
  /** Where problems go; by default to the console. */
  readonly report?: Report | undefined
}

/** What a server lends to its HTTP transport, besides what its author sets. */
export interface HttpParts {
  /** Whether requests should come here now, for `GET /ready`; left out, they should. */
  readonly readiness?: (() => { readonly isReady: boolean; readonly reasons: readonly string[] }) | undefined
  /** What counts for `rateLimit`. */
  readonly createTakeTurn?: CreateTakeTurn | undefined
}

/** Bounds of an HTTP server. Bytes, or milliseconds where the name ends in `Ms`. */
export interface HttpLimits {
  /** Of the `Authorization` header. */
  readonly authorization: number
  /** Until a body is complete. */
  readonly bodyMs: number
  /** Waiting in one event stream for its reader. */
  readonly streamQueue: number
  /** Without a reader taking anything from a stream that waits. */
  readonly stallMs: number
}

/** The default bounds. */
export const HTTP_LIMITS: HttpLimits = {
  authorization: 8 * 1024,
  bodyMs: 30_000,
  streamQueue: 1024 * 1024,
  stallMs: 30_000,
}

/** The default of `bodyLimit`. */
export const BODY_LIMIT: number = 4 * 1024 * 1024

/** Reports to the console, on the error stream, without what looks secret. */
export const reportToConsole: Report = (problem, facts) =>
  console.error(withoutSecrets(`${problem.stack ?? problem.message} ${JSON.stringify(facts)}`))
