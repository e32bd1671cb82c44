import type { Implementation, ToolDefinition } from '../protocol/definitions.ts'
import type { Awaitable, Handle } from './call.ts'
import type { Context } from './context.ts'

/** Something that changed and whom to tell: a list of components, or one resource. */
export type Change =
  | { readonly kind: 'tool' | 'resource' | 'template' | 'prompt' }
  | { readonly kind: 'contents'; readonly uri: string }

/** Ends what the call that returned it began. Calling it again does nothing. */
export type Stop = () => void

/** How long and for whom a client may keep a result (2026-07-28 server/utilities/caching). */
export interface CacheHint {
  readonly ttlMs: number
  readonly cacheScope: 'public' | 'private'
}

/** What an era serves. The server room makes one; no era imports the server. */
export interface Application {
  readonly identity: Implementation
  readonly handle: Handle
  /** The definition of a tool as this caller sees it; undefined where the tool is unknown to them. */
  toolNamed(name: string, context: Context): Awaitable<ToolDefinition | undefined>
  /** Whether this caller could read a resource at the URI, and so may hear that it changed. */
  canRead(uri: string, context: Context): Awaitable<boolean>
  /** Calls `listener` at every change until stopped. */
  onChange(listener: (change: Change) => void): Stop
  /** The hint for a result of this method. */
  cacheHint(method: string): CacheHint
  /** For operators: what went wrong inside, never shown to a client. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}
