import { steadyNow } from './clock.ts'
import {
  bytesOf,
  type Change,
  checkKey,
  checkSize,
  type Entry,
  entryOf,
  incrementBy,
  updateBy,
  valueIn,
} from './entry.ts'
import { checkNumber } from './setting.ts'
import type { KeepOptions, Storage, Stored } from './storage.ts'

/** Bounds of a memory storage, in bytes of UTF-16 text, keys included. */
export interface MemoryStorageOptions {
  /** Of everything together; default 64 MiB. What was not used for longest goes first. */
  readonly maxBytes?: number
  /** Of one value; default 1 MiB. */
  readonly maxValueBytes?: number
  /** Most keys; default 1,000,000. */
  readonly maxKeys?: number
}

const EXPIRED_PER_WRITE = 16

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
    this.#maxBytes = checkNumber('maxBytes', maxBytes)
    this.#maxValueBytes = checkNumber('maxValueBytes', maxValueBytes)
    this.#maxKeys = checkNumber('maxKeys', maxKeys)
  }

  async get(key: string): Promise<Stored | undefined> {
    return valueIn(this.#read(key))
  }

  async set(key: string, value: Stored, options: KeepOptions = {}): Promise<void> {
    this.#write(key, entryOf(value, options))
  }

  async delete(key: string): Promise<boolean> {
    return this.#live(key) !== undefined && this.#remove(key)
  }

  async update(
    key: string,
    change: (current: Stored | undefined) => Stored | undefined,
    options: KeepOptions = {},
  ): Promise<Stored | undefined> {
    return valueIn(this.#change(key, updateBy(change, options)))
  }

  async increment(key: string, by = 1, options: KeepOptions = {}): Promise<number> {
    return Number(this.#change(key, incrementBy(key, by, options))?.text)
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for (const key of [...this.#entries.keys()]) {
      if (key.startsWith(prefix) && this.#live(key) !== undefined) yield key
    }
  }

  /** It is the last used from now on. */
  #read(key: string): Entry | undefined {
    const entry = this.#live(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  #change(key: string, change: Change): Entry | undefined {
    const changed = change(this.#live(key))
    if (changed === undefined) this.#remove(key)
    else this.#write(key, changed)
    return changed
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAt > steadyNow()) return entry
    this.#remove(key)
    return undefined
  }

  #write(key: string, entry: Entry): void {
    checkKey(key)
    checkSize(key, entry, Math.min(this.#maxValueBytes, this.#maxBytes))
    this.#remove(key)
    this.#dropExpired()
    this.#entries.set(key, entry)
    this.#bytes += bytesOf(key, entry)
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
    const now = steadyNow()
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
