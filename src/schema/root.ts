import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import { referencesWithin } from './references.ts'
import { isDocument, rewriteReferences } from './rewrite.ts'
import { SchemaError } from './schema-error.ts'

/** A schema whose root says that it is of an object. */
export type ObjectSchema = JsonSchema & { readonly type: 'object' }

/**
 * The schema with `type: 'object'` at its root, as every tool's input must have it. A union of objects
 * gets it written beside; all else throws `SchemaError`.
 */
export function objectRoot(json: JsonSchema): ObjectSchema {
  if (saysObject(json)) return json
  if (isObjectRoot(json)) return { type: 'object', ...json }
  throw new SchemaError(`must be an object at its root, but ${rootWords(json)}`)
}

/** Whether every value of the schema is an object, said by `type` or by the branches of a union. */
export function isObjectRoot(json: JsonSchema): boolean {
  if (json.type !== undefined) return saysObject(json)
  return isObject(json, { references: referencesWithin(json), open: new Set() })
}

/** Says of a schema that `wrapRoot` has made it. */
const WRAPPED = 'x-fastmcp-wrap-result'

/** Whether a schema is one that `wrapRoot` has made. */
export function isWrapped({ [WRAPPED]: mark, properties }: JsonSchema): boolean {
  return mark === true && isSchemaObject(properties) && isSchemaObject(properties.result)
}

/**
 * The schema of `{ result: value }` for a schema of `value`: for revisions that demand an object.
 * Definitions move to the new root, and references still lead where they led.
 */
export function wrapRoot(json: JsonSchema): ObjectSchema {
  const { $schema, ...schema } = json
  const wrapping = { type: 'object', required: ['result'], [WRAPPED]: true } as const
  const dialect = $schema === undefined ? {} : { $schema }
  if (isDocument(json)) return { ...dialect, ...wrapping, properties: { result: schema } }
  const { $defs, definitions, ...result } = rewriteReferences(schema, move)
  const moved = { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) }
  return { ...dialect, ...wrapping, properties: { result }, ...moved }
}

/** Where a local reference leads once the schema is at `properties.result` and its definitions are at the root. */
function move(reference: string): string {
  if (reference === '#') return '#/properties/result'
  const stays = !reference.startsWith('#/') || /^#\/(\$defs|definitions)\//.test(reference)
  return stays ? reference : `#/properties/result${reference.slice(1)}`
}

/** The schema that `wrapRoot` has wrapped. */
export function unwrapRoot({ $schema, $defs, definitions, properties }: JsonSchema): JsonSchema {
  const result = isSchemaObject(properties) && isSchemaObject(properties.result) ? properties.result : {}
  const dialect = $schema === undefined ? {} : { $schema }
  if (isDocument(result)) return { ...dialect, ...result }
  const moved = { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) }
  return { ...dialect, ...rewriteReferences({ ...result, ...moved }, moveBack) }
}

function moveBack(reference: string): string {
  return reference.startsWith('#/properties/result') ? `#${reference.slice('#/properties/result'.length)}` : reference
}

interface Walk {
  readonly references: ReadonlyMap<JsonSchema, JsonSchema | boolean>
  readonly open: Set<JsonSchema>
}

function isObject(node: unknown, walk: Walk): boolean {
  if (!isSchemaObject(node) || walk.open.has(node)) return false
  if (node.type !== undefined) return node.type === 'object'
  walk.open.add(node)
  const { allOf, anyOf, oneOf } = node
  const found =
    isObject(walk.references.get(node), walk) ||
    (Array.isArray(allOf) && allOf.some((part) => isObject(part, walk))) ||
    [anyOf, oneOf].some(
      (union) => Array.isArray(union) && union.length > 0 && union.every((branch) => isObject(branch, walk)),
    )
  walk.open.delete(node)
  return found
}

function saysObject(json: JsonSchema): json is ObjectSchema {
  return json.type === 'object'
}

function rootWords(json: JsonSchema): string {
  if (json.type !== undefined)
    return `it is of type ${JSON.stringify(json.type)}; wrap it in an object, such as { value: … }`
  if (json.anyOf !== undefined || json.oneOf !== undefined)
    return 'not every branch of its union is one; wrap it in an object, such as { value: … }'
  if (isSchemaObject(json.properties)) return "it has properties and no type; write type: 'object' beside them"
  return 'it accepts anything; wrap it in an object, such as { value: … }'
}
