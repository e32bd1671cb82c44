import type { CacheEntry, CacheKey, ResponseCacheStore } from '@modelcontextprotocol/client'

/** How much a cache holds at most. */
export interface ResponseCacheOptions {
  /** 10,000 by default. */
  readonly maxEntries?: number
  /** Of keys and answers as text, two bytes a character; 64 MiB by default. */
  readonly maxBytes?: number
}

const MOST_ENTRIES = 10_000
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Answers that servers allowed to be kept for a while. Every client has one of its own; clients
 * given the same one share it: what is private stays with the credentials that fetched it, and
 * nothing is shared between addresses. The least recently used goes first.
 *
 * @example
 * const cache = new ResponseCache({ maxEntries: 1_000 })
 * await using alice = await connect(url, { cache, headers: { authorization: `Bearer ${hers}` } })
 * await using bob = await connect(url, { cache, headers: { authorization: `Bearer ${his}` } })
 */
export class ResponseCache {
  /** In the order of use, least recent first. */
  readonly #entries = new Map<string, { readonly entry: CacheEntry; readonly bytes: number }>()
  readonly #maxEntries: number
  readonly #maxBytes: number
  #bytes = 0
  #stamp = 0

  constructor({ maxEntries = MOST_ENTRIES, maxBytes = MOST_BYTES }: ResponseCacheOptions = {}) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  /** How many answers it holds, fresh and stale. */
  get size(): number {
    return this.#entries.size
  }

  /** How much they take. */
  get bytes(): number {
    return this.#bytes
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  /**
   * The part of one client: what it keeps is kept apart by `place`, where its server is. The
   * official client tells servers apart by the name they give themselves, which any can give.
   */
  part(place: string): ResponseCacheStore {
    const keyOf = ({ method, params = '', partition = '' }: CacheKey): string =>
      JSON.stringify([place, method, partition, params])
    return {
      get: (key) => this.#get(keyOf(key)),
      set: (key, entry) => this.#set(keyOf(key), entry),
      delete: (key) => this.#delete(keyOf(key)),
      evict: (method) => this.#deleteAll(JSON.stringify([place, method]).slice(0, -1)),
      clear: () => this.#deleteAll(JSON.stringify([place]).slice(0, -1)),
    }
  }

  #get(key: string): CacheEntry | undefined {
    const held = this.#entries.get(key)
    if (held === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, held)
    return held.entry
  }

  #set(key: string, entry: Omit<CacheEntry, 'stamp'>): number {
    this.#delete(key)
    const stamp = ++this.#stamp
    const bytes = 2 * (key.length + entry.value.length)
    if (bytes > this.#maxBytes) return stamp
    this.#entries.set(key, { entry: { ...entry, stamp }, bytes })
    this.#bytes += bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) break
      this.#delete(oldest)
    }
    return stamp
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }

  #deleteAll(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#delete(key)
  }
}

/** How requests get their credentials. */
interface Credentials {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly fetch?: object | undefined
  readonly authProvider?: object | undefined
}

/**
 * What stands for the credentials of a client in the keys of a cache. Every header counts, for any
 * may hold one; their digest does, so that none can be read out of a cache. A `fetch` of the user's
 * or a provider of tokens adds what nobody sees here, so each counts as a principal of its own.
 */
export async function partitionOf({ headers = {}, fetch, authProvider }: Credentials): Promise<string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  const digest = entries.length === 0 ? '' : await digestOf(JSON.stringify(entries.sort()))
  if (fetch === undefined && authProvider === undefined) return digest
  return [digest, ...[fetch, authProvider].map((source) => source && numberOf(source))].join('#')
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const numbers = new WeakMap<object, number>()
let lastNumber = 0

function numberOf(source: object): number {
  const number = numbers.get(source) ?? ++lastNumber
  numbers.set(source, number)
  return number
}
