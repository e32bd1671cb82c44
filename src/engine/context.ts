import type { Meta } from '../protocol/content.ts'
import type { McpError } from '../protocol/errors.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import { LOG_LEVELS, type LogLevel } from '../protocol/methods.ts'
import type { Auth } from './auth.ts'
import type { ClientFace, Origin } from './origin.ts'

/** Sends a log message to the client: words, and facts as JSON. */
export type LogAt = (message: string, facts?: Readonly<Record<string, unknown>>) => void

/** One function per severity. */
export type Log = { readonly [L in LogLevel]: LogAt }

/**
 * What a handler knows and can do beside its arguments. One per call; its parts are made
 * when they are first touched, so what you do not use costs nothing.
 *
 * @example
 * mcp.tool('copy', { description: 'Copies rows', input }, async ({ rows }, ctx) => {
 *   for (const [i, row] of rows.entries()) {
 *     ctx.signal.throwIfAborted()
 *     await copy(row)
 *     ctx.progress(i + 1, rows.length)
 *   }
 *   ctx.log.info('copied', { rows: rows.length })
 * })
 */
export class Context {
  readonly #origin: Origin
  #abort: AbortController | undefined
  #log: Log | undefined
  #state: Map<string, unknown> | undefined
  #progress = Number.NEGATIVE_INFINITY

  constructor(origin: Origin) {
    this.#origin = origin
  }

  /** The JSON-RPC id of the request. */
  get requestId(): RequestId {
    return this.#origin.requestId
  }

  /** Who is calling; undefined for anonymous callers. */
  get auth(): Auth | undefined {
    return this.#origin.auth
  }

  /** The stateful session, or undefined: the stateless era has none. */
  get sessionId(): string | undefined {
    return this.#origin.sessionId
  }

  /** What the client says it is and can do; not verified. */
  get client(): ClientFace {
    return this.#origin.client
  }

  /** `_meta` of the request, as sent. */
  get meta(): Meta | undefined {
    return this.#origin.meta
  }

  /** Values for the rest of this request: middleware puts them in, handlers take them out. */
  get state(): Map<string, unknown> {
    this.#state ??= new Map()
    return this.#state
  }

  /** Aborts when the client cancels or disconnects, the time is over, or the server shuts down. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController()
      this.#abort = abort
      this.#origin.onCancel((reason) => abort.abort(reason))
    }
    return this.#abort.signal
  }

  /** Aborts `signal`, if anybody looks at it. For the engine's own time-outs. */
  cancel(reason: McpError): void {
    this.#abort?.abort(reason)
  }

  /** A request header by its name in any case; credentials are never shown. */
  header(name: string): string | undefined {
    const key = name.toLowerCase()
    return SECRET_HEADERS.has(key) ? undefined : this.#origin.header(key)
  }

  /** Log messages for the client, at the levels it asked for. */
  get log(): Log {
    this.#log ??= logTo(this.#origin)
    return this.#log
  }

  /**
   * Tells the client how far the work is, if it asked to know. `done` must grow from call to
   * call: what does not is dropped. Leave `total` out when it is unknown.
   */
  progress(done: number, total?: number, message?: string): void {
    const token = this.#origin.meta?.progressToken
    if (typeof token !== 'string' && typeof token !== 'number') return
    if (!Number.isFinite(done) || done <= this.#progress) return
    this.#progress = done
    const params: Record<string, unknown> = { progressToken: token, progress: done }
    if (total !== undefined) params.total = total
    if (message !== undefined) params.message = message
    this.#origin.notify('notifications/progress', params)
  }

  /** Sends a notification of your own about this request. */
  notify(method: `notifications/${string}`, params: Readonly<Record<string, unknown>> = {}): void {
    this.#origin.notify(method, params)
  }
}

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
])

function logTo(origin: Origin): Log {
  const least = origin.logLevel === undefined ? LOG_LEVELS.length : LOG_LEVELS.indexOf(origin.logLevel)
  const at = (level: LogLevel, rank: number): LogAt =>
    rank < least
      ? () => undefined
      : (message, facts) =>
          origin.notify('notifications/message', { level, data: facts ? { message, ...facts } : message })
  return Object.fromEntries(LOG_LEVELS.map((level, rank) => [level, at(level, rank)])) as Log
}
