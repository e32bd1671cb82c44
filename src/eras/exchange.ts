import type { Auth } from '../engine/auth.ts'
import type { Flow } from '../engine/origin.ts'

/**
 * One HTTP request after the transport has checked, authenticated and read it. The Node and
 * the fetch transport both hand this to the eras, and neither knows what an era does with it.
 */
export interface Exchange {
  /** POST, GET or DELETE; the transport refuses every other verb. */
  readonly verb: string
  readonly auth: Auth | undefined
  /** The body of a POST, decoded; empty for other verbs. */
  readonly text: string
  /** Whether a POST must be answered in JSON, whatever its client would take; left out: no. */
  readonly jsonOnly?: boolean
  /** A header by its lower-case name; several of one name are joined by ", ". */
  header(name: string): string | undefined
  /** All headers by their lower-case names; no prototype. */
  headers(): Readonly<Record<string, string>>
  /** Begins the answer as an event stream. The reply of this exchange must then be `STREAMED`. */
  open(headers?: Readonly<Record<string, string>>): EventStream
  /** Calls `listener` once if the client goes away before the answer is complete; at once if it already has. */
  onGone(listener: () => void): void
}

/** The open end of an answer that is an event stream. */
export interface EventStream extends Flow {
  /** Sends a framed event (see protocol/sse). Returns false once closed or cut off: stop then. */
  send(frame: string): boolean
  /** Ends the answer; what was sent is delivered first. */
  close(): void
}

/** An answer that is not a stream. A body is JSON. */
export interface Reply {
  readonly status: number
  readonly body?: string
  /** UTF-8 that follows the body, where the greater part of an answer is kept ready. */
  readonly rest?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** Says that the answer went through `Exchange.open`. */
export const STREAMED: unique symbol = Symbol('streamed')

/** What an era gives back for an exchange. It never rejects. */
export type Answer = Reply | typeof STREAMED
