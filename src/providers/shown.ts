import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import { compareVersions, isVersion } from '../components/version.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Awaitable } from '../engine/call.ts'
import { Context } from '../engine/context.ts'
import type { Provider, View } from './provider.ts'

/** A component as it is shown; undefined where it is not. */
export type Show<C> = (component: C) => Awaitable<C | undefined>

/** What was asked for, by its id in the source. */
export interface Sought<K extends Kind> {
  readonly kind: K
  readonly id: string
  readonly view: View
}

/**
 * What answers in place of a component that was found and is not shown: the highest of its versions that is, and for a URI the
 * next template that matches it. Whoever asked for a version gets no other one.
 */
export function nextShown<K extends Kind>(
  source: Provider,
  { kind, id, view }: Sought<K>,
  show: Show<Components[K]>,
): Awaitable<Components[K] | undefined> {
  return andThen(source.list(kind, view), (all) => firstOf(candidates(all, id, view.version), show))
}

/** Whether a component that is not shown can have something in its place. */
export function hasOthers({ kind, version }: AnyComponent, view: View): boolean {
  return kind === 'template' || (version !== undefined && view.version === undefined)
}

/** Whether there is a resource at a URI that is not shown: then no template reads it either. */
export function isCovered(
  source: Provider,
  { id, view }: Pick<Sought<Kind>, 'id' | 'view'>,
  show: Show<Components['resource']>,
): Awaitable<boolean> {
  const isHidden = (by: View): Awaitable<boolean> =>
    andThen(source.find('resource', id, by), (fixed) => {
      if (fixed === undefined) return false
      return andThen(show(fixed), (shown) => {
        if (shown !== undefined || !hasOthers(fixed, by)) return shown === undefined
        return andThen(nextShown(source, { kind: 'resource', id, view: by }, show), (other) => other === undefined)
      })
    })
  const whichever = anyVersion(view)
  return andThen(isHidden(whichever), (so) => so || (whichever !== view && isHidden(view)))
}

/** The same view, for whichever version there is. */
export function anyVersion(view: View): View {
  if (view.version === undefined) return view
  return view instanceof Context ? backstageOf(view).below() : { auth: view.auth, sessionId: view.sessionId }
}

function firstOf<C>(sought: readonly C[], show: Show<C>, start = 0): Awaitable<C | undefined> {
  for (const [place, one] of sought.entries()) {
    if (place < start) continue
    const shown = show(one)
    if (shown instanceof Promise) return shown.then((late) => late ?? firstOf(sought, show, place + 1))
    if (shown !== undefined) return shown
  }
  return undefined
}

/** Those of a list that answer to an id or a URI, in order, the highest version of each first. */
function candidates<C extends AnyComponent>(all: readonly C[], id: string, version: string | undefined): readonly C[] {
  const byId = versionsIn(all)
  const exact = byId.get(id)
  const known = exact ?? [...byId.values()].flatMap((each) => (answersTo(each[0], id) ? each : []))
  return version === undefined ? known : known.filter((each) => isVersion(each.version, version))
}

function answersTo(component: AnyComponent | undefined, uri: string): boolean {
  return component?.kind === 'template' && component.matches(uri)
}

const VERSIONS = new WeakMap<object, ReadonlyMap<string, readonly AnyComponent[]>>()

/** The components of a list by their ids; once per list. */
function versionsIn<C extends AnyComponent>(all: readonly C[]): ReadonlyMap<string, readonly C[]> {
  const known = VERSIONS.get(all) ?? sortedVersions(all)
  VERSIONS.set(all, known)
  return known as ReadonlyMap<string, readonly C[]> // made of this very list
}

function sortedVersions(all: readonly AnyComponent[]): ReadonlyMap<string, readonly AnyComponent[]> {
  const byId = new Map<string, AnyComponent[]>()
  for (const component of all) {
    const known = byId.get(component.id)
    if (known === undefined) byId.set(component.id, [component])
    else known.push(component)
  }
  for (const versions of byId.values()) versions.sort((a, b) => compareVersions(b.version, a.version))
  return byId
}
