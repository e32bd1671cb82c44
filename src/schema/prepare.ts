import { dialectOf } from './dialect.ts'
import { guardedMembers, guardedSchema, guardFor, type KeysAtHand } from './guarded-patterns.ts'
import type { JsonSchema } from './json-schema.ts'
import { HOLDERS, isSchemaObject, POINTERS } from './keywords.ts'
import { type References, referencesOf } from './references.ts'

/** A JSON Schema in the form that the validator reads fastest and understands in full. */
export interface Prepared {
  readonly draft: '7' | '2019-09' | '2020-12'
  readonly root: Node
  /** What the references in it lead to, by the names that they have in it. */
  readonly targets: Readonly<Record<string, Node>>
  /** To be filled before each check, where they are wanted. */
  readonly keys: KeysAtHand
}

/** A schema of the validator. */
export type Node = { [keyword: string]: unknown } | boolean

/** What a check looks at beside the keywords that hold schemas. All others only describe. */
const CHECKED: ReadonlySet<string> = new Set(
  `type const enum required format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum
  multipleOf minItems maxItems uniqueItems minContains maxContains minProperties maxProperties dependentRequired`.split(
    /\s+/,
  ),
)

/** Formats whose checks take linear time; the others are not checked. */
const FORMATS: ReadonlySet<unknown> = new Set(
  'date time date-time duration email hostname ipv4 ipv6 uri uri-reference uuid json-pointer regex'.split(' '),
)

/** Keywords that hold schemas and check nothing by themselves. */
const SHELVES: ReadonlySet<string> = new Set(['$defs', 'definitions', 'contentSchema'])

/**
 * Copies a schema for the validator: only keywords that check, every reference resolved beforehand and
 * given a short name. So nothing is looked up by URI, an `$id` cannot stand for something else, and the
 * schema that clients see stays untouched. `without` leaves keywords out.
 */
export function prepare(json: JsonSchema, without: ReadonlySet<string> = new Set()): Prepared {
  const references = referencesOf(json)
  const targets: Record<string, Node> = Object.create(null)
  const names = new Map<JsonSchema, string>()
  const keys: KeysAtHand = { areWanted: false, all: [] }
  const state = { references, names, targets, without, keys }
  return { draft: dialectOf(json) ?? '2020-12', root: copyNode(json, state), targets, keys }
}

interface State {
  readonly references: References
  readonly names: Map<JsonSchema, string>
  readonly targets: Record<string, Node>
  readonly without: ReadonlySet<string>
  readonly keys: KeysAtHand
}

function copyNode(node: unknown, state: State): Node {
  if (!isSchemaObject(node)) return node !== false
  const copy: { [keyword: string]: unknown } = {}
  for (const [keyword, value] of Object.entries(node)) {
    if (state.without.has(keyword) || SHELVES.has(keyword)) continue
    if (HOLDERS.has(keyword)) copy[keyword] = copyHeld(keyword, value, state)
    else if (CHECKED.has(keyword) && (keyword !== 'format' || FORMATS.has(value))) copy[keyword] = value
  }
  guard(copy, state)
  if (POINTERS.some((keyword) => node[keyword] !== undefined)) copy.$ref = nameOf(state.references.get(node), state)
  return copy
}

/** Patterns that could take long are checked in another way: schemas may come from somebody who means harm. */
function guard(copy: { [keyword: string]: unknown }, { keys }: State): void {
  const { pattern, allOf, patternProperties } = copy
  const guarded = typeof pattern === 'string' ? guardFor(pattern) : undefined
  if (typeof pattern === 'string' && guarded !== undefined) {
    delete copy.pattern
    copy.allOf = [...(Array.isArray(allOf) ? allOf : []), guardedSchema(pattern, guarded)]
  }
  const members = isSchemaObject(patternProperties) ? guardedMembers(patternProperties, keys) : undefined
  if (members !== undefined) Object.defineProperty(copy, 'patternProperties', { get: members })
}

function copyHeld(keyword: string, value: unknown, state: State): unknown {
  if (Array.isArray(value)) return value.map((item) => copyNode(item, state))
  if (HOLDERS.get(keyword) !== 'map' || !isSchemaObject(value)) return copyNode(value, state)
  // A wrong tag ends the check of a branch: looked at first, it spares the branches of all that is inside.
  const members = Object.entries(value).sort(([, one], [, other]) => Number(isTag(other)) - Number(isTag(one)))
  return Object.fromEntries(members.map(([key, inner]) => [key, Array.isArray(inner) ? inner : copyNode(inner, state)]))
}

function isTag(node: unknown): boolean {
  return isSchemaObject(node) && (node.const !== undefined || node.enum !== undefined)
}

function nameOf(target: JsonSchema | boolean | undefined, state: State): string {
  if (!isSchemaObject(target)) {
    state.targets[String(target)] = target !== false
    return String(target)
  }
  let name = state.names.get(target)
  if (name === undefined) {
    name = `#${state.names.size}`
    state.names.set(target, name)
    state.targets[name] = copyNode(target, state)
  }
  return name
}
