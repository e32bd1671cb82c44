import type { JsonSchema } from '../../../schema/json-schema.ts'
import { isSchemaObject } from '../../../schema/keywords.ts'
import { asTyped } from './clean-types.ts'
import type { KnownPatterns } from './known-patterns.ts'

/**
 * The default of a cleaned schema, if it surely fits: it is filled in where an argument is needed and left out, and
 * one that does not fit would make every such call fail. Undefined for any other.
 */
export function fittingDefault(node: JsonSchema, value: unknown, patterns: KnownPatterns): unknown {
  if (value === undefined || value === null || isSchemaObject(value)) return undefined
  const typed = asTyped(value, typesOf(node))
  return fits(typed, node, { depth: 0, patterns }) ? typed : undefined
}

function typesOf({ type }: JsonSchema): readonly string[] {
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? type.filter((each) => typeof each === 'string') : []
}

const DEEPEST = 4
/** What decides about a value in a way that is not followed here. */
const OPAQUE = ['$ref', 'allOf', 'not', 'contains', 'prefixItems', 'dependentRequired']

interface Place {
  readonly depth: number
  readonly patterns: KnownPatterns
}

function fits(value: unknown, node: JsonSchema, { depth, patterns }: Place): boolean {
  const below = { depth: depth + 1, patterns }
  if (depth > DEEPEST || OPAQUE.some((keyword) => node[keyword] !== undefined)) return false
  const types = typesOf(node)
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return false
  if (Array.isArray(node.enum) && !node.enum.includes(value)) return false
  if (node.const !== undefined && node.const !== value) return false
  if (Array.isArray(node.anyOf) && !node.anyOf.some((one) => isSchemaObject(one) && fits(value, one, below))) {
    return false
  }
  if (typeof value === 'number') return isWithin(value, node)
  if (typeof value === 'string') return isTextWithin(value, node, patterns)
  if (!Array.isArray(value)) return typeof value === 'boolean'
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = node
  if (value.length < Number(minItems) || value.length > Number(maxItems)) return false
  if (uniqueItems === true && new Set(value).size < value.length) return false
  return value.every((item) => !isSchemaObject(items) || fits(item, items, below))
}

function isOfType(value: unknown, type: string): boolean {
  // A longer one is not what the document has any more.
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'array') return Array.isArray(value)
  return typeof value === type
}

function isWithin(value: number, node: JsonSchema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = node
  if (typeof minimum === 'number' && value < minimum) return false
  if (typeof maximum === 'number' && value > maximum) return false
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return false
  return typeof multipleOf !== 'number' || Number.isInteger(value / multipleOf)
}

function isTextWithin(
  value: string,
  { minLength, maxLength, pattern, format }: JsonSchema,
  patterns: KnownPatterns,
): boolean {
  // Whether it is a date or an address is left to whoever checks formats.
  if (format !== undefined && !FREE.has(format)) return false
  const { length } = [...value]
  if (typeof minLength === 'number' && length < minLength) return false
  if (typeof maxLength === 'number' && length > maxLength) return false
  return typeof pattern !== 'string' || patterns.fits(pattern, value)
}

const FREE: ReadonlySet<unknown> = new Set(['string', 'password', 'byte', 'enum', 'int32', 'int64', 'float', 'double'])
