import type { AnyComponent, Kind } from './components/component.ts'
import { type PromptHandler, type PromptOptions, prompt } from './components/prompt.ts'
import { type ResourceHandler, type ResourceOptions, resource } from './components/resource.ts'
import { type ToolHandler, type ToolOptions, tool } from './components/tool.ts'
import type { Change, Stop } from './engine/application.ts'
import type { Handle } from './engine/call.ts'
import { createEras, type Eras } from './eras/negotiate.ts'
import { type FastMCPOptions, hintsFrom, identityFrom, limitsFrom, pageSizeFrom } from './fastmcp-options.ts'
import type { Middleware } from './middleware/compose.ts'
import type { Matched, Pattern } from './middleware/match.ts'
import { DefinitionError } from './protocol/errors.ts'
import type { Loopback } from './protocol/loopback.ts'
import type { Provider } from './providers/provider.ts'
import { createRegistrar, type Registrar, type Source } from './registrar.ts'
import { listenOverHttp, runUntilStopped, type Served, type ServeOptions } from './run.ts'
import type { AnySchema } from './schema/schema.ts'
import { type Core, createCore } from './server/core.ts'
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
    this.#registrar = createRegistrar(options.onDuplicate ?? 'error')
    this.#core = createCore({
      identity: identityFrom(options),
      instructions: options.instructions,
      declared: options.capabilities ?? {},
      provider: this.#registrar.provider,
      pageSize: pageSizeFrom(options),
      cacheHint: hintsFrom(options),
      report,
    })
    this.#served = { name: options.name, http: { ...options.http, authenticate: options.authenticate }, report }
    this.#makeEras = () => createEras(this.#core, limitsFrom(options))
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

  /** Serves all of another server or provider too, live. The function it returns takes it out again. */
  mount(source: Source): Stop {
    return this.#registrar.mount(source)
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
   * Registering and removing tell by themselves.
   */
  changed(...args: [kind: Kind] | [kind: 'contents', uri: string]): void {
    const [kind, uri] = args
    this.#core.changed(uri === undefined ? ({ kind } as Change) : { kind: 'contents', uri })
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
    this.#answer ??= serveFetch(this.#whole.eras, { ...this.#served.http, report: this.#served.report })
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

  /** A connection for a client in this process; `connect(mcp)` takes it. */
  '~connect'(options: MemoryOptions = {}): Loopback {
    return connectMemory(this.#whole.eras, options)
  }

  get #whole(): Served {
    this.#eras ??= this.#makeEras()
    return { ...this.#served, eras: this.#eras }
  }
}
