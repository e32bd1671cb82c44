import type { AnyComponent, Components, Kind, Prompt, Tool } from '../components/component.ts'
import { faceOf } from '../components/face.ts'
import { andThen } from '../components/thenable.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import { matches, type Pattern } from '../middleware/match.ts'
import type { Screen } from '../middleware/screen.ts'
import { DefinitionError, ToolError } from '../protocol/errors.ts'
import type { Method } from '../protocol/methods.ts'
import { AUTHOR, type Provider, type View } from '../providers/provider.ts'
import { seenThrough } from '../providers/seen-through.ts'
import { hasOthers, isCovered, nextShown, type Sought } from '../providers/shown.ts'
import { noteChange } from '../providers/steady.ts'
import type { Report } from './mask.ts'

/** What decides which components a caller sees. */
export interface Screens {
  /** The source as each caller sees it. */
  readonly provider: Provider
  /** Adds a screen for the kinds that `pattern` names the use of. Throws `DefinitionError` where that is none. */
  add(pattern: Pattern, screen: Screen): void
  /** Whether a call of a tool with these arguments would be let through. */
  admits(tool: Tool, args: unknown, view: View): Awaitable<boolean>
}

/** By what method a component of each kind is used. */
const USED_BY: Readonly<Record<Kind, Method>> = {
  tool: 'tools/call',
  resource: 'resources/read',
  template: 'resources/read',
  prompt: 'prompts/get',
}

/**
 * Makes the screens of a server, none at first. What any of them does not let through is in no list and is not found;
 * tools and prompts ask again with the arguments when they are called. A screen that fails lets nothing through.
 */
export function createScreens(source: Provider, report: Report): Screens {
  const screens = new Map<Kind, readonly Screen[]>()
  const guarded = new WeakMap<object, AnyComponent>()
  const shown = createShown()

  const verdict = (component: AnyComponent, id: string, use: Pick<Wanted, 'auth' | 'args'>): Awaitable<unknown> => {
    let whole: Awaitable<unknown> = true
    for (const screen of screens.get(component.kind) ?? []) {
      whole = andThen(whole, (so) => (so === true ? attempt(screen, { ...use, component, id }, report) : so))
    }
    return whole
  }
  const sees = (component: AnyComponent, id: string, { auth }: View): Awaitable<boolean> =>
    andThen(verdict(component, id, { auth }), (so) => so === true)

  const guard = <C extends AnyComponent>(component: C): C => {
    if (component.kind !== 'tool' && component.kind !== 'prompt') return component
    const known = guarded.get(component) ?? guardedOf(component, verdict)
    guarded.set(component, known)
    return known as C // of the kind that it was
  }
  const showFor =
    (id: string, view: View) =>
    <C extends AnyComponent>(component: C): Awaitable<C | undefined> =>
      andThen(sees(component, id, view), (isSeen) => (isSeen ? guard(component) : undefined))
  const findSeen = <K extends Kind>(
    first: Components[K] | undefined,
    sought: Sought<K>,
  ): Awaitable<Components[K] | undefined> => {
    if (first === undefined) return undefined
    const show = showFor(sought.id, sought.view)
    return andThen(
      show(first),
      (shown) => shown ?? (hasOthers(first, sought.view) ? nextShown(source, sought, show) : undefined),
    )
  }
  /** A resource that is not seen is not read by a template either. */
  const covers = <K extends Kind>({ kind, id, view }: Sought<K>): Awaitable<boolean> =>
    kind === 'template' && isCovered(source, { id, view }, showFor(id, view))

  const provider = seenThrough(source, {
    isPersonal: () => screens.size > 0,
    list<K extends Kind>(kind: K, view: View): Awaitable<readonly Components[K][]> {
      const list = source.list(kind, view)
      if (!screens.has(kind)) return list
      if (view === AUTHOR) return andThen(list, (all) => all.map(guard))
      return andThen(list, (all) => {
        const seen = all.map((component) => sees(component, component.id, view))
        return seen.some((one) => one instanceof Promise)
          ? Promise.all(seen).then((known) => shown(all, known))
          : shown(all, seen as boolean[]) // no promise among them
      })
    },
    find<K extends Kind>(kind: K, id: string, view: View): Awaitable<Components[K] | undefined> {
      if (!screens.has(kind)) return source.find(kind, id, view)
      if (view === AUTHOR) return andThen(source.find(kind, id, view), (found) => found && guard(found))
      const sought = { kind, id, view }
      return andThen(covers(sought), (covered) =>
        covered ? undefined : andThen(source.find(kind, id, view), (first) => findSeen(first, sought)),
      )
    },
  })

  return {
    provider,
    add(pattern, screen) {
      const kinds = (Object.keys(USED_BY) as Kind[]).filter((kind) => matches(pattern, USED_BY[kind]))
      if (kinds.length === 0) {
        throw new DefinitionError(
          `layer for ${pattern}`,
          'it decides about no component there; give no pattern, or "tools/*"',
        )
      }
      noteChange()
      for (const kind of kinds) screens.set(kind, [...(screens.get(kind) ?? []), screen])
    },
    admits: (tool, args, { auth }) => andThen(verdict(tool, tool.id, { auth, args }), (so) => so === true),
  }
}

