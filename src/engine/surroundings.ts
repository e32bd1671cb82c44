import type { AskMethod, InputResponse } from '../protocol/asks.ts'
import type { ClientCapabilities } from '../protocol/capabilities.ts'
import { McpError } from '../protocol/errors.ts'
import type { Params } from '../protocol/json-rpc.ts'
import type {
  CallToolResult,
  GetPromptResult,
  Method,
  ParamsOf,
  ReadResourceResult,
  ResultOf,
} from '../protocol/methods.ts'
import { LOG_LEVELS, type LogLevel } from '../protocol/methods.ts'
import type { Asking } from './asking.ts'
import type { Awaitable, Call } from './call.ts'
import type { Context } from './context.ts'
import type { Origin } from './origin.ts'
import type { Way } from './way.ts'

/** How many calls may be on the way of one another. */
const DEEPEST = 16

/** Where a call stands: what the server around it needs to be asked from there. */
export interface Standpoint {
  readonly origin: Origin
  readonly way: Way
  /** The questions of the call. */
  asking(): Asking
  /**
   * The context of another call on the way of this one; `isPart` where it is all that this one does. With a name its
   * questions are told apart from those of others.
   */
  below(isPart: boolean, name?: string): Context
}

/**
 * The server around a handler, as the caller sees it: what is asked here goes the way that a call of the client goes, through
 * every layer, with the rights of the caller. Names and URIs are those that the handler's own server knows.
 */
export class Surroundings {
  readonly #at: Standpoint

  constructor(at: Standpoint) {
    this.#at = at
  }

  /** Calls a tool. What fails is `isError`; rejects where the caller has no such tool. */
  callTool(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<CallToolResult> {
    return this.ask('tools/call', { name: this.outside('tool', name), arguments: args })
  }

  /** Reads a resource. Rejects where the caller could not read it. */
  readResource(uri: string): Promise<ReadResourceResult> {
    return this.ask('resources/read', { uri: this.outside('resource', uri) })
  }

  /** Gets a prompt. Rejects where the caller could not get it. */
  getPrompt(name: string, args: Readonly<Record<string, string>> = {}): Promise<GetPromptResult> {
    return this.ask('prompts/get', { name: this.outside('prompt', name), arguments: args })
  }

  /** What the caller calls a tool, prompt or resource of the handler's server: it may be mounted under other names. */
  outside(kind: 'tool' | 'prompt' | 'resource', id: string): string {
    return this.#at.way.outward?.above(kind, id) ?? id
  }

  /**
   * Asks one operation, by the names that the caller knows. Give a name where several are asked in an order that may be
   * another whenever the handler runs again: by it their questions, and what they do once, are told apart.
   */
  ask<M extends Method>(method: M, params: ParamsOf<M>, name?: string): Promise<ResultOf<M>> {
    return this.#handle({ method, params, context: this.#at.below(false, name) })
  }

  /** Gives the whole call to another operation, by the names that the caller knows: its progress is that of this one. */
  delegate<M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return this.#handle({ method, params, context: this.#at.below(true) })
  }

  /** A key for `askClient` and `once`, the same in every run of the handler. */
  keyFor(kind: string): string {
    return this.#at.asking().keyFor(kind)
  }

  /** Asks the client as a protocol says it, and gives its answer; see `Origin.ask`. Rejects as the helpers of the context do. */
  askClient(method: AskMethod, params: Params, key: string): Promise<InputResponse> {
    return this.#at.asking().ask(key, method, params)
  }

  /** Hands a log message on, if the client wants to hear of it. */
  relayLog(entry: { readonly level: LogLevel; readonly logger?: string; readonly data: unknown }): void {
    const { logLevel } = this.#at.origin
    if (logLevel === undefined || LOG_LEVELS.indexOf(entry.level) < LOG_LEVELS.indexOf(logLevel)) return
    this.#at.origin.notify('notifications/message', { ...entry })
  }

  /** The least severe log message that the client wants of this request; undefined: none. */
  get logLevel(): LogLevel | undefined {
    return this.#at.origin.logLevel
  }

  /** Whether this call is on the way of another one, which may ask questions of its own. */
  get isNested(): boolean {
    return this.#at.way.depth > 0
  }

  /** A request header by its lower-case name, credentials too: only for handing on what an operator has named. */
  headerOnward(name: string): string | undefined {
    return this.#at.origin.header(name)
  }

  /** What the client declared that it can do. */
  get clientCapabilities(): ClientCapabilities {
    return this.#at.origin.client.capabilities
  }

  /** Who asks, for whichever version there is of anything. For the engine. */
  get view(): Pick<Context, 'auth' | 'sessionId'> {
    return this.#at.below(false)
  }

  /** Whether the caller could read a resource, by the URI that they know. */
  canRead(uri: string): Awaitable<boolean> {
    return this.#at.origin.application.canRead(uri, this.#at.below(false))
  }

  async #handle<M extends Method>(asked: Asked<M>): Promise<ResultOf<M>> {
    if (this.#at.way.depth >= DEEPEST) throw new McpError('INVALID_REQUEST', 'Calls call one another without end')
    // Method and parameters fit, and the result is that of the method.
    return (await this.#at.origin.application.handle(asked as Call)) as ResultOf<M>
  }
}

interface Asked<M extends Method> {
  readonly method: M
  readonly params: ParamsOf<M>
  readonly context: Context
}
