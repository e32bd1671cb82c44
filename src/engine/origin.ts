import type { ClientCapabilities } from '../protocol/capabilities.ts'
import type { Meta } from '../protocol/content.ts'
import type { Implementation } from '../protocol/definitions.ts'
import type { RequestId } from '../protocol/json-rpc.ts'
import type { LogLevel } from '../protocol/methods.ts'
import type { Auth } from './auth.ts'

/** What the client told of itself. */
export interface ClientFace {
  readonly info: Implementation | undefined
  readonly capabilities: ClientCapabilities
}

/**
 * Where a call comes from and the way back to its client. An era makes one per request; the
 * `Context` that handlers see is built on it, so no handler can tell one era from another.
 */
export interface Origin {
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
  /** Sends a notification about this request to its client, in order, before the result. */
  notify(method: string, params: Readonly<Record<string, unknown>>): void
  /** Asks the client and waits for its answer; each era has its own way. Rejects with `McpError`. */
  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  /** Called at most once: when the client cancels, disconnects, or the server shuts down. */
  onCancel(listener: (reason: Error) => void): void
}
