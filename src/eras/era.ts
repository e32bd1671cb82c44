import type { Application } from '../engine/application.ts'
import type { Auth } from '../engine/auth.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Received } from '../protocol/json-rpc.ts'
import type { Answer, Exchange } from './exchange.ts'

/** The sending end of a connection that carries messages both ways: stdio, memory. */
export interface Wire {
  /** Who is at the other end, where the transport knows. */
  readonly auth?: Auth
  /** Sends one message, already text, without a line break in it. */
  send(text: string): void
}

/** The receiving end of a connection, as an era serves it. Neither method throws or rejects. */
export interface Line {
  /** Whether a request is still being answered: at the end of input a transport waits for these. */
  readonly busy: boolean
  receive(received: Received): void
  /** The peer is gone or the server stops: cancels what is in flight. */
  close(reason: Error): void
}

/** Bounds and habits of the eras. Times in milliseconds. */
export interface EraOptions {
  /** Most stateful sessions at once; all, and per principal. */
  readonly sessions: {
    readonly most: number
    readonly perPrincipal: number
    readonly idleMs: number
    readonly maxAgeMs: number
  }
  /** Most `subscriptions/listen` streams at once; all, and per principal. */
  readonly listens: { readonly most: number; readonly perPrincipal: number; readonly keepAliveMs: number }
  /** Most messages in a JSON-RPC batch, for the revision that has batches. */
  readonly batch: number
}

/** The default bounds. */
export const ERA_OPTIONS: EraOptions = {
  sessions: { most: 10_000, perPrincipal: 100, idleMs: 30 * 60_000, maxAgeMs: 24 * 3_600_000 },
  listens: { most: 8_192, perPrincipal: 32, keepAliveMs: 15_000 },
  batch: 20,
}

/**
 * A way of speaking MCP. It owns its handshake, sessions, envelope, HTTP rules and cache hints;
 * nothing outside its folder knows a revision.
 */
export interface Era {
  /** The revisions it speaks, newest first. */
  readonly revisions: readonly string[]
  /** Answers one HTTP exchange that carries (POST) or needs (GET, DELETE: undefined) a message. Never rejects. */
  exchange(exchange: Exchange, received: Received | undefined): Awaitable<Answer>
  /** Serves a connection. */
  connect(wire: Wire): Line
  /** Ends sessions and streams gracefully; idempotent. */
  close(): void
}

/** Makes an era for a server. `all` is every revision that the server speaks, for error data. */
export type CreateEra = (application: Application, options: EraOptions, all: readonly string[]) => Era
