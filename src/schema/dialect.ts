import type { JsonSchema } from './json-schema.ts'

/** A draft of JSON Schema by its usual name. */
export type Dialect = '2020-12' | '2019-09' | '7'

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['json-schema.org/draft/2020-12/schema', '2020-12'],
  ['json-schema.org/draft/2019-09/schema', '2019-09'],
  ['json-schema.org/draft-07/schema', '7'],
])

/** The draft that a schema names, 2020-12 if none; undefined for one that cannot be checked. */
export function dialectOf({ $schema }: JsonSchema): Dialect | undefined {
  if ($schema === undefined) return '2020-12'
  return typeof $schema === 'string' ? DIALECTS.get($schema.replace(/^https?:\/\//, '').replace(/#$/, '')) : undefined
}
