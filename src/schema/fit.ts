import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import { innerOf, isKnown, isRequired, knownKeys } from './members.ts'
import { type References, referencesWithin } from './references.ts'
import { isOfType, typesOf, valuesOf } from './typing.ts'

/** A schema beside a value, with bounds on the work of comparing them. */
export interface Look {
  readonly references: References
  left: number
  depth: number
  /** Of unions all branches count, not only those that fit best. */
  readonly everyBranch?: boolean
}

/** A look at values of `json`; one per failed check. */
export function lookAt(json: JsonSchema, left = 10_000): Look {
  return { references: referencesWithin(json), left, depth: 0 }
}

/** A place where a value visibly does not have the shape of a schema. */
export interface Misfit {
  readonly path: readonly (string | number)[]
  readonly kind: 'type' | 'value' | 'missing' | 'unknown'
}

/** How far into a value two branches are compared. */
const DEEPEST = 4
const MOST = 50
const FIT: readonly Misfit[] = []

/**
 * All schemas that say something about `value` where `nodes` do: also those referred to, all parts of
 * an `allOf`, and of a union the branches that fit the value best.
 */
export function facetsOf(nodes: readonly JsonSchema[], value: unknown, look: Look): JsonSchema[] {
  const found = new Set<JsonSchema>()
  const open: unknown[] = [...nodes]
  for (let next = 0; next < open.length && look.left > 0; next++) {
    const node = open[next]
    if (!isSchemaObject(node) || found.has(node)) continue
    look.left--
    found.add(node)
    open.push(look.references.get(node), ...partsOf(node, value, look))
  }
  return [...found]
}

/** Of the branches of a union, those that `value` fits best: several if it fits them alike. */
export function bestOf(branches: readonly unknown[], value: unknown, look: Look): JsonSchema[] {
  const nodes = branches.filter(isSchemaObject)
  if (nodes.length < 2) return nodes
  const costs = nodes.map((node) => costOf(misfitsOf(node, value, look)))
  const least = Math.min(...costs)
  return nodes.filter((_, index) => costs[index] === least)
}

/** Where `value` visibly does not have the shape of `node`: a hint for words and repairs, not a verdict. */
export function misfitsOf(node: JsonSchema, value: unknown, look: Look): readonly Misfit[] {
  if (look.depth > DEEPEST || --look.left <= 0) return FIT
  if (!isOfType(value, typesOf(node, look.references))) return [{ path: [], kind: 'type' }]
  const values = valuesOf(node, look.references)
  if (values !== undefined && !isListed(value, values)) return [{ path: [], kind: 'value' }]
  if (typeof value !== 'object' || value === null) return FIT
  look.depth++
  const facets = facetsOf([node], value, look)
  const found = Array.isArray(value) ? inItems(facets, value, look) : inMembers(facets, value as JsonSchema, look) // any object has members
  look.depth--
  return found.slice(0, MOST)
}

/** Whether a value is among those that a schema lists. Listed objects are not compared. */
export function isListed(value: unknown, values: readonly unknown[]): boolean {
  return values.some((listed) => listed === value || (typeof listed === 'object' && listed !== null))
}

function partsOf(node: JsonSchema, value: unknown, look: Look): unknown[] {
  const { allOf, anyOf, oneOf, dependentSchemas } = node
  const parts: unknown[] = Array.isArray(allOf) ? [...allOf] : []
  for (const union of [anyOf, oneOf])
    if (Array.isArray(union)) parts.push(...(look.everyBranch ? union : bestOf(union, value, look)))
  if (isSchemaObject(node.if)) parts.push(misfitsOf(node.if, value, look).some(isWrong) ? node.else : node.then)
  if (isSchemaObject(dependentSchemas) && isSchemaObject(value)) {
    for (const [key, schema] of Object.entries(dependentSchemas)) if (Object.hasOwn(value, key)) parts.push(schema)
  }
  return parts
}

function inMembers(facets: readonly JsonSchema[], value: JsonSchema, look: Look): Misfit[] {
  const missing = knownKeys(facets).filter((key) => !Object.hasOwn(value, key) && isRequired(facets, key))
  const found: Misfit[] = missing.map((key) => ({ path: [key], kind: 'missing' }))
  for (const key of Object.keys(value).slice(0, MOST)) {
    if (isKnown(facets, key)) found.push(...inside(key, innerOf(facets, key), { value: value[key], look }))
    else found.push({ path: [key], kind: 'unknown' })
  }
  return found
}

function inItems(facets: readonly JsonSchema[], value: readonly unknown[], look: Look): Misfit[] {
  return value.slice(0, MOST).flatMap((item, index) => inside(index, innerOf(facets, index), { value: item, look }))
}

function inside(
  key: string | number,
  nodes: readonly JsonSchema[],
  { value, look }: { value: unknown; look: Look },
): Misfit[] {
  const found = nodes.flatMap((node) => misfitsOf(node, value, look))
  return found.map(({ path, kind }) => ({ path: [key, ...path], kind }))
}

const COSTS = { type: 1, value: 20, missing: 4, unknown: 2 } as const

/** How far a value is from a branch: a wrong tag tells branches apart, a wrong type may be a slip. */
function costOf(misfits: readonly Misfit[]): number {
  return misfits.reduce((sum, { kind, path }) => sum + (path.length === 0 ? 1000 : COSTS[kind]), 0)
}

function isWrong({ kind }: Misfit): boolean {
  return kind !== 'unknown'
}
