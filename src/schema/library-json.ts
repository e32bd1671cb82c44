import type { StandardJSONSchemaV1 } from '@standard-schema/spec'
import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import { SchemaError } from './schema-error.ts'
import { arktypeOptions, valibotOptions, zodOptions } from './vendor-options.ts'

/** Which face of a schema: what it takes, or what it gives. */
export type Side = 'input' | 'output'

const OPTIONS: ReadonlyMap<string, (side: Side) => Record<string, unknown>> = new Map([
  ['zod', zodOptions],
  ['valibot', valibotOptions],
  ['arktype', arktypeOptions],
])

/**
 * One side of a library's schema as JSON Schema, draft 2020-12. What JSON cannot say degrades field by
 * field, never as a whole: dates to date-time strings, bigints to integers or strings of digits, and
 * everything else to `{}`. Throws `SchemaError` if the library refuses all the same.
 */
export function libraryJson(vendor: string, converter: StandardJSONSchemaV1.Converter, side: Side): JsonSchema {
  const libraryOptions = OPTIONS.get(vendor)?.(side)
  const options = { target: 'draft-2020-12', ...(libraryOptions && { libraryOptions }) }
  // Absent means 2020-12, and validators of older drafts refuse a name that they do not know.
  const { $schema: _, ...json } = guarded(vendor, () => converter[side](options))
  return json
}

function guarded(vendor: string, convert: () => unknown): JsonSchema {
  try {
    const json = convert()
    if (isSchemaObject(json)) return json
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SchemaError(`${vendor} cannot say this schema as JSON Schema: ${reason.slice(0, 300)}`, { cause })
  }
  throw new SchemaError(`${vendor} gives no JSON Schema for this schema`)
}
