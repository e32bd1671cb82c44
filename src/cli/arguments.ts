import { type Failure, misuse } from './failure.ts'
import { didYouMean } from './nearest.ts'
import { isSchema, propertiesOf, resolved, type Schema, typesOf } from './schema-shape.ts'

/** One `key=value` or `key:=json` of a command line. */
export interface Pair {
  readonly key: string
  readonly text: string
  /** Written with `:=`: the text is JSON. */
  readonly isJson: boolean
}

/** Arguments ready to send. */
export type Arguments = Readonly<Record<string, unknown>>

/** Splits words at their first `=`. Throws a `Failure` for one that has none. */
export function readPairs(words: readonly string[]): Pair[] {
  return words.map((word) => {
    const at = word.indexOf('=')
    const isJson = word[at - 1] === ':'
    const key = word.slice(0, isJson ? at - 1 : at)
    if (at < 0 || key === '')
      throw misuse(`"${word}" is not key=value`, 'Write arguments as key=value, or JSON as key:=[1,2].')
    return { key, text: word.slice(at + 1), isJson }
  })
}

/**
 * Turns pairs into arguments for a tool: each value becomes what the input schema wants of its
 * key. A key given more than once makes an array. Throws a `Failure` for a key or value that
 * cannot be.
 */
export function argumentsFor(pairs: readonly Pair[], schema: Schema): Arguments {
  const properties = propertiesOf(schema)
  const texts = new Map<string, Pair[]>()
  for (const pair of pairs) texts.set(pair.key, [...(texts.get(pair.key) ?? []), pair])
  const entries = [...texts].map(([key, given]) => {
    const property = properties.get(key)
    if (property === undefined && isClosed(schema, properties)) throw unknownKey(key, [...properties.keys()])
    return [key, argumentFrom(given, property ?? {}, schema)]
  })
  // `fromEntries` makes an own member even of `__proto__`.
  return Object.fromEntries(entries)
}

/** Reads the object of `--args`. */
export function readArguments(json: string): Arguments {
  const value = parse(json)
  if (isSchema(value)) return value
  throw misuse('--args must be a JSON object', `For example: --args '{"a": 1}'`)
}

/** Turns pairs into arguments for a prompt: text, all of them. */
export function textArguments(pairs: readonly Pair[], known: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map(({ key, text }) => {
      if (!known.includes(key)) throw unknownKey(key, known)
      return [key, text]
    }),
  )
}

function argumentFrom(given: readonly Pair[], property: Schema, root: Schema): unknown {
  const [pair, another] = given
  if (pair === undefined) return undefined
  const types = typesOf(property, root)
  const isArray = types.has('array') && !types.has('string')
  if (another === undefined) return isArray ? arrayOf(pair, property, root) : single(pair, types)
  if (!isArray && types.size > 0) throw misuse(`${pair.key} is given twice`, 'Only an array takes more than one value.')
  return given.map((one) => item(one, property, root))
}

/** A JSON array as it is, anything else as the only item. */
function arrayOf(pair: Pair, property: Schema, root: Schema): unknown {
  if (pair.isJson) return raw(pair)
  if (!pair.text.trimStart().startsWith('[')) return [item(pair, property, root)]
  const value = parse(pair.text)
  if (Array.isArray(value)) return value
  throw misuse(
    `${pair.key} is not a JSON array: ${pair.text}`,
    `Write ${pair.key}='["a","b"]', or ${pair.key}=a ${pair.key}=b.`,
  )
}

function item(pair: Pair, property: Schema, root: Schema): unknown {
  const { items } = resolved(property, root)
  return single(pair, isSchema(items) ? typesOf(items, root) : new Set())
}

function single(pair: Pair, types: ReadonlySet<string>): unknown {
  const { key, text, isJson } = pair
  if (isJson) return raw(pair)
  if (types.has('string')) return text
  const value = parse(text)
  if (types.size === 0) return value === undefined ? text : value
  if (value !== undefined && [...types].some((type) => fits(value, type))) return value
  throw misuse(`${key} must be ${article([...types].join(' or '))}, not "${text}"`, example(key, types))
}

function fits(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isSchema(value)
  return typeof value === type
}

function raw({ key, text }: Pair): unknown {
  const value = parse(text)
  if (value !== undefined) return value
  throw misuse(`${key} is not JSON: ${text}`, `After := comes JSON; for plain text write ${key}=${text}.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a key that the schema does not name would only be lost. */
function isClosed(
  { additionalProperties, patternProperties }: Schema,
  properties: ReadonlyMap<string, Schema>,
): boolean {
  if (additionalProperties === false) return true
  return additionalProperties === undefined && patternProperties === undefined && properties.size > 0
}

function unknownKey(key: string, known: readonly string[]): Failure {
  const list = known.length === 0 ? 'It takes no arguments.' : `It takes ${known.join(', ')}.`
  return misuse(`There is no argument "${key}"`, `${didYouMean(key, known) ?? list}`)
}

function article(words: string): string {
  return /^[aeio]/.test(words) ? `an ${words}` : `a ${words}`
}

function example(key: string, types: ReadonlySet<string>): string {
  if (types.has('object')) return `Write ${key}='{"name": "value"}'.`
  return types.has('boolean') ? `Write ${key}=true or ${key}=false.` : `Write ${key}=1.`
}
