import type { AnyComponent, Kind } from './components/component.ts'
import { type PromptHandler, type PromptOptions, prompt } from './components/prompt.ts'
import { type ResourceHandler, type ResourceOptions, resource } from './components/resource.ts'
import { type ToolHandler, type ToolOptions, type TypedTool, tool } from './components/tool.ts'
import type { Change, Stop } from './engine/application.ts'
import type { Handle } from './engine/call.ts'
import { createEras, type Eras } from './eras/negotiate.ts'
import { type FastMCPOptions, hintsFrom, identityFrom, limitsFrom, pageSizeFrom } from './fastmcp-options.ts'
import type { Middleware } from './middleware/compose.ts'
import type { Matched, Pattern } from './middleware/match.ts'
import { DefinitionError } from './protocol/errors.ts'
import type { Loopback } from './protocol/loopback.ts'
import type { Mounted } from './providers/from-server.ts'
import type { Provider } from './providers/provider.ts'
import { toolOf } from './providers/tool-of.ts'
import { createRegistrar, type Registrar, type Source } from './registrar.ts'
import { createReplicaWarning, requestStateFrom } from './request-state.ts'
import { listenOverHttp, runUntilStopped, type Served, type ServeOptions } from './run.ts'
import type { AnySchema } from './schema/schema.ts'
import { type Core, createCore } from './server/core.ts'
import type { Extension } from './server/extension.ts'
import { reportToStderr } from './server/mask.ts'
import { serveFetch } from './transports/http/fetch.ts'
import { connectMemory, type MemoryOptions } from './transports/memory.ts'
import type { Listening, ListenOptions } from './transports/node/listen.ts'

/** By this any copy of the library knows a server of any other copy. */
const SERVER = Symbol.for('fastmcp.server')

/**
 * An MCP server: functions registered as tools, resources and prompts, served in both protocol
 * eras over stdio, HTTP, `fetch` and in memory.
 *
 * @example
 * export const mcp = new FastMCP({ name: 'weather', version: '1.0.0' })
 * mcp.tool('add', { description: 'Add', input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => a + b)
 * await mcp.run()
 */
export class FastMCP {
  readonly #registrar: Registrar
  readonly #core: Core
  readonly #served: Omit<Served, 'eras'>
  readonly #makeEras: () => Eras
  #eras: Eras | undefined
  #answer: ((request: Request) => Promise<Response>) | undefined

