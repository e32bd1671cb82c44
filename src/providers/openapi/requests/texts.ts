import { Unsendable } from './unsendable.ts'

/** Whether a value counts as not given (RFC 6570, 2.3). */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** Whether a value is an object with members, and neither a list nor an instance of something. */
export function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** The text of a value where texts stand; of what is nested, JSON. Throws `Unsendable` for what has none. */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new Unsendable('is no number that can be written')
      return String(value)
    default:
      if (!Array.isArray(value) && !hasMembers(value)) throw new Unsendable('is nothing that can be sent')
      return jsonOf(value)
  }
}

/** The JSON of a value, in which a bigint is a number. Throws `Unsendable` for what has none, `RangeError` for what nests too deep. */
export function jsonOf(value: unknown): string {
  const text = stringify(value)
  if (text === undefined) throw new Unsendable('is nothing that can be sent')
  return text
}

/** The text itself, if it has a form in UTF-8. Throws `URIError` for half a surrogate pair. */
export function wellFormed(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new URIError('Half a surrogate pair')
  return text
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (problem) {
    // Of a bigint, which hardly anything holds.
    if (!(problem instanceof TypeError)) throw problem
  }
  const mark = crypto.randomUUID()
  const text: string | undefined = JSON.stringify(value, (_, inner) =>
    typeof inner === 'bigint' ? `${mark}${inner}` : inner,
  )
  return text?.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1')
}
