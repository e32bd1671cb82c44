import type { AuthProvider, FetchLike, OAuthClientProvider } from '@modelcontextprotocol/client'
import type { Auth } from '../engine/auth.ts'
import type { FastMCPError } from '../protocol/errors.ts'
import type { LogLevel } from '../protocol/methods.ts'
import type { AskHandlers } from './asks.ts'
import type { Stderr } from './child.ts'
import type { ResponseCache } from './response-cache.ts'

/** How far a call is, as its server tells it. */
export interface Progress {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

/** A log message of the server. */
export interface LogEntry {
  readonly level: LogLevel
  readonly logger?: string
  /** Any JSON: often a string, or an object with `message`. */
  readonly data: unknown
}

/** What every request takes. */
export interface CallOptions {
  /** Cancels the call, also on the server; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Milliseconds to wait; each progress report starts the wait anew, up to half an hour in all. */
  readonly timeout?: number
  readonly onProgress?: (progress: Progress) => void
  /**
   * Gets the log messages that arrive while this call runs. A pipe does not tell whose they
   * are: with several calls at once each listener gets them all.
   */
  readonly onLog?: (entry: LogEntry) => void
  /** Members for `_meta` of the request, such as a trace context. */
  readonly meta?: Readonly<Record<string, unknown>>
}

/** What calling a tool takes besides. */
export interface ToolCallOptions extends CallOptions {
  /** False gives a result with `isError` back in place of throwing it as `ToolCallError`. */
  readonly throwOnError?: boolean
}

/** What listing and reading take besides. */
export interface ReadOptions extends CallOptions {
  /** True asks the server even where a kept answer would do. */
  readonly fresh?: boolean
}

/** What completing an argument takes besides. */
export interface CompleteOptions extends CallOptions {
  /** The arguments already chosen, by name. */
  readonly others?: Readonly<Record<string, string>>
}

/** How a client introduces itself, answers, waits and listens. Times in milliseconds. */
export interface ConnectOptions extends AskHandlers {
  /**
   * Which way of speaking MCP to use. `auto` asks the server and takes the newest that both
   * know; the other two insist.
   */
  readonly era?: 'auto' | 'stateless' | 'stateful'
  /** Who the client says it is. */
  readonly name?: string
  readonly version?: string
  /** For every HTTP request: credentials, tenant, trace. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * For HTTP: where bearer tokens come from, as a provider of `@modelcontextprotocol/client`. One that sends the
   * user to an authorization page makes the request fail with `UNAUTHORIZED`; once `auth` of that package has
   * redeemed what came back, the next one succeeds. A token wins over an `authorization` header.
   */
  readonly authProvider?: AuthProvider | OAuthClientProvider
  /** In place of the global `fetch`: a proxy, a recorder, or a server's own `fetch`. */
  readonly fetch?: FetchLike
  /** For HTTP: where redirects may lead, anywhere that `fetch` goes by default. */
  readonly redirects?: 'follow' | 'same-origin'
  /** Extensions of the protocol that the client knows, by identifier, with its settings for each. */
  readonly extensions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The parameter that the `Mcp-Name` header repeats over stateless HTTP, by method of an extension that wants it. */
  readonly nameHeaders?: Readonly<Record<string, string>>
  /**
   * Where lists and resources are kept for as long as the server allows. Each client has a cache
   * of its own; give several the same to share, or false to ask the server every time.
   */
  readonly cache?: ResponseCache | false
  /** For every call that sets none; 60 s by default. Answering the server's questions does not count. */
  readonly timeout?: number
  /** For connecting, 10 s by default; half of it may pass in asking which era the server speaks. */
  readonly connectTimeout?: number
  /** Gives up connecting. It does not end the connection afterwards: `close` does. */
  readonly signal?: AbortSignal
  /** For every call that sets none. */
  readonly onProgress?: (progress: Progress) => void
  /** For every log message of the server, at `logLevel` and above. */
  readonly onLog?: (entry: LogEntry) => void
  /** Hears of what goes wrong beside any call: a broken stream, an unreadable message, a handler that failed. */
  readonly onError?: (problem: FastMCPError) => void
  /**
   * For stateful HTTP: the server has let go of the connection of a call, which is taken up again by itself. Called on the
   * asynchronous way of that call. For proxies.
   */
  readonly onLetGo?: () => void
  /** The least severe log message wanted, when anything listens; `info` by default. */
  readonly logLevel?: LogLevel
  /** For a command: what becomes of its standard error; shown by default. */
  readonly stderr?: Stderr
  /** For a command: how long it may take to leave, before each signal; 2 s by default. */
  readonly graceTimeout?: number
  /** For a server object: who the server shall think is calling. */
  readonly auth?: Auth
}
