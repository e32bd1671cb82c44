import type { JsonSchema } from '../../../schema/json-schema.ts'
import { HOLDERS, isSchemaObject } from '../../../schema/keywords.ts'
import { isFileArgument } from '../arguments/file-argument.ts'
import { firstOf } from './first-of.ts'

/** What is left of a schema whose inside is left out: what kind of value it is, and its description. */
export function stubOf({ type, description, $ref }: JsonSchema): JsonSchema {
  return {
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...(typeof $ref === 'string' && { $ref }),
  }
}

/** Depths that are tried one after the other, and how much of descriptions and lists of values is kept with them. */
const STEPS = [
  { depth: 24, text: 400, values: 1_000 },
  { depth: 10, text: 400, values: 200 },
  { depth: 6, text: 300, values: 100 },
  { depth: 4, text: 200, values: 100 },
  { depth: 3, text: 160, values: 60 },
  { depth: 2, text: 120, values: 60 },
  { depth: 1, text: 80, values: 30 },
  { depth: 1, text: 0, values: 0 },
] as const

/**
 * The schema without its deepest parts, so that it has at most `most` characters as JSON: they take any value of their
 * type. At last the properties that are not required go, from the end.
 */
export function cutTo(node: JsonSchema, most: number): JsonSchema {
  const within = (step: (typeof STEPS)[number]): JsonSchema | undefined => {
    const room: Room = { ...step, left: Math.ceil(most / LEAST_SCHEMA) }
    const cut = copy(node, room, step.depth)
    return room.left >= 0 && JSON.stringify(cut).length <= most ? cut : undefined
  }
  return firstOf(STEPS, within) ?? fewer(node, most)
}

/** The schema without what nests deeper than `depth` schemas. */
export function cutBelow(node: JsonSchema, depth: number): JsonSchema {
  return copy(node, { text: 400, values: 1_000, left: Number.POSITIVE_INFINITY }, depth)
}

/** Shorter than `"a":{}` is no schema inside another. */
const LEAST_SCHEMA = 6

interface Room {
  readonly text: number
  readonly values: number
  left: number
}

function copy(node: JsonSchema, room: Room, depth: number): JsonSchema {
  if (--room.left < 0) return {}
  const cut: Record<string, unknown> = {}
  const isFile = isFileArgument(node)
  for (const [keyword, value] of Object.entries(node)) {
    if (HOLDERS.has(keyword) && typeof value === 'object' && !isFile) {
      if (depth === 0) return describedBy(stubOf(node), room)
      cut[keyword] = copyHeld(keyword, value, { room, depth: depth - 1 })
    } else if (keyword !== 'enum' || (Array.isArray(value) && value.length <= room.values)) cut[keyword] = value
  }
  return describedBy(cut, room)
}

interface Below {
  readonly room: Room
  readonly depth: number
}

function copyHeld(keyword: string, held: unknown, { room, depth }: Below): unknown {
  const inside = (inner: unknown): unknown => (isSchemaObject(inner) ? copy(inner, room, depth) : inner)
  if (Array.isArray(held)) return held.map(inside)
  if (HOLDERS.get(keyword) !== 'map' || !isSchemaObject(held)) return inside(held)
  return Object.fromEntries(Object.entries(held).map(([name, inner]) => [name, inside(inner)]))
}

function describedBy(node: JsonSchema, { text }: Room): JsonSchema {
  const { description, title, examples, ...rest } = node
  if (typeof description !== 'string' || text === 0) return text < 200 ? rest : node
  const words = description.length > text ? `${description.slice(0, text - 1)}…` : description
  return text < 200 ? { ...rest, description: words } : { ...node, description: words }
}

function fewer(node: JsonSchema, most: number): JsonSchema {
  if (!isSchemaObject(node.properties)) return stubOf({ type: node.type })
  const required: ReadonlySet<unknown> = new Set(Array.isArray(node.required) ? node.required : [])
  const all = Object.entries(node.properties)
  const [needed, others] = [all.filter(([name]) => required.has(name)), all.filter(([name]) => !required.has(name))]
  const kept: [string, JsonSchema][] = []
  let left = most - 100
  for (const [name, property] of [...needed, ...others]) {
    const stub: JsonSchema = isSchemaObject(property) ? stubOf({ type: property.type, $ref: property.$ref }) : {}
    left -= JSON.stringify(stub).length + name.length * 2 + 10
    if (left < 0) break
    kept.push([name, stub])
  }
  const names = kept.map(([name]) => name).filter((name) => required.has(name))
  return {
    ...(node.type !== undefined && { type: node.type }),
    properties: Object.fromEntries(kept),
    ...(names.length > 0 && { required: names }),
  }
}
