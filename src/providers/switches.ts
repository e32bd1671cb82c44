import type { Components, Kind } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Change } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import { createListeners } from './listeners.ts'
import type { Provider, View } from './provider.ts'
import { seenThrough } from './seen-through.ts'
import { nextShown, type Sought } from './shown.ts'
import { noteChange } from './steady.ts'

/** A provider whose components can be turned off, one by one. */
export interface Switches {
  readonly provider: Provider
  /** Turns a component off, there already or not; returns whether it was on. */
  disable(kind: Kind, id: string): boolean
  /** Turns a component on again; returns whether it was off. */
  enable(kind: Kind, id: string): boolean
  /** Whether a change is one of something that is off. */
  hides(change: Change): boolean
}

/**
 * Makes switches for everything in `source`. What is off is in no list and cannot be found, and so cannot be called,
 * read, completed or subscribed to. A resource that is off is not read by a template either.
 */
export function createSwitches(source: Provider): Switches {
  const off: Off = { tool: new Set(), resource: new Set(), template: new Set(), prompt: new Set() }
  const known = createKnown()
  const listeners = createListeners()

  const tell = (kind: Kind): true => {
    known[kind] = new WeakMap()
    noteChange()
    listeners.tell({ kind })
    return true
  }
  const hides = (change: Change): boolean => change.kind === 'contents' && off.resource.has(change.uri)

  const provider = seenThrough(source, {
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = source.list(kind, view)
      if (off[kind].size === 0) return list
      const lit = (all: readonly Components[K][]): readonly Components[K][] => litOf(all, off[kind], known[kind])
      return list instanceof Promise ? list.then(lit) : lit(list)
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      if (off[kind].has(id)) return undefined
      // A template is also found by any URI that it matches.
      return kind === 'template'
        ? (findTemplate(source, off, { id, view }) as Awaitable<Components[K] | undefined>)
        : source.find(kind, id, view)
    },
    onChange(listener) {
      const stop = listeners.add(listener)
      const stopSource = source.onChange((change) => {
        if (!hides(change)) listener(change)
      })
      return () => {
        stop()
        stopSource()
      }
    },
  })

  return {
    hides,
    disable(kind, id) {
      if (off[kind].has(id)) return false
      off[kind].add(id)
      return tell(kind)
    },
    enable: (kind, id) => off[kind].delete(id) && tell(kind),
    provider,
  }
}

type Off = Readonly<Record<Kind, Set<string>>>
type Known = Record<Kind, WeakMap<object, readonly unknown[]>>

function createKnown(): Known {
  return { tool: new WeakMap(), resource: new WeakMap(), template: new WeakMap(), prompt: new WeakMap() }
}

/** The same list for the same list, until a switch is turned. */
function litOf<C extends Components[Kind]>(
  all: readonly C[],
  off: ReadonlySet<string>,
  known: WeakMap<object, readonly unknown[]>,
): readonly C[] {
  const lit = known.get(all) ?? Object.freeze(all.filter(({ id }) => !off.has(id)))
  known.set(all, lit)
  return lit as readonly C[] // made of this very list
}

/** The first that is on of those that match. */
function findTemplate(
  source: Provider,
  off: Off,
  { id, view }: Pick<Sought<'template'>, 'id' | 'view'>,
): Awaitable<Components['template'] | undefined> {
  if (off.resource.has(id)) return undefined
  const first = source.find('template', id, view)
  if (off.template.size === 0) return first
  const show = (template: Components['template']): Components['template'] | undefined =>
    off.template.has(template.id) ? undefined : template
  return andThen(first, (found) => {
    if (found === undefined || show(found) !== undefined) return found
    return nextShown(source, { kind: 'template', id, view }, show)
  })
}
