import type { Application } from '../engine/application.ts'
import type { Auth } from '../engine/auth.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Flow } from '../engine/origin.ts'
import type { Received } from '../protocol/json-rpc.ts'
import type { Storage } from '../storage/storage.ts'
import type { Answer, Exchange } from './exchange.ts'

/** The sending end of a connection that carries messages both ways: stdio, memory. */
export interface Wire {
  /** Who is at the other end, where the transport knows. */
  readonly auth?: Auth
  /** How fast the other end takes what is sent; left out where nothing ever waits. */
  readonly flow?: Flow
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

/** How calls are carried over from a question to its answer where no connection is kept for them. */
export interface RequestStateOptions {
  /**
   * Secrets of at least 32 bytes that seal what travels through the client; the first seals, all open.
   * Every replica needs the same. Without any, one is made up, which only this process knows.
   */
  readonly keys?: readonly (string | Uint8Array)[]
  /** How long a client may take to answer; default 10 minutes. */
  readonly ttlMs?: number
}

/** How long a client may take to answer where a call is carried over. */
export const STATE_TTL_MS = 600_000

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
  /** How much of event streams is kept for stateful clients that come back; bytes as they would travel at most. */
  readonly events: {
    /** Most events of one session. */
    readonly perSession: number
    readonly bytesPerSession: number
    /** Of all sessions together. */
    readonly bytes: number
    /** After how long a client shall come back whose connection ended. */
    readonly retryMs: number
  }
  /** Most messages in a JSON-RPC batch, for the revision that has batches. */
  readonly batch: number
  /** How long a client may take to answer a question; a person may be filling in a form. */
  readonly asks: { readonly timeoutMs: number }
  readonly requestState?: RequestStateOptions | undefined
  /** Where lies what is too long to travel; default: in this process. */
  readonly storage?: Storage | undefined
}

/** The default bounds. */
export const ERA_OPTIONS: EraOptions = {
  sessions: { most: 10_000, perPrincipal: 100, idleMs: 30 * 60_000, maxAgeMs: 24 * 3_600_000 },
  listens: { most: 8_192, perPrincipal: 32, keepAliveMs: 15_000 },
  events: { perSession: 256, bytesPerSession: 1024 * 1024, bytes: 256 * 1024 * 1024, retryMs: 1_000 },
  batch: 20,
  asks: { timeoutMs: 10 * 60_000 },
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
