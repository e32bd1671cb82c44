import { steadyNow } from './clock.ts'
import { type KeepOptions, StorageError, type Stored } from './storage.ts'
import { fromStoredText, toStoredText } from './stored-text.ts'

/** What a store keeps under one key. */
export interface Entry {
  readonly text: string
  /** On the clock of `steadyNow`; `Infinity`: for good. */
  readonly expiresAt: number
}

/** What becomes of an entry; undefined stands for none. Throws what cannot be. */
export type Change = (entry: Entry | undefined) => Entry | undefined

const LONGEST_KEY = 1_024
const BYTES_PER_CHARACTER = 2
const SHOWN = 60

/** The entry of a value that is set. */
export function entryOf(value: Stored, options: KeepOptions): Entry {
  return { text: toStoredText(value), expiresAt: expiryOf(options) ?? Number.POSITIVE_INFINITY }
}

/** What `update` does to an entry. */
export function updateBy(change: (current: Stored | undefined) => Stored | undefined, options: KeepOptions): Change {
  const expiresAt = expiryOf(options)
  return (entry) => {
    const changed = change(valueIn(entry))
    if (changed === undefined) return undefined
    return { text: toStoredText(changed), expiresAt: expiresAt ?? entry?.expiresAt ?? Number.POSITIVE_INFINITY }
  }
}

/** What `increment` does to an entry. */
export function incrementBy(key: string, by: number, options: KeepOptions): Change {
  const expiresAt = expiryOf(options)
  return (entry) => {
    const current = entry === undefined ? 0 : valueIn(entry)
    if (typeof current !== 'number') {
      throw new StorageError('INVALID', `"${key.slice(0, SHOWN)}" does not hold a number`)
    }
    const sum = current + by
    if (!Number.isSafeInteger(sum)) throw new StorageError('INVALID', `${sum} is no whole number that can be counted`)
    return { text: String(sum), expiresAt: entry?.expiresAt ?? expiresAt ?? Number.POSITIVE_INFINITY }
  }
}

/** The value of an entry, a copy of what was stored. Throws `UNAVAILABLE` for text that no store of ours has written. */
export function valueIn(entry: Entry | undefined): Stored | undefined {
  try {
    return entry && fromStoredText(entry.text)
  } catch (cause) {
    throw new StorageError('UNAVAILABLE', 'A stored value is damaged; set it anew or delete it', { cause })
  }
}

/** What the keys and values of a store are measured by: bytes of UTF-16 text. */
export function bytesOf(key: string, { text }: Entry): number {
  return (key.length + text.length) * BYTES_PER_CHARACTER
}

/** Throws `StorageError` for a key that cannot be written. */
export function checkKey(key: string): void {
  if (typeof key !== 'string') throw new StorageError('INVALID', `A key is a string, not of type ${typeof key}`)
  if (key.length > LONGEST_KEY) throw new StorageError('INVALID', `A key has at most ${LONGEST_KEY} characters`)
}

/** Throws `StorageError` for an entry that is, with its key, larger than `most` bytes. */
export function checkSize(key: string, entry: Entry, most: number): void {
  const bytes = bytesOf(key, entry)
  if (bytes > most) throw new StorageError('TOO_LARGE', `A value of ${bytes} bytes; at most ${most} can be stored`)
}

function expiryOf({ ttlMs }: KeepOptions): number | undefined {
  if (ttlMs === undefined) return undefined
  if (typeof ttlMs === 'number' && ttlMs > 0) return steadyNow() + ttlMs
  throw new StorageError('INVALID', `ttlMs is ${String(ttlMs)}; give milliseconds above 0`)
}
