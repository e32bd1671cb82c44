import type { InputResponse, Root } from '../protocol/asks.ts'
import type { Meta } from '../protocol/content.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import type { AnySchema } from '../schema/schema.ts'
import type { Storage } from '../storage/storage.ts'
import { type AskOptions, once } from './asking.ts'
import type { Auth } from './auth.ts'
import type { Backstage } from './backstage.ts'
import type { Awaitable } from './call.ts'
import { ClientView } from './client-view.ts'
import type { Dependency } from './dependency.ts'
import { type ElicitedBy, type ElicitOptions, elicit, type UrlTarget } from './elicitation.ts'
import { isCredential, withoutCredentials } from './headers.ts'
import { keptAt } from './kept.ts'
import { type Log, logTo } from './log.ts'
import { type Phase, phaseOf } from './phase.ts'
import { quiet } from './quiet.ts'
import { roots } from './roots.ts'
import { type SampledBy, type SampleRequest, sample } from './sampling.ts'
import { Surroundings } from './surroundings.ts'

/** By this the engine finds what stands behind a context; other copies of this package know it too, whose servers may be mounted here. */
export const BACKSTAGE: unique symbol = Symbol.for('@fastmcp/ts/backstage')

/**
 * What a handler knows and can do beside its arguments. One per call; its parts are made when they are first touched,
 * so what you do not use costs nothing.
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
export class Context<out App = unknown> {
  readonly #backstage: Backstage
  /** One field for all that is made when it is first touched: most calls touch nothing of it. */
  #touched: Touched | undefined

  static {
    // Not a member of the type: authors need not see it.
    Object.defineProperty(Context.prototype, BACKSTAGE, {
      get(this: Context) {
        return this.#backstage
      },
    })
  }

  constructor(backstage: Backstage) {
    this.#backstage = backstage
  }

  /** The JSON-RPC id of the request. */
  get requestId(): RequestId {
    return this.#backstage.origin.requestId
  }

  /** Who is calling; undefined for anonymous callers. */
  get auth(): Auth | undefined {
    return this.#backstage.origin.auth
  }

  /** The stateful session, or undefined: the stateless era has none. */
  get sessionId(): string | undefined {
    return this.#backstage.origin.sessionId
  }

  /** What the client says it is and can do; not verified. */
  get client(): ClientView {
    this.#touched ??= {}
    this.#touched.client ??= new ClientView(this.#backstage.origin)
    return this.#touched.client
  }

  /** `_meta` of the request, as sent. */
  get meta(): Meta | undefined {
    return this.#backstage.origin.meta
  }

  /** The version of a component that the client asked for, where this is the call that it made. */
  get version(): string | undefined {
    return this.#backstage.version
  }

  /** Values for the rest of this request: middleware puts them in, handlers take them out. */
  get state(): Map<string, unknown> {
    return this.#backstage.state
  }

  /** What outlives the call, for all callers: the `storage` of the server. Its `update` and `increment` are one step each. */
  get storage(): Storage {
    return keptAt(this.#backstage.origin).shared
  }

  /** What outlives the call, for this caller alone. Throws `ToolError` where nobody is known to be calling. */
  get userState(): Storage {
    return keptAt(this.#backstage.origin).ofCaller(this.auth)
  }

  /** What the lifespan of the handler's server gave; it is not ended while a call runs that has read this. */
  get app(): App {
    return this.#backstage.app() as App // of the type that the lifespan of the handler's server gives
  }

  /** The instance that this request has of a dependency: made when first asked for, disposed of when the request is over. */
  use<T>(dependency: Dependency<T, App>): Promise<T> {
    return quiet(this.#backstage.use(dependency))
  }

  /** Aborts when the client cancels or disconnects, the time is over, or the server shuts down. */
  get signal(): AbortSignal {
    return this.#backstage.signal
  }

  /** A request header by its name in any case; credentials are never shown. */
  header(name: string): string | undefined {
    const key = name.toLowerCase()
    return isCredential(key) ? undefined : this.#backstage.origin.header(key)
  }

  /** All request headers by their lower-case names, without those that may carry credentials. Empty where there are none. */
  get headers(): Readonly<Record<string, string>> {
    this.#touched ??= {}
    this.#touched.headers ??= withoutCredentials(this.#backstage.origin.headers())
    return this.#touched.headers
  }

  /** Log messages for the client, at the levels it asked for. */
  get log(): Log {
    this.#touched ??= {}
    this.#touched.log ??= logTo(this.#backstage.origin)
    return this.#touched.log
  }

  /**
   * Tells the client how far the work is, if it asked to know. `done` must grow from call to call: what does not is
   * dropped. Leave `total` out when it is unknown. Report as often as you like: at most 20 reports a second are sent,
   * and the last one always.
   */
  progress(done: number, total?: number, message?: string): void {
    this.#backstage.progress?.report(done, total, message)
  }

  /**
   * A part of the work that reports its progress as if it were the whole. `from` and `to` are fractions of the whole,
   * which then counts as 100.
   *
   * @example
   * const loading = ctx.phase(0, 0.3)
   * for (const [i, url] of urls.entries()) {
   *   await load(url)
   *   loading.progress(i + 1, urls.length, 'Loading')
   * }
   */
  phase(from: number, to: number): Phase {
    return phaseOf(this, from, to)
  }

  /**
   * Sends a part of the result, any JSON, ahead of the whole: as the message of a progress report if the client asked
   * for those, otherwise as a log message at level `info`, if it wants those. Gives a promise while the client is slow
   * to read: wait for it before you make the next part. Generators do all of this by themselves.
   */
  part(data: unknown): Promise<void> | undefined {
    const isSent = this.#backstage.progress?.count(data) ?? false
    if (!isSent && data !== undefined) this.#backstage.origin.notify('notifications/message', { level: 'info', data })
    return this.#backstage.origin.flow?.drained()
  }

  /**
   * Lets go of the connection on which the client waits; it comes back for the answer by itself. For work that takes
   * minutes, which proxies would cut off. Returns whether it did: only some clients of stateful HTTP can come back; the
   * others go on waiting.
   */
  closeStream(): boolean {
    return this.#backstage.origin.closeStream?.() ?? false
  }

  /** Sends a notification of your own about this request. */
  notify(method: `notifications/${string}`, params: Readonly<Record<string, unknown>> = {}): void {
    this.#backstage.origin.notify(method, params)
  }

  /**
   * Asks the person behind the client: by a form made of a schema, or by an address to open with `{ url }`. Works in
   * every era. In the stateless one the handler is run again from the top with the answer, so do what has an effect
   * before it inside `ctx.once`. What cannot be asked throws.
   *
   * @example
   * const answer = await ctx.elicit('Deploy to production?', z.object({ confirm: z.boolean() }))
   * if (answer.action !== 'accept' || !answer.content.confirm) return 'Cancelled'
   */
  elicit<T extends AnySchema | UrlTarget>(
    message: string,
    target: T,
    options: ElicitOptions = {},
  ): Promise<ElicitedBy<T>> {
    // `elicit` gives for a target what the type says.
    return quiet(elicit(this.#backstage.asking, message, { target, options }) as Promise<ElicitedBy<T>>)
  }

  /**
   * Asks a model: the client's, or where it has none to offer the one given to `new FastMCP({ sampling })`. With
   * `output` the answer is data, checked against the schema; the model is asked once more if it does not fit. In the
   * stateless era the handler is run again with the answer, as for `elicit`.
   *
   * @example
   * const { text } = await ctx.sample({ messages: `Sum this up:\n${report}`, maxTokens: 200 })
   * const { data } = await ctx.sample({ messages: review, output: z.object({ stars: z.int().min(1).max(5) }) })
   */
  sample<S extends AnySchema | undefined = undefined>(
    request: SampleRequest<S>,
    options: AskOptions = {},
  ): Promise<SampledBy<S>> {
    const by = { asking: this.#backstage.asking, signal: () => this.signal }
    // `sample` gives data where the request has a schema for it.
    return quiet(sample(by, request, options) as Promise<SampledBy<S>>)
  }

  /** The directories that the client lets the server work in, as `file://` addresses. */
  roots(options: AskOptions = {}): Promise<readonly Root[]> {
    return quiet(roots(this.#backstage.asking, options))
  }

  /**
   * Does work whose effect must not be repeated, and gives its result, however often the handler is run again for the
   * answers to what it asks. The result is kept between the runs, so it must be JSON.
   *
   * @example
   * const id = await ctx.once('reserve', () => reserve(room))
   * const answer = await ctx.elicit(`Book room ${room}?`, z.object({ confirm: z.boolean() }))
   */
  once<T>(key: string, work: () => Awaitable<T>): Promise<T> {
    return quiet(once(this.#backstage.asking, key, work))
  }

  /** The server around this handler, as the caller sees it: its tools, resources and prompts. */
  get server(): Surroundings {
    this.#touched ??= {}
    this.#touched.server ??= new Surroundings(this.#backstage.server)
    return this.#touched.server
  }

  /** Reads a resource of this server, with the rights of the caller. Rejects where they could not read it. */
  readResource(uri: string): Promise<ReadResourceResult> {
    return this.server.readResource(uri)
  }

  /** For the guard form: the answers so far to what `inputRequired` asked, by its keys. Check what is in them. */
  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.#backstage.origin.inputResponses
  }

  /** For the guard form: the `state` that the last `inputRequired` gave; undefined in the first run. */
  get requestState(): unknown {
    return this.#backstage.origin.requestState
  }
}

interface Touched {
  client?: ClientView
  headers?: Readonly<Record<string, string>>
  log?: Log
  server?: Surroundings
}
