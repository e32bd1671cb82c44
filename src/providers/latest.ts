import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { frozenCopy } from '../components/metadata.ts'
import { andThen } from '../components/thenable.ts'
import { compareVersions, VERSION_KEY, VERSIONS_KEY } from '../components/version.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Provider, View } from './provider.ts'

/** What of a provider the lists of a server show: of several versions the highest, and which others there are. */
export function latest(source: Provider): Pick<Provider, 'list'> {
  const lists = new WeakMap<object, readonly AnyComponent[]>()
  const shown = new WeakMap<AnyComponent, AnyComponent>()

  const highest = <C extends AnyComponent>(list: readonly C[]): readonly C[] => {
    const known = lists.get(list) ?? collapse(list, shown)
    lists.set(list, known)
    return known as readonly C[] // made of this very list
  }
  return {
    list: <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> =>
      andThen(source.list(kind, view), highest),
  }
}

/** The same list where nothing has a version. */
function collapse(list: readonly AnyComponent[], shown: WeakMap<AnyComponent, AnyComponent>): readonly AnyComponent[] {
  if (list.every(({ version }) => version === undefined)) return list
  const byId = new Map<string, AnyComponent[]>()
  for (const component of list) {
    const versions = byId.get(component.id) ?? []
    versions.push(component)
    byId.set(component.id, versions)
  }
  return Object.freeze([...byId.values()].flatMap((versions) => topOf(versions, shown)))
}

function topOf(versions: readonly AnyComponent[], shown: WeakMap<AnyComponent, AnyComponent>): readonly AnyComponent[] {
  const [top, ...others] = [...versions].sort((a, b) => compareVersions(b.version, a.version))
  if (top === undefined) return []
  if (top.version === undefined && others.length === 0) return [top]
  const all = [top, ...others].flatMap(({ version }) => version ?? [])
  const known = shown.get(top)
  const before = known?.definition._meta?.[VERSIONS_KEY]
  if (known !== undefined && JSON.stringify(before) === JSON.stringify(all.length > 1 ? all : undefined)) return [known]
  const told = labelled(top, all)
  shown.set(top, told)
  return [told]
}

function labelled(component: AnyComponent, all: readonly string[]): AnyComponent {
  const { kind, id, definition, version } = component
  const _meta = {
    ...definition._meta,
    ...(version !== undefined && { [VERSION_KEY]: version }),
    ...(all.length > 1 && { [VERSIONS_KEY]: all }),
  }
  // Only lists see it, and they look at nothing but the definition.
  return { ...component, definition: frozenCopy(`${kind} "${id}"`, { ...definition, _meta }) } as AnyComponent
}
