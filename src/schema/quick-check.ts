import type { JsonSchema } from './json-schema.ts'
import { isSchemaObject } from './keywords.ts'

/** Whether a value surely fits. `false` only says that it is not known here. */
export type QuickCheck = (value: unknown) => boolean

/** Words that say nothing of a value. `format` is not among them: some are checked. */
const SILENT: ReadonlySet<string> = new Set([
  '$comment',
  '$defs',
  '$schema',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
])

/**
 * A check of plain schemas, by types, limits, lists of values, members and items: it takes a twentieth of the time of the
 * whole one, which most calls then need not come to. Undefined for a schema with anything else in it, defaults too, since
 * those change the value.
 */
export function quickCheck(schema: JsonSchema): QuickCheck | undefined {
  return checkOf(schema, 0)
}

const DEEPEST = 8

function checkOf(schema: unknown, depth: number): QuickCheck | undefined {
  if (!isSchemaObject(schema) || depth > DEEPEST) return undefined
  const { type, enum: values, ...rest } = schema
  const words = Object.keys(rest).filter((word) => !SILENT.has(word))
  if (values !== undefined) return words.length === 0 ? amongOf(type, values) : undefined
  const isOnly = (...known: readonly string[]): boolean => words.every((word) => known.includes(word))
  switch (type) {
    case 'string':
      return isOnly('minLength', 'maxLength') ? stringCheck(schema) : undefined
    case 'integer':
    case 'number':
      return isOnly('minimum', 'maximum') ? numberCheck(schema) : undefined
    case 'boolean':
      return words.length === 0 ? (value) => typeof value === 'boolean' : undefined
    case 'array':
      return isOnly('items', 'minItems', 'maxItems') ? arrayCheck(schema, depth) : undefined
    case 'object':
      return isOnly('properties', 'required', 'additionalProperties') ? objectCheck(schema, depth) : undefined
    default:
      return undefined
  }
}

function amongOf(type: unknown, values: unknown): QuickCheck | undefined {
  if (type !== undefined && type !== 'string') return undefined
  const texts = new Set(Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [])
  return (value) => texts.has(value as string) // anything else is in no set of texts
}

/** A length counts characters, which are never more than what `length` counts, nor less than half of it. */
function stringCheck({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema): QuickCheck | undefined {
  if (typeof minLength !== 'number' || typeof maxLength !== 'number') return undefined
  const least = minLength > 1 ? 2 * minLength : minLength
  return (value) => typeof value === 'string' && value.length >= least && value.length <= maxLength
}

function numberCheck({ type, minimum, maximum }: JsonSchema): QuickCheck | undefined {
  const least = minimum ?? Number.NEGATIVE_INFINITY
  const most = maximum ?? Number.POSITIVE_INFINITY
  if (typeof least !== 'number' || typeof most !== 'number') return undefined
  return type === 'integer'
    ? (value) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    : (value) => typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
}

function arrayCheck({ items, minItems = 0, maxItems = LONGEST }: JsonSchema, depth: number): QuickCheck | undefined {
  const check = checkOf(items, depth + 1)
  if (check === undefined || typeof minItems !== 'number' || typeof maxItems !== 'number') return undefined
  const most = Math.min(maxItems, LONGEST)
  return (value) => {
    if (!Array.isArray(value) || value.length < minItems || value.length > most) return false
    for (let at = 0; at < value.length; at++) if (!check(value[at])) return false
    return true
  }
}

/** Longer lists are left to the whole check, which bounds its work. */
const LONGEST = 10_000

function objectCheck(schema: JsonSchema, depth: number): QuickCheck | undefined {
  const { properties = {}, required = [], additionalProperties } = schema
  if (!isSchemaObject(properties) || !Array.isArray(required)) return undefined
  // Whatever a schema does not name has to be looked at wherever it may be: that is for the whole check.
  if (additionalProperties !== undefined && typeof additionalProperties !== 'boolean') return undefined
  const checks = new Map<string, QuickCheck>()
  for (const [name, property] of Object.entries(properties)) {
    const check = checkOf(property, depth + 1)
    if (check === undefined) return undefined
    checks.set(name, check)
  }
  const needed: readonly string[] = required.filter((name) => typeof name === 'string')
  return (value) => {
    if (!isSchemaObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return false
    for (const name of needed) if (!Object.hasOwn(value, name)) return false
    for (const name of Object.keys(value)) {
      const check = name === '__proto__' ? undefined : checks.get(name)
      if (check === undefined || !check(value[name])) return false
    }
    return true
  }
}
