import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { annotate } from './annotate.ts'
import { cleanLimits } from './clean-limits.ts'
import { cleanMembers } from './clean-members.ts'
import { cleanEnum, cleanTypes } from './clean-types.ts'
import { cleanUnions } from './clean-unions.ts'
import type { Cleaning, Draft } from './cleaning.ts'
import { plainData } from './plain-data.ts'

/** Deeper than any that a person wrote; what is below takes any value. */
const DEEPEST = 200
const LONGEST_ENUM = 16_384
const LONGEST_CONST = 2_000

/**
 * A schema of a document as JSON Schema 2020-12 with nothing but what counts there and holds what it must. What cannot be
 * kept is left out, so that more is taken and never less: the API itself has the last word.
 */
export function cleanSchema(raw: unknown, work: Cleaning, { depth, isPart }: Position = ROOT): JsonSchema {
  if (raw === true) return {}
  if (raw === false) return { not: {} }
  if (!isSchemaObject(raw)) {
    work.note('a schema is no object; any value is taken')
    return {}
  }
  if (depth > DEEPEST || --work.left < 0) {
    work.note('a schema is too deep or too large; any value is taken in its lower parts')
    return {}
  }
  const node: Draft = {}
  const clean = (inner: unknown): JsonSchema => cleanSchema(inner, work, { depth: depth + 1, isPart: false })
  const cleanPart = (inner: unknown): JsonSchema => cleanSchema(inner, work, { depth: depth + 1, isPart: true })
  const types = cleanTypes(raw, work)
  if (types.length > 0) node.type = types.length === 1 ? types[0] : types
  cleanValues(raw, node, { work, types })
  cleanLimits(raw, node, work)
  if (typeof raw.type === 'string' && /^(?:file|binary)$/i.test(raw.type)) node.format = 'binary'
  cleanMembers(raw, node, { work, clean })
  cleanItems(raw, node, clean)
  if (isExact(raw.not)) node.not = clean(raw.not)
  if (DROPPED.some((keyword) => raw[keyword] !== undefined))
    work.note('a condition is too much for a schema of arguments, so it does not count')
  const whole = cleanUnions(raw, node, { work, clean, cleanPart, isPart })
  annotate(raw, whole, work)
  return whole
}

/** Where a schema stands: how deep, and whether it is one of an `allOf`. */
interface Position {
  readonly depth: number
  readonly isPart: boolean
}

const ROOT: Position = { depth: 0, isPart: false }

/** They narrow what other parts allow, and could forbid what is right once one of these was made wider. */
const DROPPED = ['if', 'unevaluatedProperties', 'unevaluatedItems', 'dependentSchemas', 'dependencies', '$dynamicRef']

function cleanValues(
  raw: JsonSchema,
  node: Draft,
  { work, types }: { readonly work: Cleaning; readonly types: readonly string[] },
): void {
  const values = plainData(cleanEnum(raw, types), LONGEST_ENUM)
  if (values !== undefined) node.enum = values
  else if (raw.enum !== undefined) work.note('an enum is no list of values, or too long, so it does not count')
  if (raw.const === undefined) return
  const value = plainData(raw.const, LONGEST_CONST)
  if (value !== undefined) node.const = value
}

function cleanItems(raw: JsonSchema, node: Draft, clean: (inner: unknown) => JsonSchema): void {
  const { items, prefixItems, contains } = raw
  const first = Array.isArray(prefixItems) ? prefixItems : items
  if (Array.isArray(first) && first.length > 0) node.prefixItems = first.map(clean)
  const rest = Array.isArray(items) ? raw.additionalItems : items
  if (isSchemaObject(rest) || typeof rest === 'boolean') node.items = clean(rest)
  if (isSchemaObject(contains)) node.contains = clean(contains)
  else delete node.minContains
}

/** Whether what is forbidden is told by these keywords alone, which are kept as they are. */
function isExact(not: unknown): boolean {
  if (!isSchemaObject(not)) return false
  const keywords = Object.keys(not).filter((keyword) => not[keyword] !== undefined)
  return keywords.length > 0 && keywords.every((keyword) => EXACT.get(keyword)?.(not[keyword]) === true)
}

const SCALAR_TYPES: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'null',
  'array',
  'object',
])

const EXACT: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['type', (value: unknown) => SCALAR_TYPES.has(value)],
  ['enum', (value: unknown) => Array.isArray(value) && value.length > 0 && value.length < 100 && value.every(isScalar)],
  ['const', isScalar],
  [
    'required',
    (value: unknown) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string'),
  ],
])

function isScalar(value: unknown): boolean {
  return typeof value === 'string' ? value.length < 200 : typeof value === 'boolean' || Number.isFinite(value)
}
