import { LRUCache } from 'lru-cache'
import type { Awaitable } from '../schema/awaitable.ts'
import { isAsking } from './asking.ts'
import { type Flight, Flights } from './flight.ts'
import { type Invalidation, matchOf } from './key-match.ts'
import { checkNumber } from './setting.ts'
import { sizeOf as roughSizeOf } from './size-of.ts'
import { TagIndex } from './tag-index.ts'

/** How much a cache keeps, and for how long. */
export interface TtlCacheOptions<V> {
  /** Milliseconds that a value is kept; `Infinity` until it is displaced. */
  readonly ttl: number
  /** Most values; what was not asked for longest goes first. */
  readonly max: number
  /** Most bytes of all values and keys; left out, only their number counts. A value that is larger alone is not kept. */
  readonly maxBytes?: number
  /** The bytes of a value, for `maxBytes`; left out, they are estimated. */
  readonly sizeOf?: (value: V) => number
}

/** What a cache has under a key. */
export type Cached<V> = { readonly hit: true; readonly value: V; readonly ageMs: number } | { readonly hit: false }

/** How one value is kept. */
export interface CacheSetOptions {
  /**
   * Milliseconds. It may be what somebody else's server says, so it is put between 0 and 24 hours; 0, and what is no
   * number, keeps nothing.
   */
  readonly ttl?: number
  /** Names by which it can be invalidated along with others. */
  readonly tags?: readonly string[]
}

/** How a value is loaded that is not there. */
export interface CacheLoadOptions<V> {
  /** As for `set`, or what makes it of the value. */
  readonly ttl?: number | ((value: V) => number)
  readonly tags?: readonly string[]
  /** Ends the waiting of this caller. The load itself is aborted when all who wait for it have left. */
  readonly signal?: AbortSignal | undefined
}

/** What a load gets. */
export interface Loading {
  /** Aborts when nobody waits for the value any more. */
  readonly signal: AbortSignal
}

/** Where a value came from; whoever waited for a load has `fromCache: false`. */
export interface Loaded<V> {
  readonly value: V
  readonly fromCache: boolean
}

/** Values that are kept for a while, made by `ttlCache`. Values are not copied. */
export interface TtlCache<V> {
  /** A hit may hold any value, `undefined`, `0` and `''` too. */
  get(key: string): Cached<V>
  set(key: string, value: V, options?: CacheSetOptions): void
  /**
   * The value, loaded if it is not there. Callers that want the same key at once wait for one load. A load that fails
   * fails for all of them and is not kept; one that was invalidated on its way is not kept either.
   */
  getOrLoad(key: string, load: (loading: Loading) => Awaitable<V>, options?: CacheLoadOptions<V>): Promise<Loaded<V>>
  /** Takes values out; returns how many. */
  invalidate(which: Invalidation): number
  /** Takes everything out. */
  clear(): void
  /** How many values there are. */
  readonly size: number
}

/**
 * Keeps values for so many milliseconds, at most so many of them, by a clock that never jumps.
 *
 * @example
 * const users = ttlCache<User>({ ttl: 60_000, max: 1_000 })
 * const { value, fromCache } = await users.getOrLoad(`user:${id}`, ({ signal }) => loadUser(id, signal))
 * users.invalidate({ prefix: 'user:' })
 */
export function ttlCache<V>(options: TtlCacheOptions<V>): TtlCache<V> {
  return new LruTtlCache(options)
}

const LONGEST_TTL = 24 * 60 * 60_000
const MOST_VALUES = 10_000_000
const BYTES_PER_ENTRY = 128
const LOOKED_AT_PER_SET = 2

interface Entry<V> {
  readonly value: V
  readonly keptAt: number
  readonly expiresAt: number
  readonly tags: readonly string[]
}

class LruTtlCache<V> implements TtlCache<V> {
  readonly #entries: LRUCache<string, Entry<V>>
  readonly #tagged = new TagIndex()
  readonly #flights = new Flights<V>()
  readonly #ttl: number
  readonly #sizeOf: ((key: string, value: V) => number) | undefined