  constructor(options: FastMCPOptions) {
    Object.defineProperty(this, SERVER, { value: true })
    const report = options.onError ?? reportToStderr
    this.#registrar = createRegistrar({ onDuplicate: options.onDuplicate ?? 'error', report })
    this.#core = createCore({
      identity: identityFrom(options),
      instructions: options.instructions,
      declared: options.capabilities ?? {},
      provider: this.#registrar.provider,
      pageSize: pageSizeFrom(options),
      cacheHint: hintsFrom(options),
      sampling: options.sampling,
      report,
      changes: options.changes,
      held: this.#registrar.held,
    })
    const { begin, end } = this.#core.lifespan
    const http = { ...options.http, authenticate: options.authenticate }
    const requestState = requestStateFrom(options.requestState)
    const reached = createReplicaWarning(requestState, report)
    this.#served = { name: options.name, http, report, begin, end, reached }
    const { storage } = options
    this.#makeEras = () => createEras(this.#core, { ...limitsFrom(options), requestState, storage })
  }

  /**
   * Registers a tool: a function that a model may call. Throws `DefinitionError` for whatever is
   * wrong with it.
   *
   * @example
   * mcp.tool('now', { description: 'The time', output: z.object({ iso: z.string() }) }, () => ({ iso: new Date().toISOString() }))
   */
  tool<In extends AnySchema | undefined = undefined, Out extends AnySchema | undefined = undefined>(
    name: string,
    options: ToolOptions<In, Out>,
    handler: ToolHandler<In, Out>,
  ): this {
    return this.add(tool(name, options, handler))
  }

  /**
   * Registers a resource, or with `{variables}` in its URI a family of them.
   *
   * @example
   * mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
   * mcp.resource('users://{id}/profile', { description: 'A user' }, ({ id }) => loadUser(id))
   */
  resource<U extends string, In extends AnySchema | undefined = undefined>(
    uri: U,
    options: ResourceOptions<U, In>,
    handler: ResourceHandler<U, In>,
  ): this {
    return this.add(resource(uri, options, handler))
  }

  /**
   * Registers a prompt: a message, or several, that a user may pick.
   *
   * @example
   * mcp.prompt('review', { input: z.object({ code: z.string() }) }, ({ code }) => `Review this:\n${code}`)
   */
  prompt<In extends AnySchema | undefined = undefined>(
    name: string,
    options: PromptOptions<In>,
    handler: PromptHandler<In>,
  ): this {
    return this.add(prompt(name, options, handler))
  }

  /** Registers components made by `tool()`, `resource()` and `prompt()`. Throws for each that cannot be, after adding the rest. */
  add(...components: readonly AnyComponent[]): this {
    this.#registrar.add(components)
    return this
  }

  /** Takes a component out; returns whether it was there. Clients that listen are told. */
  remove(kind: Kind, id: string): boolean {
    return this.#registrar.remove(kind, id)
  }

  /**
   * Turns a component off, wherever it comes from: it is in no list, and cannot be called, read,
   * completed or subscribed to. Returns whether it was on. Clients that listen are told.
   *
   * @example
   * mcp.disable('tool', 'deploy') // until mcp.enable('tool', 'deploy')
   */
  disable(kind: Kind, id: string): boolean {
    return this.#registrar.disable(kind, id)
  }

  /** Turns a component on again; returns whether it was off. Clients that listen are told. */
  enable(kind: Kind, id: string): boolean {
    return this.#registrar.enable(kind, id)
  }

  /** Serves all of another server or provider too, live. The function it returns takes it out again. */
  mount(source: Source): Stop {
    this.#core.admit(source)
    return this.#registrar.mount(source)
  }

  /**
   * Adds an extension of the protocol: advertised to every client, its methods served, its components listed.
   * Throws `DefinitionError` for an identifier or method name that cannot be, or that is taken.
   *
   * @example
   * mcp.extend(skills('./skills'))
   */
  extend(extension: Extension): this {
    this.#core.extend(extension)
    if (extension.provider !== undefined) this.#registrar.mount(extension.provider)
    return this
  }

  /**
   * Puts a layer around calls: around all, or with a pattern around those of its methods, with types
   * to match. The first layer is the outermost.
   *
   * @example
   * mcp.use('tools/call', async (call, next) => {
   *   console.error(call.params.name)
   *   return next()
   * })
   */
  use<const P extends Pattern | Middleware>(
    first: P,
    layer?: P extends Pattern ? Middleware<Matched<P>> : never,
  ): this {
    const pattern: Pattern = typeof first === 'function' ? '*' : first
    // A layer is only ever run with calls of the methods that its pattern names.
    const chosen = (typeof first === 'function' ? first : layer) as Middleware | undefined
    if (typeof chosen !== 'function')
      throw new DefinitionError(`layer for ${pattern}`, 'give a function after the pattern')
    this.#core.use({ pattern, layer: chosen })
    return this
  }

  /**
   * Tells clients that listen: the list of a kind changed, or with `contents` the resource at a URI.
   * From anywhere, a timer or a webhook too; what is said several times in one turn is told once.
   * Registering, removing, enabling and disabling tell by themselves.
   */
  changed(...args: [kind: Kind] | [kind: 'contents', uri: string]): void {
    const [kind, uri] = args
    const change: Change = uri === undefined ? ({ kind } as Change) : { kind: 'contents', uri }
    if (!this.#registrar.hides(change)) this.#core.changed(change)
  }

  /**
   * A tool of this server, mounted ones too, to make another of: `transformTool(await mcp.getTool('search'), …)`. Rejects
   * where there is none of this name.
   */
  getTool(name: string): Promise<TypedTool> {
    return toolOf(this.#core.provider, name)
  }

  /** What is registered and mounted, as a provider: how another server mounts this one. */
  get provider(): Provider {
    return this.#core.provider
  }

  /** The server itself: a function from call to result. Every transport calls it, and nothing else. */
  get handle(): Handle {
    return this.#core.handle
  }

  /** Answers a web `Request`: `export default mcp` serves on Workers, Deno and Bun. */
  readonly fetch = (request: Request): Promise<Response> => {
    if (this.#answer === undefined) {
      const { http, report, reached } = this.#served
      this.#answer = serveFetch(this.#whole.eras, { ...http, report })
      reached(new URL(request.url).hostname)
    }
    return this.#answer(request)
  }

  /** Serves over HTTP on Node until closed. It installs no signal handlers; `run` does. */
  listen(options: ListenOptions = {}): Promise<Listening> {
    return listenOverHttp(this.#whole, options)
  }

  /**
   * Serves until the process is told to stop: over stdio, or over HTTP by option, by flag
   * (`--transport http --port 8000`) or by environment.
   */
  run(options: ServeOptions = {}): Promise<void> {
    return runUntilStopped(this.#whole, options)
  }

  /**
   * Ends what extensions run beside the calls, and all sessions and streams. What `listen` opened is closed by
   * itself; `run` ends by itself. Idempotent; a server that is used again begins again.
   */
  async close(): Promise<void> {
    this.#eras?.close()
    this.#eras = undefined
    this.#answer = undefined
    await this.#core.lifespan.end()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** What a server that mounts this one needs besides its components. */
  '~mounted'(): Mounted {
    const { mounted, lifespan } = this.#core
    return { handle: mounted, start: () => lifespan.begin().then(() => lifespan.end) }
  }

  /** A connection for a client in this process; `connect(mcp)` takes it. */
  '~connect'(options: MemoryOptions = {}): Loopback {
    return connectMemory(this.#whole.eras, options)
  }

  get #whole(): Served {
    this.#eras ??= this.#makeEras()
    return { ...this.#served, eras: this.#eras }
  }
}
