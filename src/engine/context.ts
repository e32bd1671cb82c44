import type { InputResponse, Root, RootsResult } from '../protocol/asks.ts'
import type { Meta } from '../protocol/content.ts'
import type { ToolDefinition } from '../protocol/definitions.ts'
import type { McpError } from '../protocol/errors.ts'
import type { InputRequired } from '../protocol/input-required.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import type { AnySchema } from '../schema/schema.ts'
import { Asking, type AskOptions, checkKey } from './asking.ts'
import type { Auth } from './auth.ts'
import type { Awaitable } from './call.ts'
import { ClientView } from './client-view.ts'
import type { Dependency } from './dependency.ts'
import { type ElicitedBy, type ElicitOptions, elicit, type UrlTarget } from './elicitation.ts'
import { isCredential, withoutCredentials } from './headers.ts'
import { type Home, NO_HOME } from './home.ts'
import { type Log, logTo } from './log.ts'
import type { Origin } from './origin.ts'
import { type Phase, phaseOf } from './phase.ts'
import { ProgressReports } from './progress.ts'
import { type SampledBy, type SampleRequest, sample } from './sampling.ts'
import { type Instance, Scope } from './scope.ts'
import { Unwinding } from './unwinding.ts'
import type { Watch } from './watch.ts'

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
export class Context<out App = unknown> {
  readonly #origin: Origin
  #abort: AbortController | undefined
  #log: Log | undefined
  #state: Map<string, unknown> | undefined
  #reports: ProgressReports | undefined
  #client: ClientView | undefined
  #headers: Readonly<Record<string, string>> | undefined
  #asking: Asking | undefined
  #ended: McpError | undefined
  #hasRun = false
  /** The call on whose way this one was made, by `readResource` or `inner`. */
  readonly #outer: Context | undefined
  /** Whether progress made here is that of the outer call. */
  #isPart = false
  /** Where this call is seen from, if not from a handler of the server that the client talks to. */
  #place: Place | undefined
  #scope: Scope | undefined
  #isOver = false

