import type { CacheMode, Client as OfficialClient } from '@modelcontextprotocol/client'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type {
  Implementation,
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from '../protocol/definitions.ts'
import type { CompletionReference, GetPromptResult } from '../protocol/methods.ts'
import type { Calls, How, MetaParams } from './calls.ts'
import type { Change } from './change.ts'
import { ClientError, ServerError, ToolCallError } from './errors.ts'
import { ANY, type ForwardOptions, type Handing, type Members } from './forward.ts'
import type { ListenFilter } from './listen-filter.ts'
import type { CallOptions, CompleteOptions, ReadOptions, ToolCallOptions } from './options.ts'
import { type Reading, readContents } from './reading.ts'
import type { Subscription, Subscriptions } from './subscriptions.ts'
import { readToolResult, type ToolCallResult, wrapsResult } from './tool-result.ts'
import { toClientError } from './translate.ts'

/** Completions for an argument. */
export interface Completion {
  readonly values: readonly string[]
  /** How many there are in all, where the server says so. */
  readonly total?: number
  readonly hasMore?: boolean
}

/** What a client is put together from. */
export interface ClientParts {
  readonly calls: Calls
  readonly handing: () => Handing
  readonly subscriptions: Subscriptions
  /** Whether answers may be served from what is kept. */
  readonly cached: boolean
  /** How many messages belonged to nothing. */
  readonly strays: () => number
  /** Ends every call that runs. */
  readonly stop: (reason: ClientError) => void
  readonly closed: Promise<void>
}

/**
 * A connection to one MCP server, made by `connect`. Every method rejects with a `FastMCPError`,
 * or with the reason of your own signal.
 */
export class Client implements AsyncDisposable {
  /** The official client underneath, for what this one does not cover. */
  readonly official: OfficialClient
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
  readonly #parts: ClientParts
  /** The tools, among those listed, whose results are wrapped in an object for their revision. */
  readonly #wrapped = new Set<string>()
  #closing: Promise<void> | undefined

  constructor(official: OfficialClient, parts: ClientParts) {
    this.official = official
    this.closed = parts.closed
    this.#parts = parts
  }

  /** Which way of speaking MCP the two agreed on. */
  get era(): 'stateless' | 'stateful' {
    return this.official.getProtocolEra() === 'modern' ? 'stateless' : 'stateful'
  }

  /** The revision of the specification in use, a date. */
  get revision(): string {
    return this.official.getNegotiatedProtocolVersion() ?? ''
  }

  /** Who the server says it is; the stateless era lets it be silent. */
  get serverInfo(): Implementation | undefined {
    return this.official.getServerVersion() as Implementation | undefined // the same shape, see `protocol.test-d.ts`
  }

  get capabilities(): ServerCapabilities {
    return (this.official.getServerCapabilities() ?? {}) as ServerCapabilities // the same shape
  }

  /** What the server tells a model about using it. */
  get instructions(): string | undefined {
    return this.official.getInstructions()
  }

  /** How many messages of the server belonged to nothing, such as a second answer, and were ignored. */
  get ignored(): number {
    return this.#parts.strays()
  }

  /** All tools, through every page: at most 64 pages and 10,000 tools, else `TOO_LARGE`. */
  async tools(options?: ReadOptions): Promise<readonly ToolDefinition[]> {
    if (!this.#offers('tools')) return []
    const { tools } = await this.#list(options, (params, how) => this.official.listTools(params, how))
    const definitions = tools as readonly ToolDefinition[] // the same shape
    this.#wrapped.clear()
    for (const tool of definitions) if (wrapsResult(tool)) this.#wrapped.add(tool.name)
    return definitions
  }

  /** All resources with a fixed URI; bounded as `tools` is. */
  async resources(options?: ReadOptions): Promise<readonly ResourceDefinition[]> {
    if (!this.#offers('resources')) return []
    const { resources } = await this.#list(options, (params, how) => this.official.listResources(params, how))
    return resources as readonly ResourceDefinition[] // the same shape
  }

  /** All resource templates; bounded as `tools` is. */
  async templates(options?: ReadOptions): Promise<readonly TemplateDefinition[]> {
    if (!this.#offers('resources')) return []
    const { resourceTemplates } = await this.#list(options, (params, how) =>
      this.official.listResourceTemplates(params, how),
    )
    return resourceTemplates as readonly TemplateDefinition[] // the same shape
  }

  /** All prompts; bounded as `tools` is. */
  async prompts(options?: ReadOptions): Promise<readonly PromptDefinition[]> {
    if (!this.#offers('prompts')) return []
    const { prompts } = await this.#list(options, (params, how) => this.official.listPrompts(params, how))
    return prompts as readonly PromptDefinition[] // the same shape
  }

  /**
   * Calls a tool. A result that says the tool failed is thrown as `ToolCallError`, unless
   * `throwOnError` is false. `T` is your claim about `data`: it is not checked.
   *
   * @example
   * const { data } = await client.callTool<number>('add', { a: 1, b: 2 })
   */
  async callTool<T = unknown>(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    options?: ToolCallOptions,
  ): Promise<ToolCallResult<T>> {
    const raw = await this.#parts.calls.run(options, (params, how) =>
      this.official.callTool({ ...params, name, ...(args && { arguments: { ...args } }) }, how),
    )
    const result = readToolResult<T>(raw as ToolCallResult['raw'], this.#wrapped.has(name)) // the same shape
    if (result.isError && options?.throwOnError !== false) throw new ToolCallError(name, result.raw)
    return result
  }

  /**
   * Reads a resource, by its URI or by one that a template matches.
   *
   * @example
   * const theme = (await client.readResource('config://app')).json<Config>().theme
   */
  async readResource(uri: string, options?: ReadOptions): Promise<Reading> {
    const cacheMode: CacheMode = !this.#parts.cached ? 'bypass' : options?.fresh ? 'refresh' : 'use'
    const raw = await this.#parts.calls.run(options, (params, how) =>
      this.official.readResource({ ...params, uri }, { ...how, cacheMode }),
    )
    return readContents(uri, raw as Reading['raw']) // the same shape
  }

  /** Fills in a prompt. */
  async getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<GetPromptResult> {
    const result = await this.#parts.calls.run(options, (params, how) =>
      this.official.getPrompt({ ...params, name, ...(args && { arguments: { ...args } }) }, how),
    )
    return result as GetPromptResult // the same shape
  }

  /**
   * Asks how an argument of a prompt, or a variable of a template, may go on.
   *
   * @example
   * const { values } = await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'language', value: 'ty' })
   */
  async complete(
    ref: CompletionReference,
    argument: { readonly name: string; readonly value: string },
    options?: CompleteOptions,
  ): Promise<Completion> {
    const context = options?.others && { context: { arguments: { ...options.others } } }
    const { completion } = await this.#parts.calls.run(options, (params, how) =>
      this.official.complete({ ...params, ref: { ...ref }, argument: { ...argument }, ...context }, how),
    )
    return completion as Completion // the same shape
  }

  /**
   * Tells `onChange` when something that `filter` names has changed on the server, until the
   * subscription is closed. A stream that breaks is opened again; what may have been missed
   * meanwhile is told as `assumed`. Rejects with `NOT_SUPPORTED` when the server tells none of it.
   *
   * @example
   * await using changes = await client.listen({ tools: true, resources: ['config://app'] }, async ({ kind }) => {
   *   if (kind === 'tools') showTools(await client.tools())
   * })
   */
  listen(filter: ListenFilter, onChange: (change: Change) => void, options?: CallOptions): Promise<Subscription> {
    return this.#parts.calls.run(options, (_, { signal }) => this.#parts.subscriptions.listen(filter, onChange, signal))
  }

  /**
   * Sends any request, such as one of an extension. `T` is your claim about the result: it is not
   * checked.
   *
   * @example
   * const { skills } = await client.request<{ skills: Skill[] }>('skills/list')
   */
  request<T = Readonly<Record<string, unknown>>>(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<T> {
    return this.#parts.calls.run(options, async ({ _meta }, how) => {
      const meta = _meta && { _meta: { ...(params?._meta as object | undefined), ..._meta } }
      return (await this.official.request({ method, params: { ...params, ...meta } }, ANY, how)) as T // the caller's claim
    })
  }

  /**
   * Hands a request on and gives the result as the server sent it, nothing of it checked, kept or answered here. One of
   * `resultType` `input_required` asks questions, which is for the caller to do. For proxies.
   */
  forward(method: string, params: Readonly<Record<string, unknown>>, options: ForwardOptions = {}): Promise<Members> {
    return this.#parts.handing().forward(method, params, options)
  }

  /** Whether what the server tells on the way of a call that is handed on can be told from what it tells of others. */
  get tellsCallsApart(): boolean {
    return this.#parts.handing().isApart
  }

  /** Makes sure that the server answers. */
  async ping(options?: CallOptions): Promise<void> {
    const { calls } = this.#parts
    const answer = calls.run(options, async (_, how): Promise<void> => {
      await (this.era === 'stateless' ? this.official.discover(how) : this.official.ping(how))
    })
    await answer.catch((problem) => {
      // One that does not know the question answers all the same.
      if (!(problem instanceof ServerError)) throw problem
    })
  }

  /** Tells the server that `onRoots` has another answer now; in the stateless era it asks each time it needs one. */
  async rootsChanged(): Promise<void> {
    if (this.era === 'stateless') return
    await this.official.sendRootsListChanged().catch((problem) => Promise.reject(toClientError(problem)))
  }

  /** Ends the connection, its session and its process; what is in flight rejects. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #offers(kind: 'tools' | 'resources' | 'prompts'): boolean {
    if (this.official.transport !== undefined) return this.capabilities[kind] !== undefined
    throw new ClientError('CONNECTION_CLOSED', 'The connection is closed: connect again')
  }

  async #close(): Promise<void> {
    const { subscriptions, stop } = this.#parts
    subscriptions.stop()
    stop(new ClientError('CONNECTION_CLOSED', 'The connection was closed before the server had answered'))
    await this.official.close().catch((problem) => Promise.reject(toClientError(problem)))
  }

  /** Even where nothing is served from the cache, lists are kept: arguments may have to be told in headers as they say. */
  #list<T>(
    options: ReadOptions | undefined,
    work: (params: MetaParams, how: How & { cacheMode: CacheMode }) => Promise<T>,
  ): Promise<T> {
    const cacheMode: CacheMode = !this.#parts.cached || options?.fresh ? 'refresh' : 'use'
    return this.#parts.calls.run(options, (params, how) => work(params, { ...how, cacheMode }))
  }
}
