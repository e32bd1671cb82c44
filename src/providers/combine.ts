import type { AnyComponent, Components, Kind } from '../components/component.ts'
import type { Awaitable } from '../engine/call.ts'
import type { CacheHint } from '../protocol/cache-hint.ts'
import { AwayError } from './away.ts'
import { noteBelow } from './lineage.ts'
import { listHintOf, strictest } from './list-hints.ts'
import type { Provider, View } from './provider.ts'
import { isSteady, noteSteady, turnNow } from './steady.ts'

/** Hears of two parts, by their places, that have a component of the same id. */
export type OnCollision = (component: AnyComponent, first: number, second: number) => void

/** Options of `combine`. */
export interface CombineOptions {
  readonly onCollision?: OnCollision
  /** Remembers which part has what, so that a call need not look through all of them. Clear it at every change of a part. */
  readonly index?: PartIndex
}

/** Which part has the component of an id, as far as it was looked for since something steady changed. */
export class PartIndex {
  readonly #parts = new Map<Kind, Map<string, Provider>>()
  #isOff: boolean | undefined
  #turn = turnNow()

  /** The part that had it when it was last looked for; none while parts differ by caller. */
  get(kind: Kind, id: string): Provider | undefined {
    if (this.#turn !== turnNow()) this.clear()
    return this.#parts.get(kind)?.get(id)
  }

  set(kind: Kind, id: string, part: Provider, isPerCaller: () => boolean): void {
    this.#isOff ??= isPerCaller()
    if (this.#isOff) return
    const known = this.#parts.get(kind) ?? new Map<string, Provider>()
    this.#parts.set(kind, known.set(id, part))
  }

  clear(): void {
    this.#parts.clear()
    this.#isOff = undefined
    this.#turn = turnNow()
  }
}

/**
 * Many providers as one. Where two have a component of the same id the first wins. Stays synchronous
 * where its parts are, and lists the same array as long as every part does.
 *
 * @example
 * const everything = combine([local, fromServer(child)])
 */
export function combine(
  providers: readonly Provider[],
  { onCollision = () => undefined, index }: CombineOptions = {},
): Provider {
  const [only, ...others] = providers
  if (only !== undefined && others.length === 0) return only
  const parts = [...providers]
  const steady = createSteady(parts)

  const whole: Provider = {
    get perCaller() {
      return !steady() && parts.some((part) => part.perCaller === true)
    },
    get isRemote() {
      return parts.some((part) => part.isRemote === true)
    },
    start: parts.some((part) => part.start !== undefined) ? () => startAll(parts) : undefined,
    listHint: createListHint(parts, steady),
    list: remembered(createList(parts, onCollision), steady),
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const known = index?.get(kind, id)?.find(kind, id, view)
      if (known !== undefined && !(known instanceof Promise)) return known
      const findFrom = (start: number, away?: AwayError): Awaitable<Components[K] | undefined> => {
        for (let place = start; place < parts.length; place++) {
          const part = parts[place]
          const found = part?.find(kind, id, view)
          if (found instanceof Promise) {
            return found.then(
              (component) => component ?? findFrom(place + 1, away),
              (problem: unknown) => findFrom(place + 1, away ?? awayIn(problem)),
            )
          }
          if (part === undefined || found === undefined) continue
          // Ids that exist, and no URIs of templates: there is no end of those.
          if (found.id === id) index?.set(kind, id, part, () => whole.perCaller === true)
          return found
        }
        if (away !== undefined) throw away
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
  return noteBelow(noteSteady(whole, steady), () => parts)
}

/** Whether all parts are steady; asked once per change. */
function createSteady(parts: readonly Provider[]): () => boolean {
  let judgedAt = -1
  let areSteady = false
  return () => {
    if (judgedAt === turnNow()) return areSteady
    judgedAt = turnNow()
    areSteady = parts.every(isSteady)
    return areSteady
  }
}

/** Lists without asking again what has not changed. */
function remembered(list: Provider['list'], steady: () => boolean): Provider['list'] {
  const known = new Map<Kind, { readonly turn: number; readonly list: readonly AnyComponent[] }>()
  return <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> => {
    const turn = turnNow()
    const last = known.get(kind)
    // Of this kind, as everything that is kept under it.
    if (last?.turn === turn) return last.list as readonly Components[K][]
    const fresh = list(kind, view)
    if (!(fresh instanceof Promise) && steady()) known.set(kind, { turn, list: fresh })
    return fresh
  }
}

/** The strictest of what the parts say that have anything of a kind; worked out once per change where nobody differs. */
function createListHint(parts: readonly Provider[], steady: () => boolean): NonNullable<Provider['listHint']> {
  const known = new Map<Kind, Hinted>()
  const together = (kind: Kind, otherwise: CacheHint): CacheHint | undefined => {
    let hint: CacheHint | undefined
    for (const part of parts) {
      const said = listHintOf(part, kind, otherwise)
      if (said !== undefined) hint = hint === undefined ? said : strictest(hint, said)
    }
    return hint
  }
  return (kind, otherwise) => {
    const last = known.get(kind)
    if (last !== undefined && last.turn === turnNow() && last.otherwise === otherwise) return last.hint
    const hint = together(kind, otherwise)
    if (steady()) known.set(kind, { turn: turnNow(), otherwise, hint })
    return hint
  }
}

interface Hinted {
  readonly turn: number
  readonly otherwise: CacheHint
  readonly hint: CacheHint | undefined
}

function createList(parts: readonly Provider[], onCollision: OnCollision): Provider['list'] {
  const known: Known = {}
  return <K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> => {
    const lists = parts.map((part) => part.list(kind, view))
    return isHere(lists)
      ? mergeOnce(lists, known, onCollision)
      : Promise.all(lists.map(settled)).then((all) => mergeOnce(listsOf(all), known, onCollision))
  }
}

function isHere<T>(values: readonly Awaitable<T>[]): values is readonly T[] {
  return !values.some((value) => value instanceof Promise)
}

/** The list of a part, or why it cannot be had now. Rejects where that is no matter of the moment. */
function settled<C>(list: Awaitable<readonly C[]>): Awaitable<readonly C[] | AwayError> {
  return list instanceof Promise ? list.catch(awayIn) : list
}

function awayIn(problem: unknown): AwayError {
  if (problem instanceof AwayError) return problem
  throw problem
}

/** What is there is shown; only where nothing is, whoever asks hears why. */
function listsOf<C>(all: readonly (readonly C[] | AwayError)[]): readonly (readonly C[])[] {
  const away = all.find((each) => each instanceof AwayError)
  const here = all.map((each) => (each instanceof AwayError ? NOTHING : each))
  if (away !== undefined && here.every((list) => list.length === 0)) throw away
  return here
}

const NOTHING: readonly never[] = Object.freeze([])

/**
 * What lists have been merged, by the identity of each in turn. Callers who see different lists do not
 * push each other's out, and what nobody holds any longer is collected.
 */
interface Known {
  merged?: readonly AnyComponent[]
  next?: WeakMap<object, Known>
}

function mergeOnce<C extends AnyComponent>(
  lists: readonly (readonly C[])[],
  known: Known,
  onCollision: OnCollision,
): readonly C[] {
  let place = known
  for (const list of lists) {
    place.next ??= new WeakMap()
    const next = place.next.get(list) ?? {}
    place.next.set(list, next)
    place = next
  }
  place.merged ??= merge(lists, onCollision)
  // Made of these very lists, whose components are of this kind.
  return place.merged as readonly C[]
}

function merge<C extends AnyComponent>(lists: readonly (readonly C[])[], onCollision: OnCollision): readonly C[] {
  const filled = lists.filter((list) => list.length > 0)
  const [only, ...others] = filled
  if (only !== undefined && others.length === 0) return only
  const owners = new Map<string, number>()
  const merged: C[] = []
  for (const [place, list] of lists.entries()) {
    for (const component of list) {
      const first = owners.get(component.id)
      if (first === undefined) owners.set(component.id, place)
      // Versions of one component stand in one part.
      else if (first !== place) {
        onCollision(component, first, place)
        continue
      }
      merged.push(component)
    }
  }
  return Object.freeze(merged)
}

/** Begins every part; where one fails those before it are ended. Gives what ends them, the last first. */
async function startAll(parts: readonly Provider[]): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = []
  const stopAll = async (): Promise<void> => {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop()
  }
  try {
    for (const part of parts) if (part.start !== undefined) stops.push(await part.start())
    return stopAll
  } catch (problem) {
    await stopAll()
    throw problem
  }
}
