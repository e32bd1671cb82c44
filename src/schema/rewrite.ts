import type { JsonSchema } from './json-schema.ts'
import { HOLDERS, isSchemaObject, POINTERS } from './keywords.ts'

/** Whether a schema is a document of its own: references in it are relative to it. */
export function isDocument({ $id }: JsonSchema): boolean {
  return typeof $id === 'string' && !$id.startsWith('#')
}

/**
 * The schema with every reference to its own document changed by `change`. What is a
 * document of its own stays as it is.
 */
export function rewriteReferences(node: JsonSchema, change: (reference: string) => string): JsonSchema {
  const changed: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(node)) {
    const holding = HOLDERS.get(keyword)
    if (holding === 'map' && isSchemaObject(value))
      changed[keyword] = mapValues(value, (inner) => inside(inner, change))
    else if (holding !== undefined) changed[keyword] = inside(value, change)
    else changed[keyword] = value
  }
  for (const keyword of POINTERS) {
    const reference = changed[keyword]
    if (typeof reference !== 'string') continue
    const target = change(reference)
    if (target === reference) continue
    delete changed[keyword]
    // The other two can only point to a root or an anchor.
    changed.$ref = target
  }
  return changed
}

function inside(value: unknown, change: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => inside(item, change))
  if (!isSchemaObject(value) || isDocument(value)) return value
  return rewriteReferences(value, change)
}

function mapValues(record: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
