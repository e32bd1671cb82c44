import type { JsonSchema } from '../../../schema/json-schema.ts'
import { HOLDERS, isSchemaObject } from '../../../schema/keywords.ts'
import { type References, referencesOf } from '../../../schema/references.ts'

/**
 * The schema that arguments are checked by: with the defaults of what its object needs, and no others. A default says what
 * the API takes for what it is not told; sent all the same, one of a PATCH would change what nobody spoke of.
 */
export function withNeededDefaults(json: JsonSchema): JsonSchema {
  return cleared(json, referencesOf(json))
}

function cleared(node: JsonSchema, references: References): JsonSchema {
  const { default: _, ...kept } = node
  const inner = (value: unknown): unknown => (isSchemaObject(value) ? cleared(value, references) : value)
  const result: Record<string, unknown> = kept
  for (const [keyword, value] of Object.entries(kept)) {
    const holding = HOLDERS.get(keyword)
    if (holding === undefined) continue
    if (Array.isArray(value)) result[keyword] = value.map(inner)
    else if (holding === 'map' && isSchemaObject(value)) result[keyword] = mapped(value, inner)
    else result[keyword] = inner(value)
  }
  const { properties, required } = node
  if (!isSchemaObject(properties) || !Array.isArray(required)) return result
  const needed = required.flatMap((name) => neededIn(properties, name, references))
  return needed.length === 0 ? result : { ...result, properties: withDefaults(result.properties, needed) }
}

type Needed = readonly [name: string, value: unknown]

function neededIn(properties: JsonSchema, name: unknown, references: References): readonly Needed[] {
  if (typeof name !== 'string' || !Object.hasOwn(properties, name)) return []
  const value = defaultOf(properties[name], references)
  return value === undefined ? [] : [[name, value]]
}

function withDefaults(properties: unknown, needed: readonly Needed[]): JsonSchema {
  const all = new Map(Object.entries(isSchemaObject(properties) ? properties : {}))
  for (const [name, value] of needed) {
    const schema = all.get(name)
    all.set(name, { ...(isSchemaObject(schema) && schema), default: value })
  }
  return Object.fromEntries(all)
}

/** The default of a schema, or of what it refers to. */
function defaultOf(schema: unknown, references: References): unknown {
  const seen = new Set<unknown>()
  for (let node = schema; isSchemaObject(node) && !seen.has(node); node = references.get(node)) {
    if (node.default !== undefined) return node.default
    seen.add(node)
  }
  return undefined
}

function mapped(members: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]))
}
