import type { Client as OfficialClient, RequestOptions } from '@modelcontextprotocol/client'
import type { ServerCapabilities } from '../protocol/capabilities.ts'
import type {
  Implementation,
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
  ToolDefinition,
} from '../protocol/definitions.ts'
import type { CompletionReference, GetPromptResult } from '../protocol/methods.ts'
import { ClientError, ToolCallError } from './errors.ts'
import { Logs } from './logs.ts'
import type { CallOptions, CompleteOptions, ConnectOptions, ToolCallOptions } from './options.ts'
import { type Reading, readContents } from './reading.ts'
import { readToolResult, type ToolCallResult, wrapsResult } from './tool-result.ts'
import { toClientError } from './translate.ts'

const TIMEOUT_MS = 60_000
/** However much progress is told, no call lasts longer. */
const MOST_MS = 30 * 60_000
const MOST_ITEMS = 10_000

/** Completions for an argument. */
export interface Completion {
  readonly values: readonly string[]
  /** How many there are in all, where the server says so. */
  readonly total?: number
  readonly hasMore?: boolean
}

/**
 * A connection to one MCP server, made by `connect`. Every method rejects with a `FastMCPError`,
 * or with the reason of your own signal.
 */
export class Client implements AsyncDisposable {
  /** The official client underneath, for what this one does not cover. */
  readonly official: OfficialClient
  readonly #options: ConnectOptions
  readonly #logs: Logs
  /** The tools, among those listed, whose results are wrapped in an object for their revision. */
  readonly #wrapped = new Set<string>()
  #closing: Promise<void> | undefined

  constructor(official: OfficialClient, options: ConnectOptions) {
    this.official = official
    this.#options = options
    this.#logs = new Logs(official, options.logLevel ?? 'info')
    if (options.onLog) this.#logs.add(options.onLog)
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

  /** All tools, through every page: at most 64 pages and 10,000 tools, else `TOO_LARGE`. */
  async tools(options?: CallOptions): Promise<readonly ToolDefinition[]> {
    if (!this.capabilities.tools) return []
    const { tools } = await this.#ask(options, (params, how) => this.official.listTools(params, how))
    const definitions = bounded(tools as readonly ToolDefinition[], 'tools') // the same shape
    this.#wrapped.clear()
    for (const tool of definitions) if (wrapsResult(tool)) this.#wrapped.add(tool.name)
    return definitions
  }

  /** All resources with a fixed URI; bounded as `tools` is. */
  async resources(options?: CallOptions): Promise<readonly ResourceDefinition[]> {
    if (!this.capabilities.resources) return []
    const { resources } = await this.#ask(options, (params, how) => this.official.listResources(params, how))
    return bounded(resources as readonly ResourceDefinition[], 'resources') // the same shape
  }

  /** All resource templates; bounded as `tools` is. */
  async templates(options?: CallOptions): Promise<readonly TemplateDefinition[]> {
    if (!this.capabilities.resources) return []
    const { resourceTemplates } = await this.#ask(options, (params, how) =>
      this.official.listResourceTemplates(params, how),
    )
    return bounded(resourceTemplates as readonly TemplateDefinition[], 'templates') // the same shape
  }

  /** All prompts; bounded as `tools` is. */
  async prompts(options?: CallOptions): Promise<readonly PromptDefinition[]> {
    if (!this.capabilities.prompts) return []
    const { prompts } = await this.#ask(options, (params, how) => this.official.listPrompts(params, how))
    return bounded(prompts as readonly PromptDefinition[], 'prompts') // the same shape
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
    const raw = await this.#ask(options, (params, how) =>
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
  async readResource(uri: string, options?: CallOptions): Promise<Reading> {
    const raw = await this.#ask(options, (params, how) => this.official.readResource({ ...params, uri }, how))
    return readContents(uri, raw as Reading['raw']) // the same shape
  }

  /** Fills in a prompt. */
  async getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<GetPromptResult> {
    const result = await this.#ask(options, (params, how) =>
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
    const { completion } = await this.#ask(options, (params, how) =>
      this.official.complete({ ...params, ref: { ...ref }, argument: { ...argument }, ...context }, how),
    )
    return completion as Completion // the same shape
  }

  /** Ends the connection, its session and its process; what is in flight rejects. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.official.close().catch((problem) => Promise.reject(toClientError(problem)))
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #ask<T>(
    options: CallOptions = {},
    work: (params: { _meta?: Record<string, unknown> }, how: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const stop = options.onLog && this.#logs.add(options.onLog)
    try {
      await this.#logs.ready()
      const meta = { ...this.#logs.meta, ...options.meta }
      return await work(Object.keys(meta).length === 0 ? {} : { _meta: meta }, this.#how(options))
    } catch (problem) {
      if (options.signal?.aborted) throw options.signal.reason
      throw toClientError(problem)
    } finally {
      stop?.()
    }
  }

  #how({ signal, timeout = this.#options.timeout ?? TIMEOUT_MS, onProgress = this.#options.onProgress }: CallOptions) {
    const how: RequestOptions = { timeout, resetTimeoutOnProgress: true, maxTotalTimeout: Math.max(timeout, MOST_MS) }
    if (signal) how.signal = signal
    if (onProgress) how.onprogress = (progress) => onProgress(progress as Parameters<typeof onProgress>[0]) // the same shape
    return how
  }
}

function bounded<T>(items: readonly T[], what: string): readonly T[] {
  if (items.length <= MOST_ITEMS) return items
  throw new ClientError('TOO_LARGE', `The server lists ${items.length} ${what}; at most ${MOST_ITEMS} are taken`)
}
