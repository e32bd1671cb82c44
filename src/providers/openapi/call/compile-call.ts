import type { Context } from '../../../engine/context.ts'
import type { CallToolResult, ReadResourceResult } from '../../../protocol/methods.ts'
import type { UpstreamAuth } from '../../../upstream/auth.ts'
import { exchange, type Order } from '../../../upstream/exchange.ts'
import type { Errand } from '../../../upstream/failures.ts'
import type { Settings } from '../../../upstream/settings.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import type { Writer } from '../requests/draft.ts'
import type { Reader } from '../responses/compile-reader.ts'
import type { NextPage } from '../responses/next-page.ts'
import type { ReadAnswers } from '../responses/reading.ts'
import type { Route } from '../routes/route.ts'
import type { Forward } from '../security/forwarded-headers.ts'
import type { Turnstile } from './turnstile.ts'

type Arguments = Readonly<Record<string, unknown>>

/** One operation as a function of its arguments, which have been checked. */
export interface RouteCall {
  /** For a tool. */
  result(args: Arguments, context: Context): Promise<CallToolResult>
  /** For a resource with this URI. */
  contents(uri: string, args: Arguments, context: Context): Promise<ReadResourceResult>
}

/** What the requests of one operation are made with; all of it is known beforehand. */
export interface CallParts {
  readonly write: Writer
  /** Where the API is, its limits for this operation, and what is sent with every request. */
  readonly settings: Settings
  readonly reader: Reader
  /** Proves the caller. */
  readonly auth?: ((ctx: Context) => UpstreamAuth) | undefined
  /** Puts headers of the caller into the request. */
  readonly forward?: Forward | undefined
  readonly turnstile?: Turnstile | undefined
  /** The argument of the parameter that leads to the next page. */
  readonly pageArgument?: string | undefined
}

type Take<T> = (response: UpstreamResponse, errand: Errand) => Promise<T>

/** Makes the function of an operation: writes the request, proves and sends it, and reads the answer, with its pages. */
export function compileCall({ method, path }: Route, parts: CallParts): RouteCall {
  const { write, settings, reader, auth, forward, turnstile, pageArgument = '' } = parts
  const fixed = [...settings.headers]
  const accept = settings.headers.get('accept') ?? reader.accept
  // What `exchange` does not count among them by itself.
  const idempotent = method === 'QUERY' ? true : undefined

  const orderOf = (args: Arguments, context: Context): Order => {
    const { url, headers, body } = write(args)
    if (forward !== undefined) forward(headers, context)
    // What the author says holds, whatever a model wrote.
    for (const [name, value] of fixed) headers.set(name, value)
    headers.set('accept', accept)
    return {
      method,
      path,
      url,
      headers,
      body,
      limits: settings,
      idempotent,
      caller: context.auth,
      signal: context.signal,
    }
  }
  const send = async <T>(order: Order, context: Context, take: Take<T>): Promise<T> => {
    const proved = auth === undefined ? settings : { ...settings, auth: auth(context) }
    if (turnstile === undefined) return exchange(proved, order, take)
    await turnstile.pass(context.signal)
    return exchange({ ...proved, fetch: turnstile.again(proved.fetch) }, order, take)
  }
  const readerFor = (order: Order, args: Arguments, context: Context): ReadAnswers => {
    if (reader.pages === undefined) return reader
    const orderFor = (next: NextPage): Order =>
      next.by === 'url' ? { ...order, url: next.url } : orderOf({ ...args, [pageArgument]: next.value }, context)
    return reader.pages({
      url: order.url,
      base: settings.base,
      ask: async (next, take) => send(orderFor(next), context, take),
    })
  }

  return {
    async result(args, context) {
      const order = orderOf(args, context)
      const answers = readerFor(order, args, context)
      return send(order, context, (response, errand) => answers.result(response, errand))
    },
    async contents(uri, args, context) {
      const order = orderOf(args, context)
      const answers = readerFor(order, args, context)
      return send(order, context, (response, errand) => answers.contents(uri, response, errand))
    },
  }
}