  constructor(origin: Origin, outer?: Context) {
    this.#origin = origin
    this.#outer = outer
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
  get client(): ClientView {
    this.#client ??= new ClientView(this.#origin)
    return this.#client
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

  /**
   * What the lifespan of the server gave, the same for all calls; undefined without a lifespan. A handler sees the app
   * of the server that it is registered on, mounted or not. It is not ended while a call that has read this runs.
   */
  get app(): App {
    const home = this.#home
    // The lifespan gave what the type says to the handlers of its server.
    return (home.hasApp ? this.#held.app(home) : undefined) as App
  }

  /**
   * What this request needs of its own: made when it is first asked for, the same for all who ask, disposed of when the
   * request is over. See `dependency`.
   */
  use<T>(dependency: Dependency<T, App>): Promise<T> {
    const home = this.#home
    const contextFor = (maker: Instance): Context => this.#at({ home, maker })
    return quiet(this.#held.use(dependency, { home, maker: this.#place?.maker, contextFor }))
  }

  /** Aborts when the client cancels or disconnects, the time is over, or the server shuts down. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController()
      this.#abort = abort
      if (this.#ended !== undefined) abort.abort(this.#ended)
      else if (this.#outer === undefined) this.#origin.onCancel((reason) => abort.abort(reason))
      else follow(this.#outer.signal, abort)
    }
    return this.#abort.signal
  }

  /** Whether anybody has looked at `signal`. For the engine. */
  get isHeeded(): boolean {
    return this.#abort !== undefined
  }

  /** Who looks on while the handler runs, in development. For the engine. */
  get watch(): Watch | undefined {
    return this.#origin.application.watch
  }

  /** Aborts `signal`. For the engine's own time-outs. */
  cancel(reason: McpError): void {
    if (this.#place !== undefined) this.#outer?.cancel(reason)
    this.#ended ??= reason
    this.#abort?.abort(reason)
  }

  /** A request header by its name in any case; credentials are never shown. */
  header(name: string): string | undefined {
    const key = name.toLowerCase()
    return isCredential(key) ? undefined : this.#origin.header(key)
  }

  /** All request headers by their lower-case names, without those that may carry credentials. Empty where there are none. */
  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= withoutCredentials(this.#origin.headers())
    return this.#headers
  }

  /** Log messages for the client, at the levels it asked for. */
  get log(): Log {
    this.#log ??= logTo(this.#origin)
    return this.#log
  }

  /**
   * Tells the client how far the work is, if it asked to know. `done` must grow from call to
   * call: what does not is dropped. Leave `total` out when it is unknown. Report as often as you
   * like: at most 20 reports a second are sent, and the last one always.
   */
  progress(done: number, total?: number, message?: string): void {
    this.#progress?.report(done, total, message)
  }

  /**
   * A part of the work that reports its progress as if it were the whole. `from` and `to` are
   * fractions of the whole, which then counts as 100.
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
   * Sends a part of the result, any JSON, ahead of the whole: as the message of a progress report if
   * the client asked for those, otherwise as a log message at level `info`, if it wants those. Gives a
   * promise while the client is slow to read: wait for it before you make the next part. Generators do
   * all of this by themselves.
   */
  part(data: unknown): Promise<void> | undefined {
    const isSent = this.#progress?.count(data) ?? false
    if (!isSent && data !== undefined) this.#origin.notify('notifications/message', { level: 'info', data })
    return this.#origin.flow?.drained()
  }

  /**
   * Lets go of the connection on which the client waits; it comes back for the answer by itself. For
   * work that takes minutes, which proxies would cut off. Returns whether it did: only some clients
   * of stateful HTTP can come back; the others go on waiting.
   */
  closeStream(): boolean {
    return this.#origin.closeStream?.() ?? false
  }

  /** Sends progress that is held back. For the engine, ahead of an answer. */
  flush(): void {
    this.#reports?.flush()
  }

  get #progress(): ProgressReports | undefined {
    if (this.#reports !== undefined) return this.#reports
    const token = this.#origin.meta?.progressToken
    // What a call does on its way to its result is its own progress.
    if (this.#outer !== undefined) return this.#isPart ? this.#outer.#progress : undefined
    if (typeof token !== 'string' && typeof token !== 'number') return undefined
    this.#reports = new ProgressReports(this.#origin, token)
    return this.#reports
  }

  /** Sends a notification of your own about this request. */
  notify(method: `notifications/${string}`, params: Readonly<Record<string, unknown>> = {}): void {
    this.#origin.notify(method, params)
  }

  /**
   * Asks the person behind the client: by a form made of a schema, or by an address to open with
   * `{ url }`. Works in every era. In the stateless one the handler is run again from the top with the
   * answer, so do what has an effect before it inside `ctx.once`. What cannot be asked throws.
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
    return quiet(elicit(this.#ask, message, { target, options }) as Promise<ElicitedBy<T>>)
  }

  /**
   * Asks a model: the client's, or where it has none to offer the one given to `new FastMCP({ sampling })`.
   * With `output` the answer is data, checked against the schema; the model is asked once more if it
   * does not fit. In the stateless era the handler is run again with the answer, as for `elicit`.
   *
   * @example
   * const { text } = await ctx.sample({ messages: `Sum this up:\n${report}`, maxTokens: 200 })
   * const { data } = await ctx.sample({ messages: review, output: z.object({ stars: z.int().min(1).max(5) }) })
   */
  sample<S extends AnySchema | undefined = undefined>(
    request: SampleRequest<S>,
    options: AskOptions = {},
  ): Promise<SampledBy<S>> {
    const by = { asking: this.#ask, signal: () => this.signal }
    // `sample` gives data where the request has a schema for it.
    return quiet(sample(by, request, options) as Promise<SampledBy<S>>)
  }

  /** The directories that the client lets the server work in, as `file://` addresses. */
  roots(options: AskOptions = {}): Promise<readonly Root[]> {
    return quiet(this.#roots(options))
  }

  /**
   * Does work whose effect must not be repeated, and gives its result, however often the handler is run
   * again for the answers to what it asks. The result is kept between the runs, so it must be JSON.
   *
   * @example
   * const id = await ctx.once('reserve', () => reserve(room))
   * const answer = await ctx.elicit(`Book room ${room}?`, z.object({ confirm: z.boolean() }))
   */
  once<T>(key: string, work: () => Awaitable<T>): Promise<T> {
    return quiet(this.#once(key, work))
  }

  /** Reads a resource of this server, with the rights of the caller. Rejects where they could not read it. */
  async readResource(uri: string): Promise<ReadResourceResult> {
    const context = this.#below()
    const result = await this.#origin.application.handle({ method: 'resources/read', params: { uri }, context })
    return result as ReadResourceResult // the result of this method
  }

  /**
   * The context of a handler that runs as part of this one: same caller, signal, state, questions and progress. For
   * tools made of other tools.
   */
  inner(): Context {
    const context = this.#below()
    context.#isPart = true
    context.#state = this.state
    context.#place = this.#place
    return context
  }

  /** The same call as the handlers of another server see it, that it has come to. For the engine. */
  within(home: Home): Context {
    const here = this.#home
    return home === here || !(home.hasApp || here.hasApp) ? this : this.#at({ home, maker: undefined })
  }

  /** A handler goes on after its time: what it uses is left to it. For the engine. */
  outlive(work: PromiseLike<unknown>): void {
    this.#held.outlive(work)
  }

  /**
   * The request is over for the server that the client talks to; a call on its way to another one is not. Gives a
   * promise where the answer has to wait. For the engine.
   */
  end(home: Home): Promise<void> | undefined {
    if (this.#outer !== undefined || this.#origin.application.home !== home) return undefined
    this.#isOver = true
    return this.#scope?.end()
  }

  /** For the guard form: the answers so far to what `inputRequired` asked, by its keys. Check what is in them. */
  get inputResponses(): Readonly<Record<string, InputResponse>> {
    return this.#origin.inputResponses
  }

  /** For the guard form: the `state` that the last `inputRequired` gave; undefined in the first run. */
  get requestState(): unknown {
    return this.#origin.requestState
  }

  /**
   * A handler begins. A layer that tries a call again runs it more than once: its questions are then the same ones. For
   * the engine.
   */
  beginRun(): void {
    if (this.#place !== undefined) this.#outer?.beginRun()
    if (this.#outer === undefined) this.#asking?.begin(this.#hasRun)
    this.#hasRun = true
  }

  /** Throws where this run has asked what ends it, so that nothing it returns is taken for a result. For the engine. */
  checkUnwinding(): void {
    if (this.#origin.unwinding) throw new Unwinding()
  }

  /** What to throw for a handler that returned `inputRequired`. For the engine. */
  require(asked: InputRequired): Error {
    return this.#origin.require(asked)
  }

  /** Milliseconds spent waiting for the client so far: they are not the handler's. For the engine. */
  get waited(): number {
    return this.#asking?.waited ?? 0
  }

  /** Whether the client was asked anything on the way, so that the result is good for this one call only. For the engine. */
  get hasAsked(): boolean {
    return this.#asking?.hasAsked === true || Object.keys(this.#origin.inputResponses).length > 0
  }

  /**
   * The definition of a tool as this caller sees it; undefined where the tool is unknown to them. A promise only
   * where the tool comes from elsewhere. For layers that go by what a tool says of itself.
   *
   * @example
   * mcp.use('tools/call', async (call, next) => {
   *   const definition = await call.context.definitionOf(call.params.name)
   *   if (definition?.annotations?.destructiveHint) await backUp()
   *   return next()
   * })
   */
  definitionOf(tool: string): Awaitable<ToolDefinition | undefined> {
    return this.#origin.application.toolNamed(tool, this)
  }

  get #ask(): Asking {
    this.#asking ??= new Asking(this.#origin)
    return this.#asking
  }

  get #home(): Home {
    return this.#place?.home ?? this.#origin.application.home ?? NO_HOME
  }

  get #whole(): Context {
    return this.#outer === undefined ? this : this.#outer.#whole
  }

  get #held(): Scope {
    const whole = this.#whole
    whole.#scope ??= new Scope(this.#origin, whole.#isOver)
    return whole.#scope
  }

  #at(place: Place): Context {
    const context = this.inner()
    context.#place = place
    return context
  }

  #below(): Context {
    const context = new Context(this.#origin, this)
    context.#asking = this.#ask
    return context
  }

  async #roots({ key }: AskOptions): Promise<readonly Root[]> {
    const asking = this.#ask
    // The origin lets only answers through that have the shape of their question.
    const { roots } = (await asking.ask(asking.keyFor('roots', key), 'roots/list', {})) as RootsResult
    return roots.filter(({ uri }) => uri.startsWith('file://') && URL.canParse(uri))
  }

  async #once<T>(key: string, work: () => Awaitable<T>): Promise<T> {
    return this.#origin.once(checkKey(key), work)
  }
}

interface Place {
  readonly home: Home
  /** The instance of a dependency that is being made here. */
  readonly maker: Instance | undefined
}

function follow(signal: AbortSignal, abort: AbortController): void {
  if (signal.aborted) abort.abort(signal.reason)
  else signal.addEventListener('abort', () => abort.abort(signal.reason), { once: true })
}

/** A question that nobody waits for any more must not end the process when it fails. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
