import type { InputResponse, Root } from '../protocol/asks.ts'
import type { Meta } from '../protocol/content.ts'
import type { ToolDefinition } from '../protocol/definitions.ts'
import type { McpError } from '../protocol/errors.ts'
import type { InputRequired } from '../protocol/input-required.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import type { AnySchema } from '../schema/schema.ts'
import type { Storage } from '../storage/storage.ts'
import { Asking, type AskOptions, once } from './asking.ts'
import type { Auth } from './auth.ts'
import type { Awaitable } from './call.ts'
import { CallSignal } from './call-signal.ts'
import { ClientView } from './client-view.ts'
import type { Dependency } from './dependency.ts'
import { type ElicitedBy, type ElicitOptions, elicit, type UrlTarget } from './elicitation.ts'
import { isCredential, withoutCredentials } from './headers.ts'
import { type Home, NO_HOME } from './home.ts'
import { keptAt } from './kept.ts'
import { type Log, logTo } from './log.ts'
import type { Origin } from './origin.ts'
import { type Outward, outwardThrough } from './outward.ts'
import { type Phase, phaseOf } from './phase.ts'
import { type ProgressReports, progressOf } from './progress.ts'
import { quiet } from './quiet.ts'
import { roots } from './roots.ts'
import { type SampledBy, type SampleRequest, sample } from './sampling.ts'
import { Scope } from './scope.ts'
import { Surroundings } from './surroundings.ts'
import { Unwinding } from './unwinding.ts'
import type { Watch } from './watch.ts'
import { DIRECT, type Way } from './way.ts'

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
  readonly #origin: Origin
  #signal: CallSignal | undefined
  #log: Log | undefined
  #state: Map<string, unknown> | undefined
  #reports: ProgressReports | undefined
  #client: ClientView | undefined
  #headers: Readonly<Record<string, string>> | undefined
  #asking: Asking | undefined
  #hasRun = false
  readonly #way: Way
  #scope: Scope | undefined
  #server: Surroundings | undefined
  #isOver = false

  constructor(origin: Origin, way: Way = DIRECT) {
    this.#origin = origin
    this.#way = way
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

  /** The version of a component that the client asked for, where this is the call that it made. */
  get version(): string | undefined {
    const { depth, version } = this.#way
    const wanted = version ?? (depth === 0 ? this.#origin.meta?.['fastmcp/version'] : undefined)
    return typeof wanted === 'string' ? wanted : undefined
  }

  /** Values for the rest of this request: middleware puts them in, handlers take them out. */
  get state(): Map<string, unknown> {
    this.#state ??= new Map()
    return this.#state
  }

  /** What outlives the call, for all callers: the `storage` of the server. Its `update` and `increment` are one step each. */
  get storage(): Storage {
    return keptAt(this.#origin).shared
  }

  /** What outlives the call, for this caller alone. Throws `ToolError` where nobody is known to be calling. */
  get userState(): Storage {
    return keptAt(this.#origin).ofCaller(this.auth)
  }

  /** A part of the storage for one use of the library itself. For the engine. */
  keptIn(part: string): Storage {
    return keptAt(this.#origin).part(part)
  }

  /** What the lifespan of the handler's server gave; it is not ended while a call runs that has read this. */
  get app(): App {
    return this.#held.app(this.#home) as App // of the type that the lifespan of the handler's server gives
  }

  /** The instance that this request has of a dependency: made when first asked for, disposed of when the request is over. */
  use<T>(dependency: Dependency<T, App>): Promise<T> {
    const by = { home: this.#home, maker: this.#way.maker }
    return quiet(this.#held.use(dependency, by, (maker) => this.#seen({ maker })))
  }

  /** Aborts when the client cancels or disconnects, the time is over, or the server shuts down. */
  get signal(): AbortSignal {
    this.#signal ??= new CallSignal()
    return this.#signal.of(this.#origin, this.#way.outer)
  }

  /** Whether anybody has looked at `signal`. For the engine. */
  get isHeeded(): boolean {
    return this.#signal?.isHeeded === true
  }

  /** Who looks on while the handler runs, in development. For the engine. */
  get watch(): Watch | undefined {
    return this.#origin.application.watch
  }

  /** Aborts `signal`. For the engine's own time-outs; what is used stays with work that goes on all the same. */
  cancel(reason: McpError, goesOn?: PromiseLike<unknown>): void {
    if (goesOn !== undefined) this.#held.outlive(goesOn)
    if (this.#way.isView) this.#way.outer?.cancel(reason)
    this.#signal ??= new CallSignal()
    this.#signal.cancel(reason)
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
   * Tells the client how far the work is, if it asked to know. `done` must grow from call to call: what does not is
   * dropped. Leave `total` out when it is unknown. Report as often as you like: at most 20 reports a second are sent,
   * and the last one always.
   */
  progress(done: number, total?: number, message?: string): void {
    this.#progress?.report(done, total, message)
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
    const isSent = this.#progress?.count(data) ?? false
    if (!isSent && data !== undefined) this.#origin.notify('notifications/message', { level: 'info', data })
    return this.#origin.flow?.drained()
  }

  /**
   * Lets go of the connection on which the client waits; it comes back for the answer by itself. For work that takes
   * minutes, which proxies would cut off. Returns whether it did: only some clients of stateful HTTP can come back; the
   * others go on waiting.
   */
  closeStream(): boolean {
    return this.#origin.closeStream?.() ?? false
  }

  /** Sends progress that is held back. For the engine, ahead of an answer. */
  flush(): void {
    this.#reports?.flush()
  }

  get #progress(): ProgressReports | undefined {
    const { outer, isPart } = this.#way
    // What a call does on its way to its result is its own progress.
    if (outer !== undefined) return isPart ? outer.#progress : undefined
    this.#reports ??= progressOf(this.#origin)
    return this.#reports
  }

  /** Sends a notification of your own about this request. */
  notify(method: `notifications/${string}`, params: Readonly<Record<string, unknown>> = {}): void {
    this.#origin.notify(method, params)
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
    return quiet(elicit(this.#ask, message, { target, options }) as Promise<ElicitedBy<T>>)
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
    const by = { asking: this.#ask, signal: () => this.signal }
    // `sample` gives data where the request has a schema for it.
    return quiet(sample(by, request, options) as Promise<SampledBy<S>>)
  }

  /** The directories that the client lets the server work in, as `file://` addresses. */
  roots(options: AskOptions = {}): Promise<readonly Root[]> {
    return quiet(roots(this.#ask, options))
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
    return quiet(once(this.#ask, key, work))
  }

  /** The server around this handler, as the caller sees it: its tools, resources and prompts. */
  get server(): Surroundings {
    const below = (isPart: boolean, name?: string): Context => this.#below(isPart, name)
    this.#server ??= new Surroundings({ origin: this.#origin, way: this.#way, asking: () => this.#ask, below })
    return this.#server
  }

  /** Reads a resource of this server, with the rights of the caller. Rejects where they could not read it. */
  readResource(uri: string): Promise<ReadResourceResult> {
    return this.server.readResource(uri)
  }

  /** The context of a handler that runs as part of this one, for tools made of other tools: the same but for its time. */
  inner(): Context {
    return this.#seen({ isView: false })
  }

  /** The same call, for one version of what it asks for. For the engine. */
  wanting(version: string): Context {
    return this.version === version ? this : this.#seen({ version })
  }

  /** The same call as it is seen below a change of names. For the engine. */
  through(outward: Outward): Context {
    return this.#seen({ outward: outwardThrough(outward, this.#way.outward) })
  }

  /** The same call as the handlers of another server see it, that it has come to. For the engine. */
  within(home: Home): Context {
    const here = this.#home
    return home === here || !(home.hasApp || here.hasApp) ? this : this.#seen({ home, maker: undefined })
  }

  /** The request is over, if it is the one that came to this home. Gives what its answer has to wait for. For the engine. */
  end(home: Home): Promise<void> | undefined {
    if (this.#way.outer !== undefined || this.#origin.application.home !== home) return undefined
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

  /** A handler begins, the first time or again: its questions are then the same ones. For the engine. */
  beginRun(): void {
    const { outer, isView } = this.#way
    if (isView) outer?.beginRun()
    if (outer === undefined) this.#asking?.begin(this.#hasRun)
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

  /** What the client was asked on the way so far; undefined: nothing in this run. For the engine. */
  get asked(): Pick<Asking, 'waited' | 'hasAsked'> | undefined {
    return this.#asking
  }

  /** The definition of a tool as this caller sees it; undefined where they have no such tool, or may not call it with `args`. */
  definitionOf(tool: string, args?: unknown): Awaitable<ToolDefinition | undefined> {
    const name = this.#way.outward?.above('tool', tool) ?? tool
    return this.#origin.application.toolNamed(name, this, args)
  }

  get #ask(): Asking {
    this.#asking ??= new Asking(this.#origin)
    return this.#asking
  }

  get #home(): Home {
    return this.#way.home ?? this.#origin.application.home ?? NO_HOME
  }

  get #held(): Scope {
    const { outer } = this.#way
    this.#scope ??= outer === undefined ? new Scope(this.#origin, this.#isOver) : outer.#held
    return this.#scope
  }

  /** The same call, seen from elsewhere. */
  #seen(change: Partial<Way>): Context {
    const context = new Context(this.#origin, { ...this.#way, outer: this, isPart: true, isView: true, ...change })
    context.#asking = this.#ask
    context.#state = this.state
    return context
  }

  #below(isPart: boolean, name?: string): Context {
    const context = new Context(this.#origin, { ...DIRECT, outer: this, isPart, depth: this.#way.depth + 1 })
    context.#asking = name === undefined ? this.#ask : new Asking(this.#origin, { asking: this.#ask, name })
    return context
  }
}
