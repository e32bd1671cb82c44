import type { StandardSchemaV1 } from '@standard-schema/spec'
import { type AnswerOf, checkAnswer, readJson, refusalOf } from './answer.ts'
import { exchange, isPassing, type Order } from './exchange.ts'
import { type Method, orderOf, type RequestOptions } from './order.ts'
import { readSettings, type Settings, type UpstreamOptions } from './settings.ts'
import type { PathParams } from './target.ts'
import type { UpstreamResponse } from './upstream-response.ts'

/** The options of a request to `P`: left out only where the path has no parameters. */
export type OptionsFor<P extends string, S extends StandardSchemaV1 | undefined> = string extends P
  ? [options?: RequestOptions<S> & { readonly params?: PathParams<string> }]
  : [keyof PathParams<P>] extends [never]
    ? [options?: RequestOptions<S>]
    : [options: RequestOptions<S> & { readonly params: PathParams<P> }]

/** Asks for JSON with one method. */
export type Ask = <P extends string, S extends StandardSchemaV1 | undefined = undefined>(
  path: P,
  ...options: OptionsFor<P, S>
) => Promise<AnswerOf<S>>

/** A service that we call. Every request is limited in time and size, and rejects with `UpstreamError`. */
export interface Upstream {
  readonly get: Ask
  readonly post: Ask
  readonly put: Ask
  readonly patch: Ask
  readonly delete: Ask
  /** The JSON of a request with any method. */
  readonly request: <P extends string, S extends StandardSchemaV1 | undefined = undefined>(
    method: Method,
    path: P,
    ...options: OptionsFor<P, S>
  ) => Promise<AnswerOf<S>>
  /**
   * The answer itself, whatever its status says and its body is. Read or `discard` it: until then, or until the time is
   * over, it holds a connection.
   */
  readonly send: <P extends string>(
    method: Method,
    path: P,
    ...options: OptionsFor<P, undefined>
  ) => Promise<UpstreamResponse>
}

/**
 * A client of one service over HTTP. It gives JSON, checked against `output` where there is one; aborts with `ctx`; tries
 * again what may be tried again; and what fails is an `UpstreamError`, which a model can read. Give values as `params`
 * and `query`, not inside the path: they are encoded there, and stay what they are.
 *
 * @example
 * const weather = upstream({ baseUrl: 'https://api.open-meteo.com/v1', timeout: 5_000 })
 *
 * mcp.tool('forecast', { description: 'Weather of tomorrow', input: Place }, ({ lat, lon }, ctx) =>
 *   weather.get('/forecast', { query: { latitude: lat, longitude: lon, daily: 'weather_code' }, output: Forecast, ctx }),
 * )
 */
export function upstream(options: UpstreamOptions): Upstream {
  const settings = readSettings(options)
  const request = async (method: Method, path: string, given?: RequestOptions): Promise<unknown> =>
    askJson(settings, orderOf(settings, { method, path }, given), given?.output)
  // `askJson` gives what the schema says, or where there is none anything.
  const ask = (method: Method): Ask => ((path: string, given?: RequestOptions) => request(method, path, given)) as Ask
  const face: Upstream = {
    get: ask('GET'),
    post: ask('POST'),
    put: ask('PUT'),
    patch: ask('PATCH'),
    delete: ask('DELETE'),
    request: request as Upstream['request'], // as above
    send: async (method, path, ...[given]) => sendRaw(settings, orderOf(settings, { method, path }, given)),
  }
  return Object.freeze(face)
}

async function askJson(settings: Settings, order: Order, output: StandardSchemaV1 | undefined): Promise<unknown> {
  if (!order.headers.has('accept')) order.headers.set('accept', 'application/json')
  return exchange(settings, order, async (response, errand) => {
    if (!response.ok) {
      const refusal = await refusalOf(response, errand, { most: settings.excerptLength })
      response.discard()
      throw refusal
    }
    const value = await readJson(response, errand)
    return output === undefined ? value : checkAnswer(value, output, { errand, status: response.status })
  })
}

async function sendRaw(settings: Settings, order: Order): Promise<UpstreamResponse> {
  const patience = order.limits.retry?.maxDelay ?? 0
  return exchange(settings, order, async (response, errand, isLast) => {
    if (isLast || response.ok) return response
    const refusal = await refusalOf(response, errand, { most: 0 })
    if (!isPassing(refusal, patience)) return response
    response.discard()
    throw refusal
  })
}
