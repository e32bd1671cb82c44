import { isRecord } from '../../../protocol/json-rpc.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { Api } from '../routes/api.ts'

/** All schemas that say something of the value at one place of an answer. */
export type Place = readonly unknown[]

/** How schemas are looked into: never more of them than there is fuel for, as documents may multiply. */
export interface Search {
  readonly api: Api
  fuel: number
}

const MOST_FACETS = 100
const MOST_MEMBERS = 1_000
const LONGEST_NAME = 100
const JOINING = ['allOf', 'anyOf', 'oneOf'] as const
const CHOOSING = ['then', 'else'] as const

/**
 * The schemas of a place with those that they refer to or are joined of, side by side, whichever of them a value will fit.
 * Never more than 100: documents may refer in circles.
 */
export function facetsOf(place: Place, search: Search): readonly JsonSchema[] {
  const found = new Set<JsonSchema>()
  const waiting: unknown[] = [...place]
  for (let index = 0; index < waiting.length && found.size < MOST_FACETS && search.fuel > 0; index++) {
    search.fuel--
    const schema = waiting[index]
    if (!isRecord(schema) || found.has(schema)) continue
    found.add(schema)
    if (typeof schema.$ref === 'string') waiting.push(search.api.resolve(schema.$ref))
    for (const key of JOINING) if (Array.isArray(schema[key])) waiting.push(...schema[key].slice(0, MOST_FACETS))
    for (const key of CHOOSING) if (isRecord(schema[key])) waiting.push(schema[key])
  }
  return [...found]
}

/** The members that facets name, each as a place of its own; none that answers do not have. */
export function membersOf(facets: readonly JsonSchema[], search: Search): ReadonlyMap<string, Place> {
  const members = new Map<string, unknown[]>()
  for (const { properties } of facets) {
    if (!isRecord(properties)) continue
    for (const [name, schema] of entriesOf(properties)) {
      if (--search.fuel < 0) return members
      if (name === '__proto__' || name.length > LONGEST_NAME || isWriteOnly(schema)) continue
      const known = members.get(name)
      if (known !== undefined) known.push(schema)
      else if (members.size < MOST_MEMBERS) members.set(name, [schema])
    }
  }
  return members
}

const known = new WeakMap<object, readonly (readonly [string, unknown])[]>()

/** The first members; an object of very many is listed once. */
function entriesOf(properties: JsonSchema): readonly (readonly [string, unknown])[] {
  let entries = known.get(properties)
  if (entries === undefined) {
    entries = Object.entries(properties).slice(0, MOST_MEMBERS)
    known.set(properties, entries)
  }
  return entries
}

/** The items of lists. */
export function itemsOf(facets: readonly JsonSchema[]): Place {
  return facets.flatMap(({ items, prefixItems }) => [
    ...(Array.isArray(items) ? items.slice(0, MOST_FACETS) : isRecord(items) ? [items] : []),
    ...(Array.isArray(prefixItems) ? prefixItems.slice(0, MOST_FACETS) : []),
  ])
}

/** Members of any name. */
export function othersOf(facets: readonly JsonSchema[]): Place {
  return facets.flatMap(({ additionalProperties, patternProperties }) => [
    ...(isRecord(additionalProperties) ? [additionalProperties] : []),
    ...(isRecord(patternProperties) ? Object.values(patternProperties).slice(0, MOST_FACETS) : []),
  ])
}

function isWriteOnly(schema: unknown): boolean {
  return isRecord(schema) && schema.writeOnly === true
}
