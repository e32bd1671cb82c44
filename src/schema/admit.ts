import { copyData, copyMembers } from './copy-data.ts'
import { DECODING_MARK, type Decoding, markDecoding } from './decoding.ts'
import { dialectOf } from './dialect.ts'
import type { JsonSchema } from './json-schema.ts'
import { HOLDERS, type Holding, isSchemaObject } from './keywords.ts'
import { refuseLoops } from './loops.ts'
import { referencesOf } from './references.ts'
import { PATTERN_RULE, RULES } from './rules.ts'
import { SchemaError } from './schema-error.ts'

/** What one schema may be at most; `depth` and `subschemas` count schemas, not their data. */
export const SCHEMA_LIMITS = { depth: 64, subschemas: 10_000, bytes: 1_048_576 } as const

/** Who made a JSON Schema: a person, or the conversion of a library. */
export type Origin = 'raw' | 'library'

/**
 * Takes in a JSON Schema: a frozen copy, the same member for member, of a schema that is within the
 * limits and points only into itself. `raw` ones, written by hand, must also hold in every keyword
 * what the keyword wants. Throws `SchemaError`.
 */
export function admitSchema(source: JsonSchema, origin: Origin): JsonSchema {
  const copy = new Admission(origin).object(source, '#', 0)
  const bytes = new TextEncoder().encode(JSON.stringify(copy)).byteLength
  if (bytes > SCHEMA_LIMITS.bytes) throw new SchemaError(`is ${bytes} bytes of JSON; at most 1 MiB can be advertised`)
  referencesOf(copy)
  if (origin === 'raw') refuseLoops(copy)
  return copy
}

class Admission {
  readonly #raw: boolean
  #subschemas = 0

  constructor(origin: Origin) {
    this.#raw = origin === 'raw'
  }

  object(source: JsonSchema, at: string, depth: number): JsonSchema {
    this.#count(at, depth)
    if (dialectOf(source) === undefined) throw new SchemaError(dialectWords(source, at))
    if (this.#raw || !Object.hasOwn(source, DECODING_MARK)) return this.#copy(source, at, depth)
    const { [DECODING_MARK]: mark, ...rest } = source
    const copy = this.#copy(rest, at, depth)
    markDecoding(copy, mark as Decoding) // only our own conversions write it
    return copy
  }

  #copy(source: JsonSchema, at: string, depth: number): JsonSchema {
    return copyMembers(source, at, (value, inner, key) => this.#member(key, value, { at: inner, depth }))
  }

  #count(at: string, depth: number): void {
    const { depth: deepest, subschemas } = SCHEMA_LIMITS
    if (depth > deepest)
      throw new SchemaError(
        `nests more than ${deepest} schemas, at ${at.slice(0, 80)}…; flatten it, and say recursion by $ref into $defs`,
      )
    if (++this.#subschemas > subschemas)
      throw new SchemaError(`has more than ${subschemas} subschemas; say what repeats once, in $defs, and $ref it`)
  }

  #member(key: string, value: unknown, { at, depth }: Place): unknown {
    const holding = HOLDERS.get(key)
    if (holding !== undefined) return this.#held(holding, value, { at, depth })
    const rule = this.#raw ? RULES.get(key) : undefined
    if (rule?.holds(value) === false) throw new SchemaError(`${at} ${rule.words}`)
    return copyData(value, { at, strict: this.#raw })
  }

  #held(holding: Holding, value: unknown, { at, depth }: Place): unknown {
    if (holding === 'map') return this.#map(value, { at, depth })
    if (holding === 'one' || (holding === 'either' && !Array.isArray(value))) return this.#schema(value, { at, depth })
    if (!Array.isArray(value)) throw new SchemaError(`${at} must be a list of schemas`)
    return Object.freeze(value.map((item, index) => this.#schema(item, { at: `${at}/${index}`, depth })))
  }

  #map(source: unknown, { at, depth }: Place): JsonSchema {
    if (!isSchemaObject(source)) throw new SchemaError(`${at} must be an object that maps names to schemas`)
    const patterns = this.#raw && at.endsWith('/patternProperties')
    return copyMembers(source, at, (value, inner, key) => {
      if (patterns && !PATTERN_RULE.holds(key)) throw new SchemaError(`${inner} ${PATTERN_RULE.words}`)
      const names = Array.isArray(value) && at.endsWith('/dependencies')
      return names ? copyData(value, { at: inner, strict: this.#raw }) : this.#schema(value, { at: inner, depth })
    })
  }

  #schema(value: unknown, { at, depth }: Place): unknown {
    if (typeof value === 'boolean') return value
    if (isSchemaObject(value)) return this.object(value, at, depth + 1)
    throw new SchemaError(`${at} must be a schema: an object, true or false`)
  }
}

interface Place {
  readonly at: string
  readonly depth: number
}

function dialectWords({ $schema }: JsonSchema, at: string): string {
  const named = typeof $schema === 'string' ? `"${$schema.slice(0, 100)}"` : 'no string'
  return `${at}/$schema is ${named}; the dialects known are draft 2020-12, 2019-09 and 07, and none is ever fetched`
}
