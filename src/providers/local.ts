import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { labelOf } from '../components/component-name.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { createListeners } from './listeners.ts'
import type { Provider, View } from './provider.ts'
import { noteChange, noteSteady } from './steady.ts'

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
  find<K extends Kind>(kind: K, id: string, view?: View): Components[K] | undefined
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
  const listeners = createListeners()

  const changed = (kind: Kind): void => {
    shelves[kind].listed = undefined
    noteChange()
    listeners.tell({ kind })
  }

  const local: LocalProvider = {
    add(component) {
      const { kind, id } = component
      const { byId } = shelves[kind] as Shelf<AnyComponent> // the shelf that its own kind names
      const known = byId.get(id) ?? []
      const same = known.find(({ version }) => compareVersions(version, component.version) === 0)
      const isKnown = same !== undefined
      if (isKnown && onDuplicate === 'ignore') return
      if (isKnown && onDuplicate === 'error') throw duplicate(kind, id, component.version)
      const kept = known.filter((each) => each !== same)
      byId.set(
        id,
        [...kept, component].sort((a, b) => compareVersions(b.version, a.version)),
      )
      changed(kind)
    },
    remove(kind, id) {
      const was = shelves[kind].byId.delete(id)
      if (was) changed(kind)
      return was
    },
    list: (kind) => listed(shelves[kind]),
    find: (kind, id, view) => {
      const shelf = shelves[kind]
      const versions = shelf.byId.get(id) ?? (kind === 'template' ? matching(shelf, id) : undefined)
      return versions && wanted(versions, view?.version)
    },
    listHint: (kind, otherwise) => (shelves[kind].byId.size === 0 ? undefined : otherwise),
    onChange: listeners.add,
  }
  return noteSteady(local, () => true)
}

interface Shelf<C> {
  /** The versions of each, the highest first. */
  readonly byId: Map<string, readonly C[]>
  /** Made when first asked for after a change. */
  listed: readonly C[] | undefined
}

type Shelves = { readonly [K in Kind]: Shelf<Components[K]> }

function createShelf<C>(): Shelf<C> {
  return { byId: new Map(), listed: undefined }
}

function listed<C>(shelf: Shelf<C>): readonly C[] {
  shelf.listed ??= Object.freeze([...shelf.byId.values()].flat())
  return shelf.listed
}

/** The version that was asked for, or the highest. */
function wanted<C extends AnyComponent>(versions: readonly C[], version: string | undefined): C | undefined {
  return version === undefined ? versions[0] : versions.find((each) => isVersion(each.version, version))
}

function matching<C extends AnyComponent>(shelf: Shelf<C>, uri: string): readonly C[] | undefined {
  for (const versions of shelf.byId.values()) {
    const [component] = versions
    if (component?.kind === 'template' && component.matches(uri)) return versions
  }
  return undefined
}

function duplicate(kind: Kind, id: string, version: string | undefined): DefinitionError {
  return new DefinitionError(
    labelOf(kind, id),
    `there is already a ${kind} of this ${kind === 'tool' || kind === 'prompt' ? 'name' : 'URI'}${version === undefined ? '' : ` and version ${version}`}; rename one, remove the first, or set onDuplicate`,
  )
}
