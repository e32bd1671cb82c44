import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { Cleaning } from './cleaning.ts'

const TYPES: ReadonlySet<unknown> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

/** What authors write for a type, and plainly mean; `file` is the one of Swagger 2.0. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ...meant('string', 'file str text date datetime date-time uuid guid uri url email byte binary password char'),
  ...meant('integer', 'int int32 int64 long short'),
  ...meant('number', 'float double decimal'),
  ...meant('boolean', 'bool'),
  ...meant('array', 'list'),
  ...meant('object', 'map dict hash dictionary'),
])

function meant(type: string, words: string): [string, string][] {
  return words.split(' ').map((word) => [word, type])
}

/** The types that a schema of a document allows, one or several; none: any. */
export function cleanTypes(raw: JsonSchema, work: Cleaning): readonly string[] {
  const given = Array.isArray(raw.type) ? raw.type : raw.type === undefined || raw.type === null ? [] : [raw.type]
  const known = given.map((type) => typeOf(type))
  // With one that is not known, anything can be meant.
  if (known.includes(undefined)) {
    const words = typeof given[0] === 'string' ? `"${given[0].slice(0, 40)}"` : 'something else'
    if (!given.includes('any')) work.note(`a type is ${words}, which is none; any value is taken`)
    return []
  }
  const types = known.length > 0 ? known : impliedTypes(raw)
  if (types.length > 0 && raw.nullable === true) types.push('null')
  return [...new Set(types)].filter((type) => type !== undefined)
}

function typeOf(type: unknown): string | undefined {
  if (TYPES.has(type)) return String(type)
  if (typeof type !== 'string') return undefined
  const lower = type.trim().toLowerCase()
  return TYPES.has(lower) ? lower : MEANT.get(lower)
}

/** Whoever describes properties or items means an object or a list. */
function impliedTypes({ properties, items }: JsonSchema): (string | undefined)[] {
  if (typeof properties === 'object' && properties !== null && !Array.isArray(properties)) return ['object']
  return typeof items === 'object' && items !== null ? ['array'] : []
}

/** The values of an `enum`, in the types that the schema allows; undefined where it is none. */
export function cleanEnum(raw: JsonSchema, types: readonly string[]): readonly unknown[] | undefined {
  if (!Array.isArray(raw.enum) || raw.enum.length === 0 || raw.enum.length > MOST_VALUES) return undefined
  const values = raw.enum.map((value) => asTyped(value, types))
  if (types.includes('null')) values.push(null)
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

const MOST_VALUES = 1_000

/** Text for a number and the like, which YAML makes easy to write, as what was meant. */
export function asTyped(value: unknown, types: readonly string[]): unknown {
  if (types.length === 0 || types.includes(typeName(value))) return value
  if (Number.isInteger(value) && types.includes('integer')) return value
  const isScalar = typeof value === 'number' || typeof value === 'boolean'
  if (isScalar && types.includes('string')) return String(value)
  if (typeof value !== 'string') return value
  const isNumeric = /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)
  if (isNumeric && types.includes('number')) return Number(value)
  if (isNumeric && types.includes('integer') && Number.isInteger(Number(value))) return Number(value)
  if (types.includes('boolean') && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
