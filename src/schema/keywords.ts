import type { JsonSchema } from './json-schema.ts'

/** How a keyword holds schemas: one, a list, a map of them, or (`either`) one or a list. */
export type Holding = 'one' | 'list' | 'map' | 'either'

/** The keywords of drafts 7, 2019-09 and 2020-12 that hold schemas; what any other holds is data. */
export const HOLDERS: ReadonlyMap<string, Holding> = new Map([
  ...holding('one', 'additionalItems additionalProperties contains contentSchema else if not'),
  ...holding('one', 'propertyNames then unevaluatedItems unevaluatedProperties'),
  ...holding('list', 'allOf anyOf oneOf prefixItems'),
  ...holding('map', '$defs definitions dependencies dependentSchemas patternProperties properties'),
  ...holding('either', 'items'),
])

/** Keywords whose schemas look at the same value as the schema they stand in. */
export const IN_PLACE: ReadonlySet<string> = new Set(
  'allOf anyOf oneOf not if then else dependentSchemas dependencies'.split(' '),
)

/** The keywords that point to another schema. */
export const POINTERS = ['$ref', '$dynamicRef', '$recursiveRef'] as const

function holding(how: Holding, keywords: string): [string, Holding][] {
  return keywords.split(' ').map((keyword) => [keyword, how])
}

/** Whether a value can be a schema with keywords: an object that is no list. */
export function isSchemaObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A schema directly inside another: its keyword, its JSON Pointer from there, and itself. */
export type Inner = readonly [keyword: string, pointer: string, schema: unknown]

/** The schemas directly inside `node`. Lists of property names in `dependencies` are none. */
export function* innerSchemas(node: JsonSchema): Generator<Inner> {
  for (const keyword of Object.keys(node)) {
    const how = HOLDERS.get(keyword)
    if (how === undefined) continue
    const held = node[keyword]
    if (Array.isArray(held)) {
      for (const [index, schema] of held.entries()) yield [keyword, `${keyword}/${index}`, schema]
    } else if (how === 'map' && isSchemaObject(held)) {
      for (const [key, schema] of Object.entries(held)) {
        if (!Array.isArray(schema)) yield [keyword, `${keyword}/${escapeStep(key)}`, schema]
      }
    } else yield [keyword, keyword, held]
  }
}

/** A key as a step of a JSON Pointer (RFC 6901). */
export function escapeStep(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key
}

/** The key that a step of a JSON Pointer stands for. */
export function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
