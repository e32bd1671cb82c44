import type { Auth } from '../../engine/auth.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from '../../eras/exchange.ts'
import type { Eras } from '../../eras/negotiate.ts'
import { readBody } from './fetch-body.ts'
import { FetchStream } from './fetch-stream.ts'
import type { HttpOptions, HttpParts, HttpRequest } from './options.ts'
import { FAILED, Refusal } from './refusal.ts'
import { checkBody, prepareSite, type Site, tellAll, toError } from './site.ts'
import { STREAM_HEADERS } from './stream-headers.ts'

/** What a runtime lends a request that would end what goes on behind its answer, such as that of Workers. */
export interface Execution {
  /** Keeps that going until the promise has settled. */
  waitUntil(promise: Promise<unknown>): void
}

/** Answers a request; its third argument is what Workers give a `fetch` handler, and its second is not used. */
export type FetchHandler = (request: Request, environment?: unknown, execution?: Execution) => Promise<Response>

/**
 * Serves the eras to runtimes that speak `fetch`: Workers, Deno, Bun, or a route of a Hono app.
 * The checks are those of Node's server; set `allowedHosts` to the names it is deployed under.
 *
 * @example
 * export default { fetch: serveFetch(eras, { allowedHosts: ['tools.example.com'] }) }
 */
export function serveFetch(eras: Eras, options: HttpOptions = {}, parts: HttpParts = {}): FetchHandler {
  const site = prepareSite(options, parts)
  return async (request, _environment, execution) => {
    const exchange = new FetchExchange(request, site, execution)
    try {
      return await answer(exchange, eras)
    } catch (problem) {
      site.report(toError(problem), { during: 'a fetch request' })
      return exchange.respond(FAILED)
    } finally {
      exchange.forgetIfDone()
    }
  }
}

/** The way of a request in the order in which the first refusal wins. */
async function answer(exchange: FetchExchange, eras: Eras): Promise<Response> {
  const { site } = exchange
  const early = site.routes.admit(exchange)
  if (early !== undefined) return exchange.respond(early)
  const found = await site.identify?.(exchange)
  const refusedBy = site.throttle === undefined ? found : ((await site.throttle(exchange, found)) ?? found)
  if (refusedBy instanceof Refusal) return exchange.respond(refusedBy)
  exchange.auth = refusedBy
  if (exchange.verb !== 'POST') return exchange.ask(eras)
  const refused = checkBody(exchange, site.bodyLimit)
  if (refused !== undefined) return exchange.respond(refused)
  const body = await readBody(exchange.request, site)
  if (body instanceof Refusal) return exchange.respond(body)
  exchange.text = body
  return exchange.ask(eras)
}

/** One exchange over `Request` and `Response`. */
class FetchExchange implements Exchange, HttpRequest {
  readonly request: Request
  readonly site: Site
  readonly path: string
  auth: Auth | undefined
  text = ''
  readonly #authority: string
  readonly #execution: Execution | undefined
  #begin: ((response: Response) => void) | undefined
  #stream: FetchStream | undefined
  #heeding = false
  #left = false
  #gone: (() => void)[] = []

  constructor(request: Request, site: Site, execution: Execution | undefined) {
    this.request = request
    this.site = site
    this.#execution = execution
    const from = request.url.indexOf('://') + 3
    const slash = request.url.indexOf('/', from)
    const start = slash < 0 ? request.url.length : slash
    const query = request.url.indexOf('?', start)
    this.#authority = request.url.slice(from, start)
    this.path = request.url.slice(start, query < 0 ? undefined : query)
  }

  get method(): string {
    return this.request.method
  }

  get verb(): string {
    return this.request.method
  }

  get jsonOnly(): boolean {
    return this.site.jsonOnly
  }

  /** Runtimes may keep `Host` to themselves; the URL names it then. */
  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? (name === 'host' ? this.#authority : undefined)
  }

  headers(): Readonly<Record<string, string>> {
    const all: Record<string, string> = Object.create(null)
    if (this.request.headers.get('host') === null) all.host = this.#authority
    this.request.headers.forEach((value, name) => {
      all[name] = value
    })
    return all
  }

  /** Lets the eras answer: with one reply, or with a stream as soon as it is opened. */
  ask(eras: Eras): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#begin = resolve
      const finish = (given: Answer): void => {
        if (given !== STREAMED) resolve(this.respond(given))
        else if (this.#stream === undefined)
          reject(new Error('An era said that it streamed, and never opened a stream'))
      }
      const given = eras.exchange(this)
      if (!(given instanceof Promise)) return finish(given)
      // A stream may be let go of before the call is over: the client comes back for its answer.
      this.#execution?.waitUntil(given)
      given.then(finish).catch(reject)
    })
  }

  open(headers?: Readonly<Record<string, string>>): EventStream {
    const stream: FetchStream = new FetchStream({
      limits: this.site.limits,
      onGone: this.#leave,
      onEnd: () => this.#forget(),
    })
    this.#stream = stream
    this.#heedAbort()
    const all = { ...headers, ...STREAM_HEADERS, ...this.site.routes.cors.headers(this) }
    this.#begin?.(new Response(stream.body, { status: 200, headers: all }))
    return stream
  }

  onGone(listener: () => void): void {
    this.#gone.push(listener)
    this.#heedAbort()
  }

  respond(reply: Reply): Response {
    const headers = new Headers(this.site.routes.cors.headers(this))
    for (const name in reply.headers) headers.set(name, reply.headers[name] ?? '')
    if (reply.body !== undefined) headers.set('Content-Type', 'application/json')
    const body = this.request.method === 'HEAD' ? null : bodyOf(reply)
    return new Response(body, { status: reply.status, headers })
  }

  /** Once answered without a stream nobody can leave any more. */
  forgetIfDone(): void {
    if (this.#stream === undefined) this.#forget()
  }

  #heedAbort(): void {
    if (this.#left || this.request.signal.aborted) this.#leave()
    else if (!this.#heeding) this.request.signal.addEventListener('abort', this.#leave)
    this.#heeding = true
  }

  readonly #leave = (): void => {
    this.#left = true
    const listeners = this.#gone
    this.#forget()
    this.#stream?.abandon()
    tellAll(listeners, this.site.report)
  }

  #forget(): void {
    if (this.#heeding) this.request.signal.removeEventListener('abort', this.#leave)
    this.#gone = []
  }
}

function bodyOf({ body, rest }: Reply): BodyInit | null {
  if (rest === undefined) return body ?? null
  return new Blob([body ?? '', rest as Uint8Array<ArrayBuffer>]) // bytes that an era made are never shared memory
}
