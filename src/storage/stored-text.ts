import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import { StorageError, type Stored } from './storage.ts'

const DEEPEST = 64
/** The member that stands for bytes. A member of yours that begins with `$` gets one more. */
const BYTES = '$bytes'

/** The text that a store keeps of a value. Throws `StorageError` that names the place of what cannot be stored. */
export function toStoredText(value: Stored): string {
  return JSON.stringify(encoded(value, []))
}

/** The value of a text that `toStoredText` made: a copy of what was stored. */
export function fromStoredText(text: string): Stored {
  return decoded(JSON.parse(text))
}

type Path = readonly (string | number)[]

function encoded(value: unknown, path: Path): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw refusal(path, `is ${value}`)
    case 'object':
      return value === null ? null : encodedObject(value, path)
    default:
      throw refusal(path, `is of type ${typeof value}`)
  }
}

function encodedObject(value: object, path: Path): unknown {
  if (path.length > DEEPEST) throw refusal([], `nests deeper than ${DEEPEST} levels, or contains itself`)
  if (value instanceof Uint8Array) return { [BYTES]: encodeBase64Url(value) }
  if (Array.isArray(value)) return value.map((item: unknown, index) => encoded(item, [...path, index]))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw refusal(path, `is an instance of ${value.constructor?.name ?? 'a class'}`)
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [escaped(key), encoded(member, [...path, key])]))
}

function escaped(key: string): string {
  return key.startsWith('$') ? `$${key}` : key
}

function decoded(value: unknown): Stored {
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value !== 'object' || value === null) return value as Stored // text gives nothing but JSON
  const bytes: unknown = Object.hasOwn(value, BYTES) ? Reflect.get(value, BYTES) : undefined
  if (typeof bytes === 'string') return decodeBase64Url(bytes) ?? new Uint8Array()
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.startsWith('$') ? key.slice(1) : key, decoded(member)]),
  )
}

function refusal(path: Path, problem: string): StorageError {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key.slice(0, 60)}`)).join('')
  return new StorageError('INVALID', `The value${place} ${problem}; store JSON values and Uint8Array`)
}
