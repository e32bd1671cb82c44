import { DefinitionError } from './errors.ts'

/** How long and for whom a client may keep a result (2026-07-28 server/utilities/caching). */
export interface CacheHint {
  readonly ttlMs: number
  readonly cacheScope: 'public' | 'private'
}

/**
 * The member by which a result says itself how it may be kept, a `Partial<CacheHint>`. Symbols are not
 * serialised: an era writes it in its own form, or not at all.
 */
export const CACHE_HINT: unique symbol = Symbol.for('@fastmcp/ts/cache-hint')

/** Throws `DefinitionError` for a member of a hint that cannot be. */
export function checkCacheHint(where: string, hint: Partial<CacheHint>): void {
  const { ttlMs, cacheScope } = hint
  if ('ttlMs' in hint && !(Number.isSafeInteger(ttlMs) && Number(ttlMs) >= 0)) {
    throw new DefinitionError(where, `ttlMs must be a whole number of milliseconds from 0, not ${ttlMs}`)
  }
  if ('cacheScope' in hint && cacheScope !== 'public' && cacheScope !== 'private') {
    throw new DefinitionError(where, `cacheScope must be "public" or "private", not "${String(cacheScope)}"`)
  }
}
