import { steadyNow } from './clock.ts'
import { type Change, checkKey, type Entry, entryOf, incrementBy, updateBy, valueIn } from './entry.ts'
import type { KeepOptions, Storage, Stored } from './storage.ts'

/** Where a compartment lies, and how much it holds. */
export interface CompartmentOptions {
  readonly storage: Storage
  /** Of the one entry that holds it all. */
  readonly key: Promise<string>
  readonly maxKeys: number
  /** Of keys and values together, as bytes of UTF-8. */
  readonly maxBytes: number
  /** For how long after the last write everything is kept; left out, for good. */
  readonly ttlMs?: number | undefined
  /** The error for what would not fit any more. */
  full(problem: string): Error
}

/**
 * A small storage in one entry of another: its bounds hold to the byte however many write at once, and no key leads
 * out of it. Every use reads the whole, so it is for little.
 */
export function createCompartment(options: CompartmentOptions): Storage {
  return new Compartment(options)
}

class Compartment implements Storage {
  readonly #options: CompartmentOptions

  constructor(options: CompartmentOptions) {
    this.#options = options
    // Whoever uses it hears of it.
    options.key.catch(() => undefined)
  }

  async get(key: string): Promise<Stored | undefined> {
    return valueIn((await this.#read()).get(key))
  }

  async set(key: string, value: Stored, options: KeepOptions = {}): Promise<void> {
    const entry = entryOf(value, options)
    await this.#change(key, () => entry)
  }

  async delete(key: string): Promise<boolean> {
    let had = false
    await this.#change(key, (entry) => {
      had = entry !== undefined
      return undefined
    })
    return had
  }

  async update(
    key: string,
    change: (current: Stored | undefined) => Stored | undefined,
    options: KeepOptions = {},
  ): Promise<Stored | undefined> {
    return valueIn(await this.#change(key, updateBy(change, options)))
  }

  async increment(key: string, by = 1, options: KeepOptions = {}): Promise<number> {
    return Number((await this.#change(key, incrementBy(key, by, options)))?.text)
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for (const key of (await this.#read()).keys()) if (key.startsWith(prefix)) yield key
  }

  async #read(): Promise<Map<string, Entry>> {
    const { storage, key } = this.#options
    return unpack(await storage.get(await key))
  }

  async #change(key: string, change: Change): Promise<Entry | undefined> {
    checkKey(key)
    const { storage, key: place, ttlMs } = this.#options
    let changed: Entry | undefined
    const step = (packed: Stored | undefined): Stored | undefined => {
      const entries = unpack(packed)
      const before = entries.get(key)
      changed = change(before)
      entries.delete(key)
      if (changed !== undefined) this.#admit(entries, { key, entry: changed, before })
      return entries.size === 0 ? undefined : pack(entries)
    }
    await storage.update(await place, step, ttlMs === undefined ? {} : { ttlMs })
    return changed
  }

  /** What makes less of it is let in though it is too full: bounds may have been set lower. */
  #admit(entries: Map<string, Entry>, { key, entry, before }: Arrival): void {
    const { maxKeys, maxBytes, full } = this.#options
    entries.set(key, entry)
    const bytes = bytesIn(entries)
    const grows = before === undefined || lengthOf(entry.text) > lengthOf(before.text)
    if (!grows) return
    if (entries.size > maxKeys) throw full(`${entries.size} keys, and at most ${maxKeys} can be kept`)
    if (bytes > maxBytes) throw full(`${bytes} bytes, and at most ${maxBytes} can be kept`)
  }
}

interface Arrival {
  readonly key: string
  readonly entry: Entry
  readonly before: Entry | undefined
}

/** Lists of key, text and expiry, which is null for good. */
function pack(entries: ReadonlyMap<string, Entry>): Stored {
  return Array.from(entries, ([key, { text, expiresAt }]) => [key, text, Number.isFinite(expiresAt) ? expiresAt : null])
}

/** What has not expired, by key. */
function unpack(packed: Stored | undefined): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const now = steadyNow()
  for (const item of Array.isArray(packed) ? packed : []) {
    const [key, text, expires]: readonly unknown[] = Array.isArray(item) ? item : []
    const expiresAt = typeof expires === 'number' ? expires : Number.POSITIVE_INFINITY
    if (typeof key === 'string' && typeof text === 'string' && expiresAt > now) entries.set(key, { text, expiresAt })
  }
  return entries
}

function bytesIn(entries: ReadonlyMap<string, Entry>): number {
  let bytes = 0
  for (const [key, { text }] of entries) bytes += lengthOf(key) + lengthOf(text)
  return bytes
}

const encoder = new TextEncoder()

function lengthOf(text: string): number {
  return encoder.encode(text).length
}
