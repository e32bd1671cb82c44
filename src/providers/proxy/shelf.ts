import type { AnyComponent, Components, Kind } from '../../components/component.ts'
import { idOf } from './admit.ts'
import type { Known, Made } from './made.ts'

type Listed = readonly Readonly<Record<string, unknown>>[]

/** The components of a server elsewhere, made of what it lists. */
export interface Shelf {
  /** Takes in a list; gives whether anything is another than before. What is the same stays the same component. */
  put(kind: Kind, definitions: Listed): boolean
  list<K extends Kind>(kind: K): readonly Components[K][]
  /** Of several versions the one that is asked for. */
  find<K extends Kind>(kind: K, id: string, version?: string): Components[K] | undefined
}

/** Makes an empty shelf. */
export function createShelf(made: Made): Shelf {
  const known = new Map<Kind, ReadonlyMap<string, Known>>()
  const lists = new Map<Kind, readonly AnyComponent[]>()

  return {
    put(kind, definitions) {
      const after = new Map<string, Known>()
      for (const definition of definitions) {
        const id = idOf(kind, definition)
        // The first of two with one name is the one that answers.
        if (id !== undefined && !after.has(id)) after.set(id, made.of(kind, id, definition))
      }
      const isSame = lists.has(kind) && sameOrder(known.get(kind), after)
      known.set(kind, after)
      if (!isSame) lists.set(kind, made.list(kind, [...after.values()]))
      return !isSame
    },
    list: <K extends Kind>(kind: K) => (lists.get(kind) ?? NOTHING) as readonly Components[K][], // put in under their kind
    find<K extends Kind>(kind: K, id: string, version?: string): Components[K] | undefined {
      const top =
        known.get(kind)?.get(id)?.component ?? (kind === 'template' ? matching(lists.get(kind), id) : undefined)
      const found = version === undefined ? top : top && made.version(top, version)
      return found as Components[K] | undefined // put in under its kind
    },
  }
}

const NOTHING: readonly never[] = Object.freeze([])

function sameOrder(before: ReadonlyMap<string, Known> | undefined, after: ReadonlyMap<string, Known>): boolean {
  if (before?.size !== after.size) return false
  const others = [...after.values()]
  return [...before.values()].every((each, i) => each === others[i])
}

function matching(list: readonly AnyComponent[] | undefined, uri: string): AnyComponent | undefined {
  return list?.find((each) => each.kind === 'template' && each.matches(uri))
}
