import { type KeepOptions, type Storage, StorageError, type Stored } from './storage.ts'
import { fromStoredText, toStoredText } from './stored-text.ts'

/** Bounds of a memory storage, in bytes of UTF-16 text, keys included. */
export interface MemoryStorageOptions {
  /** Of everything together; default 64 MiB. What was not used for longest goes first. */
  readonly maxBytes?: number
  /** Of one value; default 1 MiB. */
  readonly maxValueBytes?: number
  /** Most keys; default 1,000,000. */
  readonly maxKeys?: number
}

const LONGEST_KEY = 1_024
const BYTES_PER_CHARACTER = 2
const EXPIRED_PER_WRITE = 16

interface Entry {
  readonly text: string
  /** On the clock that never jumps; `Infinity`: for good. */
  readonly expiresAt: number
}

/**
 * Keeps everything in this process: it is gone with the process, and no other replica sees it. When it
 * is full, what was not used for longest is forgotten.
 *
 * @example
 * const mcp = new FastMCP({ name: 'shop', version: '1.0.0', storage: createMemoryStorage({ maxBytes: 8_000_000 }) })
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(options)
}

class MemoryStorage implements Storage {
  readonly #maxBytes: number
  readonly #maxValueBytes: number
  readonly #maxKeys: number
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>()
  /** The keys that expire, to look through little by little. */
  #watch: IterableIterator<[string, Entry]> | undefined
  #bytes = 0

  constructor({ maxBytes = 64 * 1024 ** 2, maxValueBytes = 1024 ** 2, maxKeys = 1_000_000 }: MemoryStorageOptions) {
    this.#maxBytes = maxBytes
    this.#maxValueBytes = maxValueBytes
    this.#maxKeys = maxKeys
  }

  async get(key: string): Promise<Stored | undefined> {
    return this.#read(key)
  }

  async set(key: string, value: Stored, options: KeepOptions = {}): Promise<void> {
    this.#write(key, value, expiryOf(options) ?? Number.POSITIVE_INFINITY)
  }

  async delete(key: string): Promise<boolean> {
    return this.#live(key) !== undefined && this.#remove(key)
  }

  async update(
    key: string,
    change: (current: Stored | undefined) => Stored | undefined,
    options: KeepOptions = {},
  ): Promise<Stored | undefined> {
    const changed = change(this.#read(key))
    if (changed === undefined) this.#remove(key)
    else this.#write(key, changed, expiryOf(options) ?? this.#live(key)?.expiresAt ?? Number.POSITIVE_INFINITY)
    return this.#read(key)
  }

  async increment(key: string, by = 1, options: KeepOptions = {}): Promise<number> {
    const current = this.#read(key) ?? 0
    if (typeof current !== 'number') throw new StorageError('INVALID', `"${key.slice(0, 60)}" does not hold a number`)
    const sum = current + by
    if (!Number.isSafeInteger(sum)) throw new StorageError('INVALID', `${sum} is no whole number that can be counted`)
    this.#write(key, sum, this.#live(key)?.expiresAt ?? expiryOf(options) ?? Number.POSITIVE_INFINITY)
    return sum
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for (const key of [...this.#entries.keys()]) {
      if (key.startsWith(prefix) && this.#live(key) !== undefined) yield key
    }
  }

  #read(key: string): Stored | undefined {
    const entry = this.#live(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return fromStoredText(entry.text)
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt > performance.now()) return entry
    this.#remove(key)
    return undefined
  }

  #write(key: string, value: Stored, expiresAt: number): void {
    if (key.length > LONGEST_KEY) throw new StorageError('INVALID', `A key has at most ${LONGEST_KEY} characters`)
    const entry = { text: toStoredText(value), expiresAt }
    const bytes = bytesOf(key, entry)
    const most = Math.min(this.#maxValueBytes, this.#maxBytes)
    if (bytes > most) throw new StorageError('TOO_LARGE', `A value of ${bytes} bytes; at most ${most} can be stored`)
    this.#remove(key)
    this.#dropExpired()
    this.#entries.set(key, entry)
    this.#bytes += bytes
    this.#makeRoom()
  }

  #remove(key: string): boolean {
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    this.#bytes -= bytesOf(key, entry)
    return this.#entries.delete(key)
  }

  /** Every write looks at a few entries, so that nothing stays for ever because nobody asks for it. */
  #dropExpired(): void {
    const now = performance.now()
    for (let looked = 0; looked < EXPIRED_PER_WRITE; looked++) {
      this.#watch ??= this.#entries.entries()
      const next = this.#watch.next()
      if (next.done) {
        this.#watch = undefined
        return
      }
      const [key, { expiresAt }] = next.value
      if (expiresAt <= now) this.#remove(key)
    }
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxKeys) return
      this.#remove(key)
    }
  }
}

function bytesOf(key: string, { text }: Entry): number {
  return (key.length + text.length) * BYTES_PER_CHARACTER
}

function expiryOf({ ttlMs }: KeepOptions): number | undefined {
  if (ttlMs === undefined) return undefined
  if (Number.isNaN(ttlMs) || ttlMs <= 0)
    throw new StorageError('INVALID', `ttlMs is ${ttlMs}; give milliseconds above 0`)
  return performance.now() + ttlMs
}
