import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import type { References } from './references.ts'

/** The types of JSON Schema; `number` is one with a fraction wherever a value has a type. */
export type JsonType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string'

const TYPES: readonly JsonType[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

/** The type of a JSON value; undefined for what JSON has not. */
export function typeOf(value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return TYPES.find((type) => type === typeof value)
}

/** Whether a value is of one of `types`; undefined means any. */
export function isOfType(value: unknown, types: ReadonlySet<JsonType> | undefined): boolean {
  if (types === undefined) return true
  const type = typeOf(value)
  return type !== undefined && (types.has(type) || (type === 'integer' && types.has('number')))
}

const known = new WeakMap<JsonSchema, ReadonlySet<JsonType> | undefined>()

/** The types that a schema allows, or undefined for any. */
export function typesOf(node: unknown, references: References): ReadonlySet<JsonType> | undefined {
  if (!isSchemaObject(node)) return undefined
  if (known.has(node)) return known.get(node)
  // A schema that comes back to itself says nothing more the second time.
  known.set(node, undefined)
  const { allOf, anyOf, oneOf } = node
  const inner = (part: unknown): ReadonlySet<JsonType> | undefined => typesOf(part, references)
  const parts = [ownTypes(node), inner(references.get(node)), ...listed(allOf).map(inner)]
  for (const union of [anyOf, oneOf]) if (Array.isArray(union)) parts.push(unite(union.map(inner)))
  const types = parts.reduce(intersect, undefined)
  known.set(node, types)
  return types
}

/** The types that any of several schemas allows; those that allow all say nothing. */
export function typesOfAny(nodes: readonly JsonSchema[], references: References): ReadonlySet<JsonType> | undefined {
  return unite(nodes.map((node) => typesOf(node, references)).filter((types) => types !== undefined))
}

/** The values that a schema lists by `enum` or `const`, also through unions; undefined where it lists none. */
export function valuesOf(node: unknown, references: References, depth = 8): readonly unknown[] | undefined {
  if (!isSchemaObject(node) || depth === 0) return undefined
  if (Array.isArray(node.enum)) return node.enum
  if (Object.hasOwn(node, 'const')) return [node.const]
  const target = valuesOf(references.get(node), references, depth - 1)
  if (target !== undefined) return target
  const union = node.anyOf ?? node.oneOf
  if (!Array.isArray(union) || union.length === 0) return undefined
  const lists = union.map((branch) => valuesOf(branch, references, depth - 1))
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined
}

function ownTypes(node: JsonSchema): ReadonlySet<JsonType> | undefined {
  const named = listed(Array.isArray(node.type) ? node.type : [node.type].filter((type) => type !== undefined))
  if (named.length > 0) return new Set(TYPES.filter((type) => named.includes(type)))
  const values = Array.isArray(node.enum) ? node.enum : Object.hasOwn(node, 'const') ? [node.const] : []
  const types = values.map(typeOf).filter((type) => type !== undefined)
  return types.length > 0 ? new Set(types) : undefined
}

function unite(sets: readonly (ReadonlySet<JsonType> | undefined)[]): ReadonlySet<JsonType> | undefined {
  if (sets.length === 0) return undefined
  const united = new Set<JsonType>()
  for (const set of sets) {
    if (set === undefined) return undefined
    for (const type of set) united.add(type)
  }
  return united
}

function intersect(
  one: ReadonlySet<JsonType> | undefined,
  other: ReadonlySet<JsonType> | undefined,
): ReadonlySet<JsonType> | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const both = new Set([...one].filter((type) => other.has(type) || (type === 'integer' && other.has('number'))))
  if (one.has('number') && other.has('integer')) both.add('integer')
  return both
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
