import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { ANNOTATIONS } from '../schemas/annotate.ts'
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
  const flat = { properties: new Map<string, JsonSchema>(), required: new Set<string>(), notes: new Set<string>() }
  const parts: JsonSchema[] = [node]
  // A list may grow while it is walked.
  for (const part of parts) {
    if (parts.length > MOST_PARTS || !isPartOfObject(part)) return undefined
    const name = pointedBy(part)
    const target = name === undefined ? undefined : library.named(name)
    if (target !== undefined) {
      parts.push(target.node)
      for (const words of target.notes) flat.notes.add(words)
    }
    if (Array.isArray(part.allOf)) parts.push(...part.allOf.filter(isSchemaObject))
    if (part.anyOf !== undefined && !addBranches(part.anyOf, parts, flat.notes)) return undefined
    addMembers(part, flat)
  }
  if (flat.properties.size === 0 || flat.properties.size > MOST_PROPERTIES) return undefined
  // Any value will do for what is needed and not described.
  for (const name of flat.required) if (!flat.properties.has(name)) flat.properties.set(name, {})
  return flat
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

function addMembers(part: JsonSchema, flat: { properties: Map<string, JsonSchema>; required: Set<string> }): void {
  const properties = isSchemaObject(part.properties) ? Object.entries(part.properties) : []
  for (const [name, schema] of properties) {
    if (!isSchemaObject(schema)) continue
    const other = flat.properties.get(name)
    flat.properties.set(name, other === undefined ? schema : both(other, schema))
  }
  const names = Array.isArray(part.required) ? part.required : []
  for (const name of names) if (typeof name === 'string') flat.required.add(name)
}

function both(one: JsonSchema, other: JsonSchema): JsonSchema {
  return JSON.stringify(one) === JSON.stringify(other) ? one : { allOf: [one, other] }
}
