import type { JsonSchema } from '../../../schema/json-schema.ts'
import { HOLDERS, IN_PLACE, isSchemaObject } from '../../../schema/keywords.ts'

/** A schema of the document, cleaned. */
export interface Definition {
  readonly raw: JsonSchema
  /** Under which others refer to it; set with the first reference. */
  name: string | undefined
  node: JsonSchema
  /** What could not be kept of it, in words. */
  readonly notes: Set<string>
  /** Whether it is part of a whole that has more members than it knows. */
  isOpen: boolean
  /** How many schemas follow each other in place, at most, before a check goes into the value; undefined: not known yet. */
  chain: number | undefined
  measure: Measure | undefined
}

/** How much a schema is, without what it refers to. */
export interface Measure {
  /** Characters of JSON. */
  readonly size: number
  /** How many schemas it nests. */
  readonly height: number
  /** The names of the definitions that it refers to, each once. */
  readonly references: readonly string[]
}

const BEGINNING = '#/$defs/'

/** A reference to a definition. Names need no escaping. */
export function pointTo(name: string): JsonSchema {
  return { $ref: `${BEGINNING}${name}` }
}

/** The name of the definition that a cleaned schema refers to. */
export function pointedBy({ $ref }: JsonSchema): string | undefined {
  return typeof $ref === 'string' ? $ref.slice(BEGINNING.length) : undefined
}

/** Measures a cleaned schema. */
export function measureOf(node: JsonSchema): Measure {
  const references = new Set<string>()
  const height = visit(node, references)
  return { size: JSON.stringify(node).length, height, references: [...references] }
}

function visit(node: JsonSchema, references: Set<string>): number {
  const name = pointedBy(node)
  if (name !== undefined) references.add(name)
  let height = 0
  for (const keyword in node) {
    for (const inner of heldBy(node, keyword)) height = Math.max(height, visit(inner, references) + 1)
  }
  return height
}

const NONE: readonly JsonSchema[] = []

/** The schemas that a keyword holds, but for `true` and `false`. */
function heldBy(node: JsonSchema, keyword: string): readonly JsonSchema[] {
  const holding = HOLDERS.get(keyword)
  if (holding === undefined) return NONE
  const held = node[keyword]
  if (Array.isArray(held)) return held.filter(isSchemaObject)
  if (!isSchemaObject(held)) return NONE
  return holding === 'map' ? Object.values(held).filter(isSchemaObject) : [held]
}

/** The references of a schema that are followed before a check goes into the value, each with its depth. */
export function* inPlaceReferences(node: JsonSchema, depth = 1): Generator<readonly [name: string, depth: number]> {
  const name = pointedBy(node)
  if (name !== undefined) yield [name, depth]
  for (const keyword in node) {
    if (!IN_PLACE.has(keyword)) continue
    for (const inner of heldBy(node, keyword)) yield* inPlaceReferences(inner, depth + 1)
  }
}

/** The schema without those of its references that are followed in place and lead to one of `names`. */
export function withoutReferences(node: JsonSchema, names: ReadonlySet<string>): JsonSchema {
  const cut: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === '$ref' && names.has(pointedBy(node) ?? '')) continue
    const isList = IN_PLACE.has(keyword) && Array.isArray(value)
    cut[keyword] = isList
      ? value.map((inner: unknown) => (isSchemaObject(inner) ? withoutReferences(inner, names) : inner))
      : value
  }
  return cut
}