interface Wanted {
  readonly auth: View['auth']
  readonly component: AnyComponent
  readonly id: string
  readonly args?: unknown
}

type Verdict = (component: AnyComponent, id: string, use: Pick<Wanted, 'auth' | 'args'>) => Awaitable<unknown>

/** The same component, asking before it is used. */
function guardedOf(component: Tool | Prompt, verdict: Verdict): Tool | Prompt {
  const admitted = <R>(args: unknown, { auth }: Context, use: () => Awaitable<R>): Awaitable<R> =>
    andThen(verdict(component, component.id, { auth, args: args ?? {} }), (so) => {
      if (so !== true) throw refusal(component, so)
      return use()
    })
  if (component.kind === 'tool') {
    const call: Tool['call'] = (args, context) => admitted(args, context, () => component.call(args, context))
    return Object.freeze({ ...faceOf(component), call })
  }
  const get: Prompt['get'] = (args, context) => admitted(args, context, () => component.get(args, context))
  const complete: Prompt['complete'] = (ask, context) => component.complete(ask, context)
  return Object.freeze({ ...faceOf(component), get, complete })
}

function refusal({ kind }: AnyComponent, why: unknown): ToolError {
  const reason = typeof why === 'string' && why !== '' ? why : `You may not use this ${kind} like this`
  return new ToolError('UNAUTHORIZED', reason)
}

function attempt(screen: Screen, wanted: Wanted, report: Report): Awaitable<unknown> {
  const refuse = (problem: unknown): false => {
    const cause =
      problem instanceof Error ? problem : new Error('Something that is no Error was thrown', { cause: problem })
    report(cause, { during: 'authorize', kind: wanted.component.kind, id: wanted.id.slice(0, 200) })
    return false
  }
  try {
    const so = screen(wanted)
    return so instanceof Promise ? so.catch(refuse) : so
  } catch (problem) {
    return refuse(problem)
  }
}

/** Keeps what was shown of a list, so that callers who see the same get the same array. */
function createShown(): <C>(all: readonly C[], seen: readonly boolean[]) => readonly C[] {
  const known = new WeakMap<object, Map<string, readonly unknown[]>>()
  return <C>(all: readonly C[], seen: readonly boolean[]): readonly C[] => {
    if (seen.every(Boolean)) return all
    const views = known.get(all) ?? new Map<string, readonly unknown[]>()
    const key = seen.map(Number).join('')
    const view = views.get(key) ?? Object.freeze(all.filter((_, index) => seen[index]))
    if (views.size >= MOST_VIEWS) views.clear()
    known.set(all, views.set(key, view))
    return view as readonly C[] // made of this very list
  }
}

const MOST_VIEWS = 64
