import type { AnyComponent, Components, Kind } from '../../components/component.ts'
import { compileTemplate } from '../../components/uri-template.ts'
import { isVersion, VERSION_KEY, VERSIONS_KEY } from '../../components/version.ts'
import { type Admitted, admitDefinition, idOf } from './admit.ts'
import type { AnyDefinition } from './lists.ts'
import type { Relay } from './relay.ts'
import type { Watches } from './watches.ts'

/** What was made of a definition; the same object for the same definition. */
export interface Known {
  readonly number: number
  /** Undefined for what cannot be shown. */
  readonly component: AnyComponent | undefined
}

/** What is made of the definitions of a server elsewhere: once for all callers who are shown the same, as long as anybody is. */
export interface Made {
  of(kind: Kind, id: string, definition: Readonly<Record<string, unknown>>): Known
  list(kind: Kind, all: readonly Known[]): readonly AnyComponent[]
  /** A component as another version that its server has of it; undefined for one that it has not. */
  version(top: AnyComponent, wanted: string): AnyComponent | undefined
}

/** What components do their work with. */
export interface MadeOptions {
  readonly relay: Relay
  readonly watches: Watches
  /** Hears of what cannot be shown: it is left out. */
  report(problem: Error): void
}

/** Nothing has been made at first. */
export function createMade(options: MadeOptions): Made {
  const known = createWeakMap<Known>()
  const lists = createWeakMap<readonly AnyComponent[]>()
  let count = 0
  const make = (kind: Kind, id: string, definition: Readonly<Record<string, unknown>>): Known => {
    const number = count++
    try {
      return { number, component: componentOf(kind, admitDefinition(kind, definition), options) }
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : String(problem)
      const what = `${kind} "${id.slice(0, 100)}" of the server elsewhere`
      options.report(new Error(`${what} cannot be shown, so it is left out: ${words}`, { cause: problem }))
      return { number, component: undefined }
    }
  }
  return {
    of: (kind, id, definition) => known(`${kind} ${JSON.stringify(definition)}`, () => make(kind, id, definition)),
    list: (kind, all) =>
      lists(`${kind} ${all.map(({ number }) => number).join()}`, () =>
        Object.freeze(all.flatMap(({ component }) => component ?? [])),
      ),
    version: createVersions(),
  }
}

/** Values by text, made where there are none, and forgotten where nobody holds them any longer. */
function createWeakMap<V extends object>(): (key: string, make: () => V) => V {
  const values = new Map<string, WeakRef<V>>()
  const gone = new FinalizationRegistry<string>((key) => {
    if (values.get(key)?.deref() === undefined) values.delete(key)
  })
  return (key, make) => {
    const value = values.get(key)?.deref()
    if (value !== undefined) return value
    const made = make()
    values.set(key, new WeakRef(made))
    gone.register(made, key)
    return made
  }
}

function componentOf<K extends Kind>(kind: K, admitted: Admitted<K>, options: MadeOptions): AnyComponent {
  const { definition } = admitted
  const id = idOf(kind, { ...definition }) ?? ''
  const face = { kind, id, definition, tags: tagsOf(definition), ...versionOf(definition) }
  // A definition of this kind, as its list said.
  return Object.freeze({ ...face, ...worksOf(kind, { id, ...admitted }, options) }) as unknown as AnyComponent
}

/** Tags do not travel, but some servers tell theirs in `_meta`. */
function tagsOf({ _meta }: AnyDefinition<Kind>): readonly string[] {
  const { fastmcp } = _meta ?? {}
  const tags = typeof fastmcp === 'object' && fastmcp !== null && 'tags' in fastmcp ? fastmcp.tags : undefined
  return Object.freeze(Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [])
}

function versionOf({ _meta }: AnyDefinition<Kind>): { readonly version?: string } {
  const version = _meta?.[VERSION_KEY]
  return typeof version === 'string' ? { version } : {}
}

/** Makes what gives a component as another version that its server has of it; undefined for one that it has not. */
function createVersions(): (top: AnyComponent, version: string) => AnyComponent | undefined {
  const known = new WeakMap<AnyComponent, Map<string, AnyComponent>>()
  return (top, wanted) => {
    if (isVersion(top.version, wanted)) return top
    const told: unknown = top.definition._meta?.[VERSIONS_KEY]
    const version = Array.isArray(told)
      ? told.find((each) => typeof each === 'string' && isVersion(each, wanted))
      : undefined
    if (version === undefined) return undefined
    const others = known.get(top) ?? new Map<string, AnyComponent>()
    const other = others.get(version) ?? Object.freeze({ ...top, version })
    known.set(top, others.set(version, other))
    return other
  }
}

type Shown<K extends Kind> = Admitted<K> & { readonly id: string }

function worksOf<K extends Kind>(kind: K, shown: Shown<K>, { relay, watches }: MadeOptions): object {
  const { id, definition, isValue } = shown
  const { callTool, read, getPrompt, complete } = relay
  switch (kind) {
    case 'tool': {
      const { inputSchema } = definition as AnyDefinition<'tool'> // it is a tool
      const tool = { name: id, inputSchema, isValue }
      return { call: ((args, context) => callTool(tool, args, context)) satisfies Components['tool']['call'] }
    }
    case 'resource':
      return { read, watch: watches.watch }
    case 'template':
      return {
        read,
        watch: watches.watch,
        matches: matcherOf(id),
        complete: (({ name, value, others }, context) =>
          complete(
            { ref: { type: 'ref/resource', uri: id }, argument: { name, value }, others },
            context,
          )) satisfies Components['template']['complete'],
      }
    default:
      return {
        get: ((args, context) => getPrompt(id, args, context)) satisfies Components['prompt']['get'],
        complete: (({ name, value, others }, context) =>
          complete(
            { ref: { type: 'ref/prompt', name: id }, argument: { name, value }, others },
            context,
          )) satisfies Components['prompt']['complete'],
      }
  }
}

/** What the server elsewhere makes of a URI is its own affair: a template that cannot be read here matches by its beginning. */
function matcherOf(template: string): (uri: string) => boolean {
  try {
    const compiled = compileTemplate(template)
    return (uri) => compiled.match(uri) !== undefined
  } catch {
    const start = template.slice(0, Math.max(0, template.indexOf('{')))
    return (uri) => start !== '' && uri.startsWith(start)
  }
}
