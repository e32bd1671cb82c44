import { escapeStep } from './keywords.ts'
import { SchemaError } from './schema-error.ts'

/** Data deeper than this is a cycle, or as good as one. */
const DEEPEST = 64

/** Where data is, and whether what JSON cannot carry is refused. */
export interface DataPlace {
  readonly at: string
  readonly strict: boolean
  readonly depth?: number
}

/**
 * A frozen copy of data in a schema, as JSON would carry it. Where not `strict`, in the defaults of a
 * library's schema, dates and bigints take the form that they have in JSON, and the rest is left out.
 */
export function copyData(value: unknown, { at, strict, depth = 0 }: DataPlace): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (!strict && typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (!strict && value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value !== 'object') {
    if (!strict) return undefined
    throw new SchemaError(`${at} holds ${nameOf(value)}, which JSON cannot carry`)
  }
  if (depth > DEEPEST) throw new SchemaError(`${at.slice(0, 80)}… nests too deeply, or contains itself`)
  const inside = (member: unknown, inner: string): unknown => copyData(member, { at: inner, strict, depth: depth + 1 })
  if (!Array.isArray(value)) return copyMembers(value, at, inside)
  return Object.freeze(value.map((item, index) => inside(item, `${at}/${index}`) ?? null))
}

/** A frozen copy of an object whose members are copied by `copy`; what has no copy is left out. */
export function copyMembers(
  source: object,
  at: string,
  copy: (member: unknown, at: string, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  const copied: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(source)) {
    if (key === '__proto__')
      throw new SchemaError(`${at} has a member named __proto__, and arguments of that name are dropped`)
    if (member === undefined) continue
    const made = copy(member, `${at}/${escapeStep(key)}`, key)
    if (made !== undefined) copied[key] = made
  }
  return Object.freeze(copied)
}

function nameOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a ${typeof value}`
}
