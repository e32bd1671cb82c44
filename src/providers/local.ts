import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { labelOf } from '../components/component-name.ts'
import type { Change, Stop } from '../engine/application.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Provider } from './provider.ts'

/** What a second component with the same id does: fail, take the place of the first, or nothing. */
export type DuplicatePolicy = 'error' | 'replace' | 'ignore'

/** Options of `createLocalProvider`. */
export interface LocalProviderOptions {
  /** Default `error`. */
  readonly onDuplicate?: DuplicatePolicy
}

/** Components held in memory, the same for every view. */
export interface LocalProvider extends Provider {
  /** Registers a component; lists keep the order of registration. Throws `DefinitionError` for a duplicate. */
  add(component: AnyComponent): void
  /** Takes a component out; returns whether it was there. */
  remove(kind: Kind, id: string): boolean
  list<K extends Kind>(kind: K): readonly Components[K][]
  find<K extends Kind>(kind: K, id: string): Components[K] | undefined
}

/**
 * Makes an empty registry. Ids are compared exactly. A URI finds the first registered template that
 * matches it.
 *
 * @example
 * const local = createLocalProvider({ onDuplicate: 'replace' })
 * local.add(tool('now', { description: 'The time' }, () => new Date()))
 */
export function createLocalProvider({ onDuplicate = 'error' }: LocalProviderOptions = {}): LocalProvider {
  const shelves: Shelves = {
    tool: createShelf(),
    resource: createShelf(),
    template: createShelf(),
    prompt: createShelf(),
  }
  const listeners = new Set<(change: Change) => void>()

  const changed = (kind: Kind): void => {
    shelves[kind].listed = undefined
    for (const listener of [...listeners]) listener({ kind })
  }

  return {
    add(component) {
      const { kind, id } = component
      const { byId } = shelves[kind]
      const isKnown = byId.has(id)
      if (isKnown && onDuplicate === 'ignore') return
      if (isKnown && onDuplicate === 'error')
        throw duplicate(kind, id)
        // A component goes on the shelf that its own kind names.
      ;(byId as Map<string, AnyComponent>).set(id, component)
      changed(kind)
    },
    remove(kind, id) {
      const was = shelves[kind].byId.delete(id)
      if (was) changed(kind)
      return was
    },
    list: (kind) => listed(shelves[kind]),
    find: (kind, id) => {
      const shelf = shelves[kind]
      return shelf.byId.get(id) ?? (kind === 'template' ? matching(shelf, id) : undefined)
    },
    onChange(listener): Stop {
      const own = (change: Change): void => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}

interface Shelf<C> {
  readonly byId: Map<string, C>
  /** Made when first asked for after a change. */
  listed: readonly C[] | undefined
}

type Shelves = { readonly [K in Kind]: Shelf<Components[K]> }

function createShelf<C>(): Shelf<C> {
  return { byId: new Map(), listed: undefined }
}

function listed<C>(shelf: Shelf<C>): readonly C[] {
  shelf.listed ??= Object.freeze([...shelf.byId.values()])
  return shelf.listed
}

function matching<C extends AnyComponent>(shelf: Shelf<C>, uri: string): C | undefined {
  for (const component of shelf.byId.values()) {
    if (component.kind === 'template' && component.matches(uri)) return component
  }
  return undefined
}

function duplicate(kind: Kind, id: string): DefinitionError {
  return new DefinitionError(
    labelOf(kind, id),
    `there is already a ${kind} of this ${kind === 'tool' || kind === 'prompt' ? 'name' : 'URI'}; rename one, remove the first, or set onDuplicate`,
  )
}
