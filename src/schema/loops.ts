import type { JsonSchema } from './json-schema.ts'
import { IN_PLACE, innerSchemas, isSchemaObject } from './keywords.ts'
import { type References, referencesOf } from './references.ts'
import { SchemaError } from './schema-error.ts'

/** A check goes down as many calls as references follow each other. */
const LONGEST_CHAIN = 500

/**
 * Refuses a schema that refers to itself without going into the value: no check of it would end.
 * Recursion through `properties` or `items` is fine.
 */
export function refuseLoops(root: JsonSchema): void {
  const references = referencesOf(root)
  const done = new Set<JsonSchema>()
  for (const start of references.keys()) visit(start, { references, done, open: new Set() })
}

interface Walk {
  readonly references: References
  readonly done: Set<JsonSchema>
  readonly open: Set<JsonSchema>
}

function visit(node: unknown, walk: Walk): void {
  if (!isSchemaObject(node) || walk.done.has(node)) return
  if (walk.open.has(node)) throw new SchemaError('refers to itself without going into a property or an item')
  if (walk.open.size > LONGEST_CHAIN) throw new SchemaError(`chains more than ${LONGEST_CHAIN} references`)
  walk.open.add(node)
  visit(walk.references.get(node), walk)
  for (const [keyword, , inner] of innerSchemas(node)) if (IN_PLACE.has(keyword)) visit(inner, walk)
  walk.open.delete(node)
  walk.done.add(node)
}
