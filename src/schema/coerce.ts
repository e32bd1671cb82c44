import type { Look } from './fit.ts'
import { facetsOf } from './fit.ts'
import type { JsonSchema } from './json-schema.ts'
import { innerOf } from './members.ts'
import { TOO_DEEP, withoutProto } from './own-keys.ts'
import { isOfType, type JsonType, typesOfAny } from './typing.ts'

/** The most characters of JSON in a string that are read. */
const MOST_CHARACTERS = 1_048_576

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const SEPARATOR = /[,;\n]/

/**
 * The value that was plainly meant where `nodes` want another type; undefined if that is not plain.
 * Only called for a value whose type none of `nodes` allows.
 */
export function coerce(value: unknown, nodes: readonly JsonSchema[], look: Look): unknown {
  const types = typesOfAny(nodes, look.references)
  if (types === undefined) return undefined
  const meant = plainly(value, types)
  return meant === undefined ? asList(value, types, { nodes, look }) : meant
}

function plainly(value: unknown, types: Types): unknown {
  return typeof value === 'string' ? fromText(value, types) : toText(value, types)
}

function fromText(text: string, types: Types): unknown {
  if (text.length > MOST_CHARACTERS) return undefined
  const word = text.trim()
  if (NUMBER.test(word)) return fitting(exact(Number(word)), types)
  const known = WORDS.get(word.toLowerCase())
  if (known !== undefined) return fitting(known, types)
  return word.startsWith('{') || word.startsWith('[') ? fitting(parse(word), types) : undefined
}

/** Models that think in Python write `True` and `None`. */
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['none', null],
])

/** Beyond 2^53 a number would silently become another. */
function exact(number: number): number | undefined {
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? undefined : number
}

function parse(text: string): unknown {
  try {
    const parsed = withoutProto(JSON.parse(text))
    return parsed === TOO_DEEP ? undefined : parsed
  } catch {
    return undefined
  }
}

function toText(value: unknown, types: Types): string | undefined {
  const isPlain = typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  return isPlain && types.has('string') ? String(value) : undefined
}

interface Place {
  readonly nodes: readonly JsonSchema[]
  readonly look: Look
}

/**
 * A list of the one value, where nothing but a list can be meant: text with separators may be a list already. Never a list of
 * lists, of which a schema that refers to itself has no end.
 */
function asList(value: unknown, types: Types, { nodes, look }: Place): unknown {
  if ([...types].some((type) => type !== 'array' && type !== 'null') || value === null) return undefined
  const items = innerOf(facetsOf(nodes, [], look), 0)
  const wanted = typesOfAny(items, look.references)
  if (wanted === undefined) return undefined
  const item = isOfType(value, wanted) ? value : plainly(value, wanted)
  return item === undefined || (typeof item === 'string' && SEPARATOR.test(item)) ? undefined : [item]
}

type Types = ReadonlySet<JsonType>

function fitting(value: unknown, types: Types): unknown {
  return isOfType(value, types) ? value : undefined
}
