import { isRecord } from '../../../protocol/json-rpc.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { shorten } from '../names/shorten.ts'
import { isEcho } from '../schemas/echo.ts'

/** The types that facets of one value name, or that their other keywords tell; empty: nothing is said. */
export function typesOf(facets: readonly JsonSchema[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { type, properties, items, additionalProperties } of facets) {
    if (typeof type === 'string') found.add(type)
    else if (Array.isArray(type)) for (const each of type) found.add(each)
    else if (isRecord(properties) || isRecord(additionalProperties)) found.add('object')
    else if (isRecord(items)) found.add('array')
  }
  for (const type of found) if (!KNOWN.has(type)) found.delete(type)
  return found
}

const KNOWN: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'])

/** What a value is, in few words: `string (date-time)`, `one of open, closed`, `integer or null`. Empty where nothing is known. */
export function typeWords(facets: readonly JsonSchema[]): string {
  const values = valuesIn(facets)
  if (values !== undefined) return values
  const types = typesOf(facets)
  const words = [...types].filter((type) => type !== 'null').map((type) => (type === 'array' ? 'list' : type))
  const [format] = words.length <= 1 ? facets.flatMap(formatIn) : []
  const whole = words.join(' or ')
  const precise = format === undefined ? whole : whole === '' ? format : `${whole} (${format})`
  if (!types.has('null')) return precise
  return precise === '' ? 'null' : `${precise} or null`
}

function formatIn({ format }: JsonSchema): readonly string[] {
  return typeof format === 'string' && FORMAT.test(format) && !PLAIN_FORMATS.has(format) ? [format] : []
}

const FORMAT = /^[\w-]{1,30}$/
/** They say no more than the type. */
const PLAIN_FORMATS: ReadonlySet<string> = new Set([
  'int32',
  'int64',
  'float',
  'double',
  'string',
  'boolean',
  'integer',
])
const MOST_VALUES = 10
const LONGEST_VALUE = 30

function valuesIn(facets: readonly JsonSchema[]): string | undefined {
  const values = new Set<unknown>()
  for (const facet of facets) {
    if (Array.isArray(facet.enum)) for (const value of facet.enum.slice(0, 200)) values.add(value)
    else if ('const' in facet) values.add(facet.const)
    // One facet may leave open what another lists.
    else if (isOpen(facet)) return undefined
  }
  if (values.size === 0) return undefined
  const shown = [...values].slice(0, MOST_VALUES).map((value) => plainValue(value).slice(0, LONGEST_VALUE))
  if (values.size === 1) return `always ${shown[0]}`
  return `one of ${shown.join(', ')}${values.size > MOST_VALUES ? ', …' : ''}`
}

/** Whether a facet by itself says nothing of which values there are; those that join others leave it to them. */
function isOpen(facet: JsonSchema): boolean {
  return !('$ref' in facet || 'allOf' in facet || 'anyOf' in facet || 'oneOf' in facet)
}

function plainValue(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? '…' : String(value)
}

/** What a document says of a value called so, on one line of at most so many characters. */
export function saidOf(facets: readonly JsonSchema[], most: number, name: string): string {
  if (most === 0) return ''
  for (const { description, title } of facets) {
    const isDescribed = typeof description === 'string' && description.trim() !== ''
    const said = isDescribed ? description : isEcho(title, name) ? '' : title
    const words = typeof said === 'string' ? shorten(said, most) : ''
    if (words !== '') return words
  }
  return ''
}
