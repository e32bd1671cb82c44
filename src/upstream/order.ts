import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Auth } from '../engine/auth.ts'
import { FastMCPError, ToolError } from '../protocol/errors.ts'
import type { Order } from './exchange.ts'
import type { Body } from './follow.ts'
import { readLimits, type Settings, setHeader, type UpstreamOptions } from './settings.ts'
import { addressOf, type PathValue, type Query } from './target.ts'

/** What can be done. */
export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who asks, as the context of a handler tells. */
export interface Caller {
  readonly signal: AbortSignal
  readonly auth: Auth | undefined
}

/** What one request adds to its upstream. */
export interface RequestOptions<S extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined>
  extends Pick<UpstreamOptions, 'headers' | 'timeout' | 'retry' | 'maxResponseBytes'> {
  /** For each `{name}` of the path. */
  readonly params?: Readonly<Record<string, PathValue>>
  readonly query?: Query | URLSearchParams
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: Body
  /** What the answer must be. */
  readonly output?: S
  /** The context of the handler: ends the request with the call, and says on whose behalf it is made. */
  readonly ctx?: Caller
  /** Ends the request; left out, that of `ctx`. */
  readonly signal?: AbortSignal
  /** Says that doing it twice is doing it once, as with an idempotency key, so that it may be tried again. */
  readonly idempotent?: boolean
}

/** Makes an order of a request. Throws `ToolError` for values that no request can hold: a model may have made them up. */
export function orderOf(
  settings: Settings,
  what: { readonly method: Method; readonly path: string },
  options: RequestOptions = {},
): Order {
  const { method, path } = what
  const { params, query, ctx, idempotent } = options
  const headers = headersOf(settings, options)
  const body = bodyOf(options, headers)
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new FastMCPError('SETTING', `${method} has no body; give parameters as \`query\``)
  }
  return {
    method,
    path,
    url: addressOf(settings.base, { path, params, query }),
    headers,
    body,
    limits: readLimits(options, settings),
    idempotent,
    caller: ctx?.auth,
    signal: options.signal ?? ctx?.signal,
  }
}

function headersOf(settings: Settings, { headers }: RequestOptions): Headers {
  const all = new Headers(settings.headers)
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!setHeader(all, name, value)) {
      throw new ToolError('VALIDATION_ERROR', `The value for the header ${name.slice(0, 60)} cannot be sent`)
    }
  }
  return all
}

function bodyOf({ json, body }: RequestOptions, headers: Headers): Body | undefined {
  if (json === undefined) return body
  if (body !== undefined) throw new FastMCPError('SETTING', 'A request has `json` or `body`, not both')
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return JSON.stringify(json)
}
