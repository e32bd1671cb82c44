import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'
import { innerOf } from './members.ts'
import { reaching } from './reach.ts'
import { type References, referencesOf } from './references.ts'

/** Puts defaults where arguments are missing; gives the value itself if none is. */
export type Fill = (value: unknown) => unknown

/**
 * How the `default`s of a schema are filled in: for missing members of the arguments and of objects and
 * lists inside them. Those in branches of a union are not: nobody knows the branch yet. Undefined if
 * there are none.
 */
export function defaultsOf(json: JsonSchema): Fill | undefined {
  const worth = reaching(json, (node) => node.default !== undefined)
  if (worth.size === 0) return undefined
  const state: State = { references: referencesOf(json), worth }
  return (value) => fill([json], value, state)
}

interface State {
  readonly references: References
  readonly worth: ReadonlySet<JsonSchema>
}

function fill(nodes: readonly JsonSchema[], value: unknown, state: State): unknown {
  if (typeof value !== 'object' || value === null) return value
  const parts = certain(nodes, state)
  if (parts.length === 0) return value
  return Array.isArray(value) ? fillItems(parts, value, state) : fillMembers(parts, value as JsonSchema, state) // any object has members
}

function fillItems(parts: readonly JsonSchema[], items: readonly unknown[], state: State): readonly unknown[] {
  let changed: unknown[] | undefined
  for (const [index, item] of items.entries()) {
    const filled = fill(innerOf(parts, index), item, state)
    if (filled === item) continue
    changed ??= [...items]
    changed[index] = filled
  }
  return changed ?? items
}

function fillMembers(parts: readonly JsonSchema[], members: JsonSchema, state: State): JsonSchema {
  const changed: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(members)) {
    const filled = fill(innerOf(parts, key), member, state)
    if (filled !== member) changed[key] = filled
  }
  for (const { properties } of parts) {
    if (!isSchemaObject(properties)) continue
    for (const [key, schema] of Object.entries(properties)) {
      if (Object.hasOwn(members, key) || Object.hasOwn(changed, key)) continue
      const found = defaultOf(schema, state)
      // Handlers may change what they are given, and the next call must not see it.
      if (found !== undefined) changed[key] = structuredClone(found)
    }
  }
  return Object.keys(changed).length === 0 ? members : { ...members, ...changed }
}

function defaultOf(schema: unknown, state: State): unknown {
  if (!isSchemaObject(schema)) return undefined
  return certain([schema], state).find((part) => part.default !== undefined)?.default
}

/** The schemas that hold for a value whatever it is, as far as defaults can be reached from them. */
function certain(nodes: readonly JsonSchema[], { references, worth }: State): readonly JsonSchema[] {
  const found = new Set(nodes.filter((node) => worth.has(node)))
  for (const node of found) {
    const inner: unknown[] = [references.get(node), ...(Array.isArray(node.allOf) ? node.allOf : [])]
    for (const part of inner) if (isSchemaObject(part) && worth.has(part)) found.add(part)
  }
  return [...found]
}
