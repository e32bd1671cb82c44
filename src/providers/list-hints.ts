import type { Kind } from '../components/component.ts'
import type { CacheHint } from '../protocol/cache-hint.ts'
import type { Provider } from './provider.ts'

/** How long and for whom a list of a provider may be kept; `otherwise` where it does not say, undefined where it has no such list. */
export function listHintOf(provider: Provider, kind: Kind, otherwise: CacheHint): CacheHint | undefined {
  return provider.listHint === undefined ? otherwise : provider.listHint(kind, otherwise)
}

/** What is true of two lists together: the shorter time, and private where one of them is. One of the two where it says it all. */
export function strictest(a: CacheHint, b: Partial<CacheHint>): CacheHint {
  const ttlMs = Math.min(a.ttlMs, b.ttlMs ?? a.ttlMs)
  const cacheScope = b.cacheScope === 'private' ? 'private' : a.cacheScope
  return ttlMs === a.ttlMs && cacheScope === a.cacheScope ? a : { ttlMs, cacheScope }
}
