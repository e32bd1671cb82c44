import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { JsonSchema } from './json-schema.ts'
import { SchemaError } from './schema-error.ts'

/** The face of a schema library: it validates, and it says its schemas as JSON Schema. */
export type Library = StandardSchemaV1.Props & StandardJSONSchemaV1.Props

/** What was given as a schema, told apart. */
export type Recognized =
  | { readonly kind: 'library'; readonly library: Library }
  | { readonly kind: 'raw'; readonly json: JsonSchema }

/** Tells what was given as a schema. Throws `SchemaError` that names the fix for everything else. */
export function recognize(schema: unknown): Recognized {
  if (!isObjectLike(schema)) throw new SchemaError(`is ${shown(schema)} and no schema; ${EXPECTED}`)
  const library = schema['~standard']
  if (isObjectLike(library)) return { kind: 'library', library: requireJson(library) }
  if (typeof schema === 'function' || Array.isArray(schema)) {
    throw new SchemaError(`is ${Array.isArray(schema) ? 'an array' : 'a function'} and no schema; ${EXPECTED}`)
  }
  const prototype: unknown = Object.getPrototypeOf(schema)
  if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new SchemaError(`is an instance of ${schema.constructor?.name ?? 'a class'} and no schema; ${EXPECTED}`)
  }
  const field = Object.keys(schema).find((key) => isObjectLike(schema[key]) && '~standard' in schema[key])
  if (field !== undefined)
    throw new SchemaError(`is an object of schemas (see "${field}"); wrap it, as in z.object({ … })`)
  return { kind: 'raw', json: schema }
}

const EXPECTED = 'expected a Standard Schema such as z.object({ … }), or a JSON Schema object'

function requireJson(library: Members): Library {
  const { vendor, validate, jsonSchema } = library
  const name = typeof vendor === 'string' ? vendor : 'this library'
  if (typeof validate !== 'function') throw new SchemaError(`of ${name} cannot validate; ${EXPECTED}`)
  if (!isObjectLike(jsonSchema)) throw new SchemaError(FIXES.get(name) ?? fixFor(name))
  return library as unknown as Library // its members are what the standard demands
}

const FIXES: ReadonlyMap<string, string> = new Map([
  [
    'zod',
    "of zod has no JSON Schema; use zod 4.2 or later, imported from 'zod' (zod/mini and zod/v3 have none), or pass z.toJSONSchema(schema)",
  ],
  ['valibot', "of valibot has no JSON Schema; wrap it: toStandardJsonSchema(schema) from '@valibot/to-json-schema'"],
  ['arktype', 'of arktype has no JSON Schema; use the latest arktype'],
])

function fixFor(vendor: string): string {
  return `of ${vendor} has no JSON Schema (~standard.jsonSchema); use a version that implements Standard JSON Schema, or pass JSON Schema`
}

type Members = { readonly [key: string]: unknown }

function isObjectLike(value: unknown): value is Members {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function shown(value: unknown): string {
  return value === null || value === undefined || typeof value === 'boolean' ? String(value) : `a ${typeof value}`
}
