import type { AnyComponent, Components, Kind } from '../../components/component.ts'
import { compileTemplate } from '../../components/uri-template.ts'
import { isVersion, VERSION_KEY, VERSIONS_KEY } from '../../components/version.ts'
import { type Admitted, admitDefinition, idOf } from './admit.ts'
import type { AnyDefinition } from './lists.ts'
import type { Relay } from './relay.ts'
import type { Watches } from './watches.ts'

type Listed = readonly Readonly<Record<string, unknown>>[]

/** The components of a server elsewhere, made of what it lists. */
export interface Shelf {
  /** Takes in a list; gives whether anything is another than before. What is the same stays the same component. */
  put(kind: Kind, definitions: Listed): boolean
  list<K extends Kind>(kind: K): readonly Components[K][]
  /** Of several versions the one that is asked for. */
  find<K extends Kind>(kind: K, id: string, version?: string): Components[K] | undefined
}

/** What the components of a shelf do their work with. */
export interface ShelfOptions {
  readonly relay: Relay
  readonly watches: Watches
  /** Hears of what cannot be shown: it is left out. */
  report(problem: Error): void
}

interface Known {
  readonly text: string
  /** Undefined for what cannot be shown. */
  readonly component: AnyComponent | undefined
}

/** Makes an empty shelf. */
export function createShelf(options: ShelfOptions): Shelf {
  const known = new Map<Kind, ReadonlyMap<string, Known>>()
  const lists = new Map<Kind, readonly AnyComponent[]>()
  const versions = createVersions()

  const knownOf = (kind: Kind, id: string, definition: Readonly<Record<string, unknown>>): Known => {
    const text = JSON.stringify(definition)
    const before = known.get(kind)?.get(id)
    if (before?.text === text) return before
    try {
      return { text, component: componentOf(kind, admitDefinition(kind, definition), options) }
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : String(problem)
      const what = `${kind} "${id.slice(0, 100)}" of the server elsewhere`
      options.report(new Error(`${what} cannot be shown, so it is left out: ${words}`, { cause: problem }))
      return { text, component: undefined }
    }
  }

  return {
    put(kind, definitions) {
      const after = new Map<string, Known>()
      for (const definition of definitions) {
        const id = idOf(kind, definition)
        // The first of two with one name is the one that answers.
        if (id !== undefined && !after.has(id)) after.set(id, knownOf(kind, id, definition))
      }
      const isSame = lists.has(kind) && sameOrder(known.get(kind), after)
      known.set(kind, after)
      if (!isSame) lists.set(kind, Object.freeze([...after.values()].flatMap(({ component }) => component ?? [])))
      return !isSame
    },
    list: <K extends Kind>(kind: K) => (lists.get(kind) ?? NOTHING) as readonly Components[K][], // put in under their kind
    find<K extends Kind>(kind: K, id: string, version?: string): Components[K] | undefined {
      const top =
        known.get(kind)?.get(id)?.component ?? (kind === 'template' ? matching(lists.get(kind), id) : undefined)
      const found = version === undefined ? top : top && versions(top, version)
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

function componentOf<K extends Kind>(kind: K, admitted: Admitted<K>, options: ShelfOptions): AnyComponent {
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

function worksOf<K extends Kind>(kind: K, shown: Shown<K>, { relay, watches }: ShelfOptions): object {
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
