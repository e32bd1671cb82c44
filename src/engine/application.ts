import type { CacheHint } from '../protocol/cache-hint.ts'
import type { Implementation, ToolDefinition } from '../protocol/definitions.ts'
import type { Awaitable, Handle } from './call.ts'
import type { Context } from './context.ts'
import type { Replacements } from './dependency.ts'
import type { Home } from './home.ts'
import type { Kept } from './kept.ts'
import type { Origin } from './origin.ts'
import type { SamplingProvider } from './sampling.ts'
import type { Watch } from './watch.ts'

export type { CacheHint } from '../protocol/cache-hint.ts'

/** Something that changed and whom to tell: a list of components, or one resource. */
export type Change = (
  | { readonly kind: 'tool' | 'resource' | 'template' | 'prompt' }
  | { readonly kind: 'contents'; readonly uri: string }
) & {
  /** Whether it concerns this one of those who would be told; left out, it concerns all. It does not leave the process. */
  readonly isFor?: (hearer: Hearer) => boolean
}

/** Somebody who is told of changes, as far as a change can tell them apart. */
export type Hearer = Pick<Origin, 'auth' | 'sessionId' | 'client' | 'header'>

/** Ends what the call that returned it began. Calling it again does nothing. */
export type Stop = () => void

/** A method that an extension adds, as far as an era must know it. */
export interface AddedMethod {
  /** The parameter that the `Mcp-Name` header repeats. */
  readonly nameFrom: string | undefined
  /** The hint that its results carry; undefined where they carry none. */
  readonly cacheHint: CacheHint | undefined
  /** Whether only an era whose results tell their type can serve it. */
  readonly needsResultTypes: boolean
}

/** What the extensions of a server add to the protocol. */
export interface Additions {
  /** The method of this name; undefined for those of the protocol itself and for unknown ones. */
  method(name: string): AddedMethod | undefined
  /** Values of `resultType` that results may have besides those of the protocol. */
  readonly resultTypes: ReadonlySet<string>
  /** Whether an extension gives results of such types, so that only an era that tells them can have it. */
  needsResultTypes(id: string): boolean
}

/** What an era serves. The server room makes one; no era imports the server. */
export interface Application {
  readonly identity: Implementation
  readonly handle: Handle
  /**
   * The definition of a tool as this caller sees it; undefined where the tool is unknown to them, or with `args` where
   * they may not call it so.
   */
  toolNamed(name: string, context: Context, args?: unknown): Awaitable<ToolDefinition | undefined>
  /** Whether this caller could read a resource at the URI, and so may hear that it changed. */
  canRead(uri: string, context: Context): Awaitable<boolean>
  /**
   * This caller is going to be told of changes of the contents at a URI: whoever has to be asked for them is. Gives what ends
   * that; left out where nobody has to be asked.
   */
  follow?(uri: string, context: Context): Awaitable<Stop>
  /** Calls `listener` at every change until stopped. */
  onChange(listener: (change: Change) => void): Stop
  /** The hint for a result of this method. */
  cacheHint(method: string): CacheHint
  /** A model of the server's own, for clients that have none to offer. */
  readonly sampling?: SamplingProvider | undefined
  /** The app that the handlers of the server share; left out where there is none. */
  readonly home?: Home
  /** What outlives calls; left out where nothing does. */
  readonly kept?: Kept | undefined
  /** What tests put in place of dependencies. */
  readonly replacements?: Replacements
  /** What extensions add; left out where a server has none. */
  readonly additions?: Additions | undefined
  /** Looks on while handlers run; left out, nobody does. */
  readonly watch?: Watch | undefined
  /** For operators: what went wrong inside, never shown to a client. */
  report(problem: Error, facts: Readonly<Record<string, unknown>>): void
}
