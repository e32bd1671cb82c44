import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import type { Awaitable } from '../engine/call.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { noteBelow } from '../providers/lineage.ts'
import type { Provider, Transform, View } from '../providers/provider.ts'

/** Which versions are shown. */
export interface VersionRange {
  /** This one and higher. */
  readonly from?: string
  /** Lower than this one. */
  readonly below?: string
  /** This one alone. */
  readonly exactly?: string
  /** Whether components without a version are shown, too; default true. */
  readonly unversioned?: boolean
}

/**
 * Shows some versions of the components of a source: of each the highest of them answers, and callers may ask for another of
 * them, but for no one outside the range. Two servers over one source are its views.
 *
 * @example
 * const v1 = new FastMCP({ name: 'shop', version: '1' })
 * v1.mount(pipe(shop, versions({ below: '2' })))
 * const v2 = new FastMCP({ name: 'shop', version: '2' })
 * v2.mount(pipe(shop, versions({ from: '2' })))
 */
export function versions(range: VersionRange): Transform {
  const { from, below, exactly, unversioned = true } = range
  if (from === undefined && below === undefined && exactly === undefined) {
    throw new DefinitionError('versions', 'say which: from, below or exactly')
  }
  const isShown = ({ version }: AnyComponent): boolean => {
    if (version === undefined) return unversioned
    if (exactly !== undefined && !isVersion(version, exactly)) return false
    if (from !== undefined && compareVersions(version, from) < 0) return false
    return below === undefined || compareVersions(version, below) < 0
  }
  return (source) => seenThrough(source, isShown)
}

function seenThrough(source: Provider, isShown: (component: AnyComponent) => boolean): Provider {
  const shelves = new WeakMap<object, Shelf>()
  const shelfOf = (list: readonly AnyComponent[]): Shelf => {
    const known = shelves.get(list) ?? newShelf(list.filter(isShown))
    shelves.set(list, known)
    return known
  }
  const seen: Provider = {
    get perCaller() {
      return source.perCaller === true
    },
    get isRemote() {
      return source.isRemote === true
    },
    start: source.start,
    // A shelf holds what the list that it was made of held.
    list: <K extends Kind>(kind: K, view: View) =>
      andThen(source.list(kind, view), (list) => shelfOf(list).list as readonly Components[K][]),
    find: <K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> =>
      andThen(source.list(kind, view), (list) => pick(shelfOf(list), kind, { id, view }) as Components[K] | undefined),
    onChange: (listener) => source.onChange(listener),
  }
  return noteBelow(seen, () => [source])
}

/** What is shown, and the versions of each, the highest first. */
interface Shelf {
  readonly list: readonly AnyComponent[]
  readonly byId: ReadonlyMap<string, readonly AnyComponent[]>
}

function newShelf(list: readonly AnyComponent[]): Shelf {
  const byId = new Map<string, AnyComponent[]>()
  for (const component of list) {
    const known = byId.get(component.id) ?? []
    known.push(component)
    byId.set(component.id, known)
  }
  for (const each of byId.values()) each.sort((a, b) => compareVersions(b.version, a.version))
  return { list: Object.freeze([...list]), byId }
}

interface Sought {
  readonly id: string
  readonly view: View
}

function pick({ list, byId }: Shelf, kind: Kind, { id, view }: Sought): AnyComponent | undefined {
  const known = byId.get(id) ?? (kind === 'template' ? byId.get(matching(list, id) ?? '') : undefined)
  const { version } = view
  return version === undefined ? known?.[0] : known?.find((each) => isVersion(each.version, version))
}

function matching(list: readonly AnyComponent[], uri: string): string | undefined {
  return list.find((each) => each.kind === 'template' && each.matches(uri))?.id
}
