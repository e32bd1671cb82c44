import type { AnyComponent, Kind, Wants } from './components/component.ts'
import { type PromptHandler, type PromptOptions, prompt } from './components/prompt.ts'
import { type ResourceHandler, type ResourceOptions, resource } from './components/resource.ts'
import { type ToolHandler, type ToolOptions, type TypedTool, tool } from './components/tool.ts'
import type { Change, Stop } from './engine/application.ts'
import type { Handle } from './engine/call.ts'
import type { Context } from './engine/context.ts'
import { type FastMCPOptions, hintsFrom, identityFrom, pageSizeFrom } from './fastmcp-options.ts'
import type { Middleware } from './middleware/compose.ts'
import type { Matched, Pattern } from './middleware/match.ts'
import { DefinitionError } from './protocol/errors.ts'
import type { Loopback } from './protocol/loopback.ts'
import type { Method } from './protocol/methods.ts'
import type { Mounted } from './providers/from-server.ts'
import { noteBelow } from './providers/lineage.ts'
import type { Provider, Transform } from './providers/provider.ts'
import { toolOf } from './providers/tool-of.ts'
import { createRegistrar, type Registrar } from './registrar.ts'
import type { ServeOptions } from './run.ts'
import type { AnySchema } from './schema/schema.ts'
import { type Core, createCore } from './server/core.ts'
import { createWatch, wantsDiagnosis } from './server/diagnosis/watch.ts'
import type { Extension } from './server/extension.ts'
import { createHealth } from './server/health/health.ts'
import { healthResource } from './server/health/health-resource.ts'
import { createKept } from './server/kept.ts'
import { createReporting } from './server/reporting.ts'
import { type LoopbackOptions, Serving } from './serving.ts'
import { type MountArgs, readMount } from './sources.ts'
import type { FetchHandler } from './transports/http/fetch.ts'
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
export class FastMCP<App = unknown> {
  readonly #registrar: Registrar
  readonly #core: Core
  readonly #serving: Serving

  constructor(options: FastMCPOptions<App>) {
    Object.defineProperty(this, SERVER, { value: true })
    noteBelow(this, () => [this.#registrar.provider])
    const reporting = createReporting(options.onError)
    const { report } = reporting
    const watch = wantsDiagnosis(options.diagnose) ? createWatch(report) : undefined
    this.#registrar = createRegistrar({ onDuplicate: options.onDuplicate ?? 'error', report })
    this.#core = createCore({
      identity: identityFrom(options),
      instructions: options.instructions,
      declared: options.capabilities ?? {},
      provider: this.#registrar.provider,
      pageSize: pageSizeFrom(options),
      hints: hintsFrom(options),
      sampling: options.sampling,
      kept: createKept(options),
      report,
      watch,
      changes: options.changes,
      held: this.#registrar.held,
      open: options.lifespan,
    })
    const health = createHealth(options.health, {
      identity: this.#core.identity,
      lifespan: this.#core.lifespan,
      reporting,
      watch,
    })
    if (options.health !== undefined) this.#registrar.add([healthResource(health)])
    const { provider } = this.#registrar
    this.#serving = new Serving({ core: this.#core, provider, health, reporting }, options)
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
    handler: ToolHandler<In, Out, Context<App>>,
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
    options: ResourceOptions<U, In, Context<App>>,
    handler: ResourceHandler<U, In, Context<App>>,
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
    options: PromptOptions<In, Context<App>>,
    handler: PromptHandler<In, Context<App>>,
  ): this {
    return this.add(prompt(name, options, handler))
  }

  /** Registers components made by `tool()`, `resource()` and `prompt()`. Throws for each that cannot be, after adding the rest. */
  add(...components: readonly (AnyComponent & Wants<Context<App>>)[]): this {
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

  /**
   * Serves all of another server or provider too, live: under the namespace in front, or under its own names. Throws
   * `DefinitionError` where both have something of the same name. The function it returns takes it out again.
   *
   * @example
   * mcp.mount('weather', weather)                          // forecast is weather_forecast
   * mcp.mount('shop', pipe(shop, hide({ tags: ['internal'] })), { separator: '.' })
   */
  mount(...mount: MountArgs): Stop {
    const { source, mounting } = readMount(mount)
    const stop = this.#registrar.mount(source, mounting)
    try {
      const leave = this.#core.admit(source)
      return () => {
        stop()
        leave().catch((problem: Error) => this.#core.report(problem, { during: 'unmounting' }))
      }
    } catch (problem) {
      stop()
      throw problem
    }
  }

  /**
   * Shows everything that the server has through transforms, what is registered or mounted later too; the first is the
   * innermost.
   *
   * @example
   * mcp.transform(hide({ tags: ['internal'] }))
   */
  transform(...transforms: readonly Transform[]): this {
    const undo = this.#registrar.transform(transforms)
    try {
      // Refuses what shows each caller something else where lists are public.
      this.#core.admit(this.#registrar.provider)
    } catch (problem) {
      undo()
      throw problem
    }
    return this
  }

  /**
   * Adds an extension of the protocol: advertised to every client, its methods served, its components listed.
   * Throws `DefinitionError` for an identifier or method name that cannot be, or that is taken.
   *
   * @example
   * mcp.extend(skills('./skills'))
   */
  extend(extension: Extension): this {
    const stop = extension.provider && this.#registrar.mount(extension.provider)
    try {
      this.#core.extend(extension)
    } catch (problem) {
      stop?.()
      throw problem
    }
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
  use<const P extends Pattern | Middleware<Method, App>>(
    first: P,
    layer?: P extends Pattern ? Middleware<Matched<P>, App> : never,
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
   * Tells clients that listen: the list of a kind changed, or with a URI what is read there.
   * From anywhere, a timer or a webhook too; what is said several times in one turn is told once.
   * Registering, removing, enabling and disabling tell by themselves.
   */
  changed(...args: [kind: Kind] | [kind: 'resource' | 'contents', uri: string]): void {
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
  readonly fetch: FetchHandler = (...given) => this.#serving.fetch(...given)

  /** Serves over HTTP on Node until closed. It installs no signal handlers; `run` does. */
  listen(options: ListenOptions = {}): Promise<Listening> {
    return this.#serving.listen(options)
  }

  /**
   * Serves until the process is told to stop: over stdio, or over HTTP by option, by flag
   * (`--transport http --port 8000`) or by environment.
   */
  run(options: ServeOptions = {}): Promise<void> {
    return this.#serving.run(options)
  }

  /**
   * Ends all sessions and streams, and what runs beside the calls: extensions, mounted servers, the app. Calls that
   * use the app have 5 s to leave it. What `listen` opened is closed by itself; `run` ends by itself. Idempotent; a
   * server that is used again begins again.
   */
  close(): Promise<void> {
    return this.#serving.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** What a server that mounts this one needs besides its components. */
  '~mounted'(): Mounted {
    const { mounted, lifespan, onChange, listHint } = this.#core
    return { handle: mounted, start: lifespan.lend, onChange, listHint }
  }

  /** A connection for a client in this process; `connect(mcp)` takes it. With `replacements` its calls get those. */
  '~connect'(options: LoopbackOptions = {}): Loopback {
    return this.#serving.connect(options)
  }
}
