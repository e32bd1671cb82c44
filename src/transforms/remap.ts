import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Change } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Provider, View } from '../providers/provider.ts'
import { seenThrough } from '../providers/seen-through.ts'
import { hasOthers, isCovered, nextShown, type Sought } from '../providers/shown.ts'

/** What a transform makes of one component, of an id, and of a change. */
export interface Mapping {
  /** The component as it is shown, or undefined where it is not. Asked once per component and kept. */
  show<C extends AnyComponent>(component: C): C | undefined
  /**
   * The id below of an id above, or undefined where there can be none; for templates also of any URI. What is found by it
   * must come out of `show` under the id above, or else it counts as not found. Left out, ids stay as they are.
   */
  below?(kind: Kind, id: string): string | undefined
  /** A change below as it is told above, or undefined where nobody above is concerned. Left out, changes stay as they are. */
  tell?(change: Change): Change | undefined
}

/**
 * A provider that shows the components of another differently, one by one. It works out nothing twice: the same component gives
 * the same component, and the same list the same list. What it does not show it does not find.
 */
export function remap(source: Provider, mapping: Mapping): Provider {
  const shown = new WeakMap<AnyComponent, AnyComponent | typeof HIDDEN>()
  const lists = new WeakMap<object, readonly AnyComponent[]>()
  const tell = mapping.tell ?? ((change: Change) => change)

  const show = <C extends AnyComponent>(component: C): C | undefined => {
    const known = shown.get(component) ?? mapping.show(component) ?? HIDDEN
    shown.set(component, known)
    // A mapping keeps the kind of what it shows.
    return known === HIDDEN ? undefined : (known as C)
  }
  const showAll = <C extends AnyComponent>(list: readonly C[]): readonly C[] => {
    const known = lists.get(list) ?? Object.freeze(list.flatMap((component) => show(component) ?? []))
    lists.set(list, known)
    return known as readonly C[] // made of this very list
  }
  /** What answers to another id above than the one it was asked by is another component. */
  const found = <C extends AnyComponent>(component: C, id: string): C | undefined => {
    const outer = show(component)
    return outer !== undefined && answers(outer, id) ? outer : undefined
  }
  const choose = <K extends Kind>(
    first: Components[K],
    id: string,
    sought: Sought<K>,
  ): Awaitable<Components[K] | undefined> =>
    found(first, id) ??
    (hasOthers(first, sought.view) ? nextShown(source, sought, (each) => found(each, id)) : undefined)
  /** None for a resource that is there and not shown, or shown elsewhere. */
  const template = (id: string, sought: Sought<'template'>): Awaitable<Components['template'] | undefined> =>
    andThen(source.find('template', sought.id, sought.view), (first) => {
      if (first === undefined) return undefined
      return andThen(
        isCovered(source, sought, (fixed) => found(fixed, id)),
        (covered) => (covered ? undefined : choose(first, id, sought)),
      )
    })

  return seenThrough(source, {
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = source.list(kind, view)
      return list instanceof Promise ? list.then(showAll) : showAll(list)
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const inner = mapping.below === undefined ? id : mapping.below(kind, id)
      if (inner === undefined) return undefined
      // A template is also found by any URI that it matches.
      if (kind === 'template') {
        return template(id, { kind: 'template', id: inner, view }) as Awaitable<Components[K] | undefined>
      }
      return andThen(source.find(kind, inner, view), (first) => first && choose(first, id, { kind, id: inner, view }))
    },
    onChange: (listener) =>
      source.onChange((change) => {
        const told = tell(change)
        if (told !== undefined) listener(told)
      }),
  })
}

const HIDDEN = Symbol('hidden')

function answers(component: AnyComponent, id: string): boolean {
  return component.id === id || (component.kind === 'template' && component.matches(id))
}
