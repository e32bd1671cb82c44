import { KINDS, type Kind } from '../components/component.ts'
import type { CacheHint } from '../engine/application.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Method } from '../protocol/methods.ts'
import { listHintOf, strictest } from '../providers/list-hints.ts'
import type { Provider } from '../providers/provider.ts'

/** Methods that tell what a server has. Their results are the same for everybody, unless something says otherwise. */
export const SHARED_METHODS: readonly Method[] = [
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
]

const LISTED_BY: Readonly<Record<Kind, Method>> = {
  tool: 'tools/list',
  resource: 'resources/list',
  template: 'resources/templates/list',
  prompt: 'prompts/list',
}
const KIND_LISTED: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [LISTED_BY[kind], kind]))

/** Which lists of a server may be offered to caches that callers share. */
export interface Sharing {
  /**
   * The hint of a method: of lists no less strict than what their sources say, and private where results depend on who is
   * calling.
   */
  hint(method: string): CacheHint
  /** What a source says of its lists that are part of those of another server. */
  listHint: NonNullable<Provider['listHint']>
  /**
   * Notes that results of `methods` depend on who is calling. Throws `DefinitionError` where the server was told to
   * offer them to everybody; `what` is what they depend on.
   */
  refuse(what: string, methods: readonly Method[]): void
}

/** What a server is told of the hints of its results. */
export interface Hints {
  /** The hint of a method, whole. */
  hint(method: string): CacheHint
  /** What of it its author said. */
  said(method: string): Partial<CacheHint>
}

/** Makes the sharing of a server that has what `provider` has. */
export function createSharing({ hint, said }: Hints, provider: Provider): Sharing {
  const perCaller = new Set<string>()
  const shared = new Set<string>(SHARED_METHODS)

  const listHint = (kind: Kind, otherwise: CacheHint): CacheHint | undefined => {
    const below = listHintOf(provider, kind, otherwise)
    return below === undefined || below === otherwise ? below : strictest(below, said(LISTED_BY[kind]))
  }
  const given = (method: string): CacheHint => {
    const whole = hint(method)
    const kind = KIND_LISTED.get(method)
    return kind === undefined ? whole : (listHint(kind, whole) ?? whole)
  }

  return {
    listHint,
    hint(method) {
      const whole = given(method)
      if (whole.cacheScope === 'private' || !shared.has(method)) return whole
      return perCaller.has(method) || provider.perCaller ? { ...whole, cacheScope: 'private' } : whole
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