  constructor({ ttl, max, maxBytes, sizeOf = roughSizeOf }: TtlCacheOptions<V>) {
    this.#ttl = checkNumber('ttlCache: ttl', ttl, { least: 1, most: Number.POSITIVE_INFINITY })
    checkNumber('ttlCache: max', max, { least: 1, most: MOST_VALUES, whole: true })
    if (maxBytes !== undefined) {
      checkNumber('ttlCache: maxBytes', maxBytes, { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true })
      this.#sizeOf = (key, value) => {
        const size = checkNumber('ttlCache: what sizeOf gave', sizeOf(value), { least: 0 })
        return Math.ceil(size) + 2 * key.length + BYTES_PER_ENTRY
      }
    }
    this.#entries = new LRUCache({
      max,
      ...(maxBytes !== undefined && { maxSize: maxBytes }),
      dispose: ({ tags }, key) => this.#tagged.remove(key, tags),
    })
  }

  get size(): number {
    this.#dropExpired(this.#entries.size)
    return this.#entries.size
  }

  get(key: string): Cached<V> {
    const entry = this.#entries.get(key)
    if (entry === undefined) return { hit: false }
    const now = performance.now()
    if (now < entry.expiresAt) return { hit: true, value: entry.value, ageMs: now - entry.keptAt }
    this.#entries.delete(key)
    return { hit: false }
  }

  set(key: string, value: V, { ttl, tags = [] }: CacheSetOptions = {}): void {
    // A load that began before knows less than this.
    this.#flights.dropKey(key)
    this.#keep(key, value, { ttlMs: ttl === undefined ? this.#ttl : clamp(ttl), tags })
  }

  async getOrLoad(
    key: string,
    load: (loading: Loading) => Awaitable<V>,
    options: CacheLoadOptions<V> = {},
  ): Promise<Loaded<V>> {
    options.signal?.throwIfAborted()
    const cached = this.get(key)
    if (cached.hit) return { value: cached.value, fromCache: true }
    const joined = this.#flights.get(key)
    const flight = joined ?? this.#flights.begin(key, options.tags)
    const outcome = flight.join(options.signal)
    if (joined === undefined) void this.#load(flight, load, options)
    try {
      return { value: await outcome, fromCache: false }
    } catch (problem) {
      // Somebody else's client is being asked. This one's must be asked itself.
      if (joined === undefined || !isAsking(problem)) throw problem
      return { value: await load({ signal: options.signal ?? new AbortController().signal }), fromCache: false }
    }
  }

  invalidate(which: Invalidation): number {
    const isMeant = matchOf(which)
    this.#flights.drop(isMeant)
    const now = performance.now()
    let count = 0
    for (const key of this.#candidates(which)) {
      const entry = this.#entries.peek(key)
      if (entry === undefined || !isMeant(key, entry.tags)) continue
      this.#entries.delete(key)
      if (now < entry.expiresAt) count++
    }
    return count
  }

  clear(): void {
    this.#flights.clear()
    this.#entries.clear()
  }

  #candidates(which: Invalidation): readonly string[] {
    if ('key' in which) return [which.key]
    return 'tag' in which ? this.#tagged.keysOf(which.tag) : [...this.#entries.keys()]
  }

  async #load(
    flight: Flight<V>,
    load: (loading: Loading) => Awaitable<V>,
    options: CacheLoadOptions<V>,
  ): Promise<void> {
    try {
      const value = await load(flight)
      if (this.#flights.end(flight)) this.set(flight.key, value, keeping(value, options))
      flight.land(value)
    } catch (problem) {
      this.#flights.end(flight)
      flight.fail(problem)
    }
  }

  #keep(key: string, value: V, { ttlMs, tags }: { readonly ttlMs: number; readonly tags: readonly string[] }): void {
    this.#dropExpired(LOOKED_AT_PER_SET)
    if (ttlMs === 0) {
      this.#entries.delete(key)
      return
    }
    const now = performance.now()
    const entry = { value, keptAt: now, expiresAt: now + ttlMs, tags: [...tags] }
    this.#entries.set(key, entry, this.#sizeOf && { size: this.#sizeOf(key, value) })
    // Not there when it is too large.
    if (this.#entries.peek(key) === entry) this.#tagged.add(key, entry.tags)
  }

  /** Looks at those that were not asked for longest. */
  #dropExpired(most: number): void {
    const now = performance.now()
    const expired: string[] = []
    let looked = 0
    for (const key of this.#entries.rkeys()) {
      if (looked++ === most) break
      if ((this.#entries.peek(key)?.expiresAt ?? 0) <= now) expired.push(key)
    }
    for (const key of expired) this.#entries.delete(key)
  }
}

function keeping<V>(value: V, { ttl, tags = [] }: CacheLoadOptions<V>): CacheSetOptions {
  const ttlMs = typeof ttl === 'function' ? ttl(value) : ttl
  return ttlMs === undefined ? { tags } : { ttl: ttlMs, tags }
}

function clamp(ttl: number): number {
  return Number.isNaN(ttl) ? 0 : Math.min(Math.max(ttl, 0), LONGEST_TTL)
}
