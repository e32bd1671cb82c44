import type { JsonSchema } from './json-schema.ts'
import { innerSchemas, isSchemaObject } from './keywords.ts'
import { referencesOf } from './references.ts'

/**
 * The schemas of `json` from which one that `isWanted` can be reached, through subschemas and references:
 * where none can, nobody needs to look.
 */
export function reaching(json: JsonSchema, isWanted: (node: JsonSchema) => boolean): ReadonlySet<JsonSchema> {
  const references = referencesOf(json)
  const users = new Map<JsonSchema, JsonSchema[]>()
  const starts: JsonSchema[] = []
  const seen = new Set<JsonSchema>()
  const open: unknown[] = [json]
  while (open.length > 0) {
    const node = open.pop()
    if (!isSchemaObject(node) || seen.has(node)) continue
    seen.add(node)
    if (isWanted(node)) starts.push(node)
    const inner = [references.get(node), ...[...innerSchemas(node)].map(([, , schema]) => schema)].filter(
      isSchemaObject,
    )
    for (const schema of inner) users.set(schema, [...(users.get(schema) ?? []), node])
    open.push(...inner)
  }
  return closure(starts, users)
}

function closure(
  starts: readonly JsonSchema[],
  users: ReadonlyMap<JsonSchema, readonly JsonSchema[]>,
): ReadonlySet<JsonSchema> {
  const found = new Set<JsonSchema>(starts)
  // A set may grow while it is walked.
  for (const node of found) for (const user of users.get(node) ?? []) found.add(user)
  return found
}
