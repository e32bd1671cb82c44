import type { AskMethod, InputResponse } from '../protocol/asks.ts'
import type { ClientCapabilities } from '../protocol/capabilities.ts'
import type { Meta } from '../protocol/content.ts'
import type { Implementation } from '../protocol/definitions.ts'
import type { InputRequired } from '../protocol/input-required.ts'
import type { Params, RequestId } from '../protocol/json-rpc.ts'
import type { LogLevel } from '../protocol/methods.ts'
import type { Ability } from './abilities.ts'
import type { Application } from './application.ts'
import type { Auth } from './auth.ts'
import type { Awaitable } from './call.ts'

/** What the client told of itself. */
export interface ClientFace {
  readonly info: Implementation | undefined
  readonly capabilities: ClientCapabilities
}

/** How fast a client takes what it is sent. */
export interface Flow {
  /** Whether so much waits for the client that nothing should be added that can be left out. */
  readonly isCongested: boolean
  /** Resolves when the client has caught up, or is gone; undefined where there is nothing to wait for. */
  drained(): Promise<void> | undefined
}

/**
 * Where a call comes from and the way back to its client. An era makes one per request; the
 * `Context` that handlers see is built on it, so no handler can tell one era from another.
 */
export interface Origin {
  /** What serves the request. */
  readonly application: Application
  readonly requestId: RequestId
  /** The revision the request is served in. */
  readonly revision: string
  readonly client: ClientFace
  readonly auth: Auth | undefined
  /** The stateful session, where there is one. */
  readonly sessionId: string | undefined
  /** `_meta` of the request, as sent; attacker-controlled. */
  readonly meta: Meta | undefined
  /** The least severe log level the client wants for this request; undefined: none. */
  readonly logLevel: LogLevel | undefined
  /** A request header by its lower-case name, where the transport has headers. */
  header(name: string): string | undefined
  /** All request headers by their lower-case names, credentials and all. */
  headers(): Readonly<Record<string, string>>
  /** Whether the client has declared an ability, and the revision knows it. */
  can(ability: Ability): boolean
  /** Sends a notification about this request to its client, in order, before the result. */
  notify(method: string, params: Params): void
  /**
   * Asks the client and gives its answer, which has been checked to have the shape of the question; each
   * era has its own way. Rejects with `McpError`, or with `Unwinding` where the handler must run again.
   * `key` is the same question in every run. What is asked is noted before this first waits.
   */
  ask(key: string, method: AskMethod, params: Params): Promise<InputResponse>
  /** Does work once for all runs of the handler, and gives its result, which must be JSON. */
  once<T>(key: string, work: () => Awaitable<T>): Promise<T>
  /** Notes what the guard form asks, and gives what to throw: the handler runs again with the answers. */
  require(asked: InputRequired): Error
  /** Answers to what the guard form asked; no prototype. */
  readonly inputResponses: Readonly<Record<string, InputResponse>>
  /** What the guard form kept. */
  readonly requestState: unknown
  /** Whether something was asked that ends this run, whatever the handler makes of it. */
  readonly unwinding: boolean
  /** How fast the client takes what `notify` sends; left out where nothing ever waits. */
  readonly flow?: Flow | undefined
  /**
   * Lets go of the connection that would carry the answer: the client comes back for it. Returns whether it did;
   * left out where there is no such thing.
   */
  closeStream?(): boolean
  /** Called at most once: when the client cancels, disconnects, or the server shuts down. */
  onCancel(listener: (reason: Error) => void): void
}
