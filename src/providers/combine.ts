import type { AnyComponent, Components, Kind } from '../components/component.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Provider, View } from './provider.ts'

/**
 * Many providers as one. Where two have a component of the same id the first wins. Stays synchronous
 * where its parts are, and lists the same array as long as every part does.
 *
 * @example
 * const everything = combine([local, fromServer(child)])
 */
export function combine(providers: readonly Provider[]): Provider {
  const [only, ...others] = providers
  if (only !== undefined && others.length === 0) return only
  const parts = [...providers]

  return {
    get perCaller() {
      return parts.some((part) => part.perCaller === true)
    },
    list: createList(parts),
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const findFrom = (start: number): Awaitable<Components[K] | undefined> => {
        for (const [index, part] of parts.entries()) {
          if (index < start) continue
          const found = part.find(kind, id, view)
          if (found instanceof Promise) return found.then((component) => component ?? findFrom(index + 1))
          if (found !== undefined) return found
        }
        return undefined
      }
      return findFrom(0)
    },
    onChange(listener) {
      const stops = parts.map((part) => part.onChange(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

function createList(parts: readonly Provider[]): Provider['list'] {
  const known: Known = {}
  return <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> => {
    const lists = parts.map((part) => part.list(kind, view))
    return isHere(lists) ? mergeOnce(lists, known) : Promise.all(lists).then((all) => mergeOnce(all, known))
  }
}

function isHere<T>(values: readonly Awaitable<T>[]): values is readonly T[] {
  return !values.some((value) => value instanceof Promise)
}

/**
 * What lists have been merged, by the identity of each in turn. Callers who see different lists do not
 * push each other's out, and what nobody holds any longer is collected.
 */
interface Known {
  merged?: readonly AnyComponent[]
  next?: WeakMap<object, Known>
}

function mergeOnce<C extends AnyComponent>(lists: readonly (readonly C[])[], known: Known): readonly C[] {
  let place = known
  for (const list of lists) {
    place.next ??= new WeakMap()
    const next = place.next.get(list) ?? {}
    place.next.set(list, next)
    place = next
  }
  place.merged ??= merge(lists)
  // Made of these very lists, whose components are of this kind.
  return place.merged as readonly C[]
}

function merge<C extends AnyComponent>(lists: readonly (readonly C[])[]): readonly C[] {
  const filled = lists.filter((list) => list.length > 0)
  const [only, ...others] = filled
  if (only !== undefined && others.length === 0) return only
  const byId = new Map<string, C>()
  for (const component of filled.flat()) if (!byId.has(component.id)) byId.set(component.id, component)
  return Object.freeze([...byId.values()])
}
