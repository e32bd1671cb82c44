import type { Components, Kind } from '../components/component.ts'
import type { Change, Stop } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { CacheHint } from '../protocol/cache-hint.ts'

/** Who asks, and for which version where they name one. The context of the call is one. */
export type View = Pick<Context, 'auth' | 'sessionId'> & { readonly version?: string | undefined }

/**
 * The author of a server, who makes components of others: what depends on who is calling is not asked before it is called, and
 * then as always.
 */
export const AUTHOR: View = Object.freeze({ auth: undefined, sessionId: undefined })

/** A source of components: a registry, a mounted server, a proxy, an OpenAPI document, a folder. */
export interface Provider {
  /**
   * All components of a kind that this view may see, in a stable order. While nothing changes
   * a provider returns the same array, so that whatever was worked out from it is kept.
   */
  list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]>
  /**
   * One component by its id; for templates the template itself or any URI that it matches. Of several versions the one that
   * the view names, or else the highest.
   */
  find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined>
  /** Whether lists depend on who asks: then they are not offered to caches that callers share. Left out, they do not. */
  readonly perCaller?: boolean
  /** Whether it has to ask somebody elsewhere, so that nobody looks into it without need. Left out, it has not. */
  readonly isRemote?: boolean
  /**
   * How long and for whom callers may keep its list of a kind: `otherwise` where it does not say so, undefined where it has
   * nothing of the kind. Left out, it never says.
   */
  listHint?(kind: Kind, otherwise: CacheHint): CacheHint | undefined
  /** Calls `listener` at every change. */
  onChange(listener: (change: Change) => void): Stop
  /** Begins what runs beside the calls of what it has, and gives what ends it; left out, there is no such thing. */
  readonly start?: (() => Promise<() => Promise<void>>) | undefined
}

/** Another view of a provider. What it hides from `list`, `find` does not find either. */
export type Transform = (source: Provider) => Provider
