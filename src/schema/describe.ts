import type { JsonSchema } from './json-schema.ts'
import { innerOf, isRequired, knownKeys } from './members.ts'
import { cut, quote } from './quote.ts'
import type { References } from './references.ts'
import { type JsonType, typesOfAny, valuesOf } from './typing.ts'

const MOST_VALUES = 12
const NOUNS: Readonly<Record<JsonType, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  integer: 'an integer',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
}

/** A type with its article. */
export function nounOf(type: JsonType | undefined): string {
  return type === undefined ? 'nothing' : NOUNS[type]
}

/** What `nodes` want, with articles: `a string or null`; undefined for anything. */
export function wantedWords(nodes: readonly JsonSchema[], references: References): string | undefined {
  const types = typesOfAny(nodes, references)
  return types && joinOr([...types].map(nounOf))
}

/** What `nodes` want, in short: `integer`, `array of string`, `"a" or "b"`, `date-time string`. */
export function shortWords(nodes: readonly JsonSchema[], references: References): string {
  const values = valuesOfAny(nodes, references)
  if (values !== undefined) return listWords(values)
  const types = typesOfAny(nodes, references)
  if (types === undefined) return 'any'
  return joinOr([...types].map((type) => shortType(type, nodes, references)))
}

/** The values that `nodes` list. */
export function valuesOfAny(nodes: readonly JsonSchema[], references: References): readonly unknown[] | undefined {
  const lists = nodes.map((node) => valuesOf(node, references)).filter((list) => list !== undefined)
  return lists.length > 0 ? [...new Set(lists.flat())] : undefined
}

/** Values as a list with "or", those nearest to the front if there are many. */
export function listWords(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map(quote)
  return values.length > MOST_VALUES ? `${shown.join(', ')} or ${values.length - MOST_VALUES} more` : joinOr(shown)
}

/** The shape of an object as a model would write it: `{ kind: "circle", radius: number }`. */
export function shapeWords(facets: readonly JsonSchema[], references: References): string {
  const members = knownKeys(facets).slice(0, MOST_VALUES)
  const shown = members.map((key) => {
    const mark = isRequired(facets, key) ? '' : '?'
    return `${cut(key, 40)}${mark}: ${shortWords(innerOf(facets, key), references)}`
  })
  return shown.length > 0 ? `{ ${shown.join(', ')} }` : 'an object'
}

/** Words joined as in speech. */
export function joinOr(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}

function shortType(type: JsonType, nodes: readonly JsonSchema[], references: References): string {
  if (type === 'string') return `${formatOf(nodes)}string`
  if (type !== 'array') return type
  if (nodes.some(({ prefixItems }) => prefixItems !== undefined)) return type
  const items = nodes.flatMap((node) => innerOf([node], 0))
  return items.length === 0 ? type : `array of ${shortWords(items.slice(0, 1), references)}`
}

const FORMATS: ReadonlySet<unknown> = new Set(
  'date time date-time duration email hostname ipv4 ipv6 uri uuid'.split(' '),
)

function formatOf(nodes: readonly JsonSchema[]): string {
  const format = nodes.map((node) => node.format).find((name) => FORMATS.has(name))
  return format === undefined ? '' : `${String(format)} `
}
