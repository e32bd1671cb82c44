import { guardFor } from './guarded-patterns.ts'
import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'

/** What `facets` say about the member or item `key` of their value. */
export function innerOf(facets: readonly JsonSchema[], key: string | number): JsonSchema[] {
  return facets
    .flatMap((facet) => (typeof key === 'number' ? itemOf(facet, key) : memberOf(facet, key)))
    .filter(isSchemaObject)
}

/** Whether any of `facets` demands the member `key`. */
export function isRequired(facets: readonly JsonSchema[], key: string): boolean {
  return facets.some(({ required }) => Array.isArray(required) && required.includes(key))
}

/** Whether `facets` refuse members that none of them names. */
export function isClosed(facets: readonly JsonSchema[]): boolean {
  return facets.some((facet) => facet.additionalProperties === false || facet.unevaluatedProperties === false)
}

/** Whether any of `facets` has a place for the member `key`. */
export function isKnown(facets: readonly JsonSchema[], key: string): boolean {
  return facets.some((facet) => memberOf(facet, key).some((inner) => inner === true || isSchemaObject(inner)))
}

/** The names of the members that `facets` know. */
export function knownKeys(facets: readonly JsonSchema[]): string[] {
  return [...new Set(facets.flatMap(keysOf))]
}

/** A record may list its keys by a schema for their names. */
function keysOf({ properties, propertyNames }: JsonSchema): string[] {
  if (isSchemaObject(properties)) return Object.keys(properties)
  const names: unknown = isSchemaObject(propertyNames) ? propertyNames.enum : undefined
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function memberOf({ properties, patternProperties, additionalProperties }: JsonSchema, key: string): unknown[] {
  const found: unknown[] = []
  if (isSchemaObject(properties) && Object.hasOwn(properties, key)) found.push(properties[key])
  if (isSchemaObject(patternProperties)) {
    for (const [pattern, schema] of Object.entries(patternProperties)) if (matches(pattern, key)) found.push(schema)
  }
  return found.length > 0 ? found : [additionalProperties]
}

function itemOf({ prefixItems, items, additionalItems }: JsonSchema, index: number): unknown[] {
  const places = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : []
  if (index < places.length) return [places[index]]
  return [Array.isArray(items) ? additionalItems : items]
}

function matches(pattern: string, key: string): boolean {
  try {
    return key.length <= 1000 && (guardFor(pattern) ?? new RegExp(pattern, 'u')).test(key)
  } catch {
    return false
  }
}
