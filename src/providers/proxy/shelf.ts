import type { AnyComponent, Components, Kind } from '../../components/component.ts'
import { frozenCopy } from '../../components/metadata.ts'
import { compileTemplate } from '../../components/uri-template.ts'
import type { AnyDefinition } from './definitions.ts'
import type { Relay } from './relay.ts'

/** The components of a server elsewhere, made of what it lists. */
export interface Shelf {
  /** Takes in a list; gives whether anything is another than before. What is the same stays the same component. */
  put<K extends Kind>(kind: K, definitions: readonly AnyDefinition<K>[]): boolean
  list<K extends Kind>(kind: K): readonly Components[K][]
  find<K extends Kind>(kind: K, id: string): Components[K] | undefined
}

interface Known {
  readonly text: string
  readonly component: AnyComponent
}

/** Makes an empty shelf. */
export function createShelf(relay: Relay): Shelf {
  const known = new Map<Kind, ReadonlyMap<string, Known>>()
  const lists = new Map<Kind, readonly AnyComponent[]>()

  return {
    put(kind, definitions) {
      const before = known.get(kind) ?? new Map<string, Known>()
      const after = new Map<string, Known>()
      for (const definition of definitions) {
        const id = idOf(kind, definition)
        const text = JSON.stringify(definition)
        const same = before.get(id)
        // The first of two with one name is the one that answers.
        if (after.has(id)) continue
        after.set(id, same?.text === text ? same : { text, component: componentOf(kind, definition, relay) })
      }
      const isSame = lists.has(kind) && sameOrder(before, after)
      known.set(kind, after)
      if (!isSame) lists.set(kind, Object.freeze([...after.values()].map(({ component }) => component)))
      return !isSame
    },
    list: <K extends Kind>(kind: K) => (lists.get(kind) ?? NOTHING) as readonly Components[K][], // put in under their kind
    find<K extends Kind>(kind: K, id: string): Components[K] | undefined {
      const found =
        known.get(kind)?.get(id)?.component ?? (kind === 'template' ? matching(lists.get(kind), id) : undefined)
      return found as Components[K] | undefined // put in under its kind
    },
  }
}

const NOTHING: readonly never[] = Object.freeze([])

function sameOrder(before: ReadonlyMap<string, Known>, after: ReadonlyMap<string, Known>): boolean {
  if (before.size !== after.size) return false
  const others = [...after.values()]
  return [...before.values()].every((each, i) => each === others[i])
}

function matching(list: readonly AnyComponent[] | undefined, uri: string): AnyComponent | undefined {
  return list?.find((each) => each.kind === 'template' && each.matches(uri))
}

function idOf(kind: Kind, definition: object): string {
  const key = kind === 'resource' ? 'uri' : kind === 'template' ? 'uriTemplate' : 'name'
  return String(Reflect.get(definition, key))
}

function componentOf<K extends Kind>(kind: K, definition: AnyDefinition<K>, relay: Relay): AnyComponent {
  const id = idOf(kind, definition)
  const face = { id, definition: frozenCopy(`${kind} "${id}"`, definition), tags: tagsOf(definition) }
  // A definition of this kind, as its list said.
  return Object.freeze({ kind, ...face, ...worksOf(kind, id, relay) }) as unknown as AnyComponent
}

/** Tags do not travel, but some servers tell theirs in `_meta`. */
function tagsOf(definition: AnyDefinition<Kind>): readonly string[] {
  const { fastmcp } = definition._meta ?? {}
  const tags = typeof fastmcp === 'object' && fastmcp !== null && 'tags' in fastmcp ? fastmcp.tags : undefined
  return Object.freeze(Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [])
}

function worksOf(kind: Kind, id: string, relay: Relay): object {
  const { callTool, read, getPrompt, complete } = relay
  switch (kind) {
    case 'tool':
      return { call: ((args, context) => callTool(id, args, context)) satisfies Components['tool']['call'] }
    case 'resource':
      return { read }
    case 'template':
      return {
        read,
        matches: matcherOf(id),
        complete: (({ name, value, others }, context) =>
          complete(
            { ref: { type: 'ref/resource', uri: id }, argument: { name, value }, others },
            context,
          )) satisfies Components['template']['complete'],
      }
    case 'prompt':
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
