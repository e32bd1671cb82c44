import type { CacheHint } from '../engine/application.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Method } from '../protocol/methods.ts'

/** Methods that tell what a server has. Their results are the same for everybody, unless something says otherwise. */
export const SHARED_METHODS: readonly Method[] = [
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
]

/** Which lists of a server may be offered to caches that callers share. */
export interface Sharing {
  /** The hint of a method; private where its results depend on who is calling. The same object until that changes. */
  hint(method: string): CacheHint
  /**
   * Notes that results of `methods` depend on who is calling. Throws `DefinitionError` where the server was told to
   * offer them to everybody; `what` is what they depend on.
   */
  refuse(what: string, methods: readonly Method[]): void
}

/** Makes the sharing of a server. `isPerCaller` is asked whether all lists depend on the caller at the moment. */
export function createSharing(hint: (method: string) => CacheHint, isPerCaller: () => boolean): Sharing {
  const perCaller = new Set<string>()
  const shared = new Set<string>(SHARED_METHODS)
  const kept = new Map<CacheHint, CacheHint>()

  const keep = (given: CacheHint): CacheHint => {
    const known = kept.get(given) ?? Object.freeze({ ...given, cacheScope: 'private' as const })
    kept.set(given, known)
    return known
  }

  return {
    hint(method) {
      const given = hint(method)
      if (given.cacheScope === 'private' || !shared.has(method)) return given
      return perCaller.has(method) || isPerCaller() ? keep(given) : given
    },
    refuse(what, methods) {
      const offered = methods.filter((method) => hint(method).cacheScope === 'public')
      if (offered.length > 0) {
        const fix = `set cache.methods['${offered[0]}'].cacheScope to "private"`
        throw new DefinitionError(
          what,
          `it shows each caller something else, but ${offered.join(', ')} is public: ${fix}`,
        )
      }
      for (const method of methods) perCaller.add(method)
    },
  }
}
