import type { JsonSchema } from './json-schema.ts'

/** What JSON has no word for and a library can want all the same. */
export type Decoding = 'date' | 'bigint'

/**
 * The member by which a conversion marks a schema whose value JSON carries in another form.
 * It is taken out before anybody sees the schema.
 */
export const DECODING_MARK = 'x-fastmcp-decoding'

/** The form of a date in JSON: a string with date, time and offset. */
export const DATE_FORM: JsonSchema = { type: 'string', format: 'date-time', [DECODING_MARK]: 'date' }

/** The form of a bigint in JSON: an integer where a number is exact, digits in a string beyond. */
export const BIGINT_FORM: JsonSchema = {
  type: ['integer', 'string'],
  pattern: '^-?[0-9]+$',
  [DECODING_MARK]: 'bigint',
}

const marked = new WeakMap<JsonSchema, Decoding>()

/** Remembers that values of `schema` must be decoded for the library. */
export function markDecoding(schema: JsonSchema, decoding: Decoding): void {
  marked.set(schema, decoding)
}

/** What values of `schema` must be decoded to, if anything. */
export function decodingOf(schema: JsonSchema): Decoding | undefined {
  return marked.get(schema)
}

/** How a value is to be written, for one that cannot be decoded. */
export const DECODING_RULES: Readonly<Record<Decoding, string>> = {
  date: 'must be a date with time and offset, as in "2030-01-31T09:30:00Z", or a day, as in "2030-01-31"',
  bigint: 'must be an integer, as a number or as a string of digits',
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d))?$/
const DIGITS = /^-?\d{1,1000}$/

/**
 * The value that `text` stands for, or undefined if it stands for none. A day alone is its midnight
 * in UTC; a time without an offset is refused, since nobody can know which hour it means.
 */
export function decode(value: unknown, decoding: Decoding): Date | bigint | undefined {
  if (decoding === 'bigint') return decodeBigint(value)
  return typeof value === 'string' ? decodeDate(value.trim()) : undefined
}

function decodeDate(text: string): Date | undefined {
  const parts = DATE.exec(text)
  if (parts === null) return undefined
  // 30 February would silently become 2 March.
  const day = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T00:00:00Z`)
  if (Number.isNaN(day.getTime()) || day.getUTCDate() !== Number(parts[3])) return undefined
  const date = new Date(text.replace(' ', 'T').toUpperCase())
  return Number.isNaN(date.getTime()) ? undefined : date
}

function decodeBigint(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && DIGITS.test(value.trim()) ? BigInt(value.trim()) : undefined
}
