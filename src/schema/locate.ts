import { facetsOf, type Look } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { innerOf } from './members.ts'

/** A place in a value, and what a schema says about it. */
export interface Spot {
  readonly value: unknown
  /** Whether there is anything at the place. */
  readonly present: boolean
  /** What the schema says about the place; empty if nothing. */
  readonly nodes: readonly JsonSchema[]
  /** What the schema says about the object or list around the place; empty at the root. */
  readonly around: readonly JsonSchema[]
  readonly parent: unknown
}

/** The place at the root. */
export function rootSpot(json: JsonSchema, value: unknown): Spot {
  return { value, present: true, nodes: [json], around: [], parent: undefined }
}

/** The place at `path` below `spot`. */
export function locate(spot: Spot, path: readonly (string | number)[], look: Look): Spot {
  return path.reduce((here, key) => enter(here, key, look), spot)
}

function enter({ value, nodes }: Spot, key: string | number, look: Look): Spot {
  const around = facetsOf(nodes, value, look)
  const present = isContainer(value) && Object.hasOwn(value, key)
  return { value: present ? value[key] : undefined, present, nodes: innerOf(around, key), around, parent: value }
}

/** Whether a value has members or items. */
export function isContainer(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null
}
