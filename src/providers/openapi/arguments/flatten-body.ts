import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { ANNOTATIONS } from '../schemas/annotate.ts'
import type { Budget } from '../schemas/budget.ts'
import { pointedBy } from '../schemas/definition.ts'
import type { SchemaLibrary } from '../schemas/schema-library.ts'

/** The members of an object that are known one by one. */
export interface FlatObject {
  readonly properties: ReadonlyMap<string, JsonSchema>
  readonly required: ReadonlySet<string>
  readonly notes: ReadonlySet<string>
}

const MOST_PARTS = 200
/** More arguments than that are no list that anybody reads. */
const MOST_PROPERTIES = 250

/**
 * The members of a cleaned schema that is of one object and of nothing else; undefined where it is of another value, has
 * several forms, or takes members of any name.
 */
export function flatten(node: JsonSchema, library: SchemaLibrary): FlatObject | undefined {
  const flat: Growing = { members: new Map(), required: new Set(), notes: new Set() }
  const parts: JsonSchema[] = [node]
  // A list may grow while it is walked.
  for (const part of parts) {
    if (parts.length > MOST_PARTS || library.budget.members < 0 || !isPartOfObject(part)) return undefined
    const name = pointedBy(part)
    const target = name === undefined ? undefined : library.named(name)
    if (target !== undefined) {
      parts.push(target.node)
      for (const words of target.notes) flat.notes.add(words)
    }
    if (Array.isArray(part.allOf)) parts.push(...part.allOf.filter(isSchemaObject))
    if (part.anyOf !== undefined && !addBranches(part.anyOf, parts, flat.notes)) return undefined
    addMembers(part, flat, library.budget)
    if (flat.members.size > MOST_PROPERTIES) return undefined
  }
  if (flat.members.size === 0) return undefined
  const properties = new Map([...flat.members].map(([name, schemas]) => [name, allOf(schemas)]))
  // Any value will do for what is needed and not described.
  for (const name of flat.required) if (!properties.has(name)) properties.set(name, {})
  return { properties, required: flat.required, notes: flat.notes }
}

interface Growing {
  /** The schemas of each member, no two alike. */
  readonly members: Map<string, JsonSchema[]>
  readonly required: Set<string>
  readonly notes: Set<string>
}

/** Keywords of an object whose members are known. Limits of their number and the like are left to the API. */
const KNOWN: ReadonlySet<string> = new Set([
  ...ANNOTATIONS,
  ...['type', 'properties', 'required', 'additionalProperties', 'allOf', 'anyOf', '$ref'],
  ...['minProperties', 'maxProperties', 'dependentRequired', 'propertyNames', 'not', 'format'],
])

function isPartOfObject(part: JsonSchema): boolean {
  const { type, additionalProperties = false } = part
  const isObject = type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))
  return isObject && additionalProperties === false && Object.keys(part).every((keyword) => KNOWN.has(keyword))
}

/** Branches that only tell which members go together are left to the API, and one beside null is the only one. */
function addBranches(branches: unknown, parts: JsonSchema[], notes: Set<string>): boolean {
  const all = Array.isArray(branches) ? branches.filter(isSchemaObject) : []
  const real = all.filter((branch) => branch.type !== 'null')
  const [only, ...others] = real
  if (only !== undefined && others.length === 0) {
    parts.push(only)
    return true
  }
  const areRules = real.every((branch) =>
    Object.keys(branch).every((keyword) => keyword === 'required' || keyword === 'type' || ANNOTATIONS.has(keyword)),
  )
  if (areRules) notes.add('which arguments go together is left to the API')
  return areRules
}

function addMembers(part: JsonSchema, { members, required }: Growing, budget: Budget): void {
  const properties = isSchemaObject(part.properties) ? Object.entries(part.properties) : []
  for (const [name, schema] of properties.slice(0, MOST_PROPERTIES + 1)) {
    if (!isSchemaObject(schema)) continue
    const known = members.get(name) ?? []
    members.set(name, known)
    if (known.length < MOST_OF_ONE && !isAmong(known, schema, budget)) known.push(schema)
  }
  const names = Array.isArray(part.required) ? part.required : []
  for (const name of names) if (typeof name === 'string') required.add(name)
  budget.members -= properties.length + names.length + 1
}

/** A member that more parts describe is checked by the first. */
const MOST_OF_ONE = 10

function isAmong(known: readonly JsonSchema[], schema: JsonSchema, budget: Budget): boolean {
  if (known.length === 0) return false
  const text = JSON.stringify(schema)
  budget.characters -= text.length * known.length
  return known.some((other) => JSON.stringify(other) === text)
}

function allOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [first = {}, ...others] = schemas
  return others.length === 0 ? first : { allOf: schemas }
}
