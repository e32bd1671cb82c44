import { checkKeys } from '../components/check-keys.ts'
import type { AnyComponent, Components, Kind } from '../components/component.ts'
import { KINDS } from '../components/component.ts'
import { andThen } from '../components/thenable.ts'
import type { Hearer } from '../engine/application.ts'
import type { Awaitable } from '../engine/call.ts'
import { ToolError } from '../protocol/errors.ts'
import { createListeners, type Listeners } from '../providers/listeners.ts'
import type { Provider, Transform, View } from '../providers/provider.ts'
import { seenThrough } from '../providers/seen-through.ts'
import { hasOthers, isCovered, nextShown, type Sought } from '../providers/shown.ts'
import { noteChange } from '../providers/steady.ts'
import { type Selection, selects } from './select.ts'

/** For whom something is turned on or off. */
export interface VisibilityOptions {
  /**
   * One session of the stateful era, `ctx.sessionId`; left out, everybody. Throws where it is undefined: callers of the
   * stateless era have none, and what was meant for one of them must not count for all.
   */
  readonly session?: string | undefined
}

/** A transform with switches: what is off is in no list and cannot be reached. */
export interface Visibility extends Transform {
  /** Turns everything selected off. Of what was said last counts most; what is said of a session counts more. */
  disable(selection: Selection, options?: VisibilityOptions): void
  /** Turns everything selected on. */
  enable(selection: Selection, options?: VisibilityOptions): void
  /** Forgets all that was said of a session, or of everybody. */
  reset(options?: VisibilityOptions): void
}

/** Options of `visibility`. */
export interface VisibilitySettings {
  /** Whether sessions may differ. Lists are then no longer offered to caches that callers share. Default false. */
  readonly perSession?: boolean
  /** Off from the beginning. */
  readonly disabled?: Selection
}

interface Rule {
  readonly isMeant: (component: AnyComponent) => boolean
  readonly isOn: boolean
}

const MOST_SESSIONS = 10_000
const MOST_RULES = 1_000

/**
 * Turns parts of a server on and off while it runs, by name, tag, kind or version, for everybody or for one session. Clients
 * are told that their lists have changed.
 *
 * @example
 * const visible = visibility({ disabled: { tags: ['beta'] }, perSession: true })
 * mcp.transform(visible)
 * mcp.tool('join_beta', { description: 'Shows the beta tools' }, (_, ctx) => {
 *   visible.enable({ tags: ['beta'] }, { session: ctx.sessionId }) // fails for who has no session
 *   return 'Welcome'
 * })
 */
export function visibility(settings: VisibilitySettings = {}): Visibility {
  checkKeys('visibility', settings, ['perSession', 'disabled'])
  const { perSession = false, disabled } = settings
  const first: Rule[] = disabled === undefined ? [] : [{ isMeant: selects('visibility', disabled), isOn: false }]
  let general: readonly Rule[] = first
  const bySession = new Map<string, readonly Rule[]>()
  const listeners = createListeners()
  const tell = (session?: string): void => {
    noteChange()
    const audience = session === undefined ? {} : { isFor: ({ sessionId }: Hearer) => sessionId === session }
    for (const kind of KINDS) listeners.tell({ kind, ...audience })
  }
  const add = (rule: Rule, session: string | undefined): void => {
    if (session === undefined) general = [...general, rule].slice(-MOST_RULES)
    else {
      if (!perSession) throw new TypeError('visibility: set perSession to turn things on and off for one session')
      const known = bySession.get(session) ?? []
      // The session heard of last is the last to be forgotten.
      bySession.delete(session)
      bySession.set(session, [...known, rule].slice(-MOST_RULES))
      for (const oldest of bySession.keys()) {
        if (bySession.size <= MOST_SESSIONS) break
        bySession.delete(oldest)
      }
    }
    tell(session)
  }
  const rulesOf = ({ sessionId }: View): readonly Rule[] | undefined =>
    sessionId === undefined ? undefined : bySession.get(sessionId)

  const transform = (source: Provider): Provider =>
    seenBy(source, { rules: () => general, rulesOf, listeners, perSession })
  return Object.assign(transform, {
    disable: (selection: Selection, options: VisibilityOptions = {}) =>
      add({ isMeant: selects('disable', selection), isOn: false }, sessionIn(options)),
    enable: (selection: Selection, options: VisibilityOptions = {}) =>
      add({ isMeant: selects('enable', selection), isOn: true }, sessionIn(options)),
    reset: (options: VisibilityOptions = {}) => {
      const session = sessionIn(options)
      if (session === undefined) general = first
      else bySession.delete(session)
      tell(session)
    },
  })
}

function sessionIn(options: VisibilityOptions): string | undefined {
  const { session } = options
  if (session !== undefined || !Object.hasOwn(options, 'session')) return session
  throw new ToolError('NO_SESSION', 'This changes what one session sees, and the caller has none')
}

interface Switchboard {
  readonly rules: () => readonly Rule[]
  readonly rulesOf: (view: View) => readonly Rule[] | undefined
  readonly listeners: Listeners
  readonly perSession: boolean
}

function seenBy(source: Provider, { rules, rulesOf, listeners, perSession }: Switchboard): Provider {
  const isOn = (component: AnyComponent, view: View): boolean => {
    const said = lastOf(rulesOf(view), component) ?? lastOf(rules(), component)
    return said?.isOn ?? true
  }
  // By the rules that made it, so that a list is the same until one of them changes.
  const kept = new WeakMap<object, WeakMap<object, WeakMap<object, readonly AnyComponent[]>>>()
  const listFor = <C extends AnyComponent>(list: readonly C[], view: View): readonly C[] => {
    const general = rules()
    const own = rulesOf(view) ?? NONE
    const byGeneral = kept.get(list) ?? new WeakMap<object, WeakMap<object, readonly AnyComponent[]>>()
    kept.set(list, byGeneral)
    const byOwn = byGeneral.get(general) ?? new WeakMap<object, readonly AnyComponent[]>()
    byGeneral.set(general, byOwn)
    const known = byOwn.get(own) ?? Object.freeze(list.filter((component) => isOn(component, view)))
    byOwn.set(own, known)
    return known as readonly C[] // made of this very list
  }
  const showFor =
    (view: View) =>
    <C extends AnyComponent>(component: C): C | undefined =>
      isOn(component, view) ? component : undefined
  const choose = <K extends Kind>(
    first: Components[K] | undefined,
    sought: Sought<K>,
  ): Awaitable<Components[K] | undefined> => {
    if (first === undefined || isOn(first, sought.view)) return first
    return hasOthers(first, sought.view) ? nextShown(source, sought, showFor(sought.view)) : undefined
  }

  return seenThrough(source, {
    isPersonal: () => perSession,
    list: <K extends Kind>(kind: K, view: View) => andThen(source.list(kind, view), (list) => listFor(list, view)),
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      const sought = { kind, id, view }
      const find = (): Awaitable<Components[K] | undefined> =>
        andThen(source.find(kind, id, view), (first) => choose(first, sought))
      if (kind !== 'template') return find()
      // What is off is not read by a template either.
      return andThen(isCovered(source, sought, showFor(view)), (covered) => (covered ? undefined : find()))
    },
    onChange(listener) {
      const stops = [listeners.add(listener), source.onChange(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
  })
}

const NONE: readonly Rule[] = Object.freeze([])

function lastOf(rules: readonly Rule[] | undefined, component: AnyComponent): Rule | undefined {
  return rules?.findLast(({ isMeant }) => isMeant(component))
}
