import type { Storage, Stored } from '../storage/storage.ts'
import { fullIn, goneFrom, rankOf, without } from './shelf.ts'
import { timeout } from './timeout.ts'
import type { Permit } from './waiting-line.ts'

/** What is limited, together with other processes. */
export interface SharedWindowOptions {
  readonly storage: Storage
  /** Beginning of the names of all that is stored. */
  readonly prefix: string
  readonly limit: number
  readonly per: number
}

const MOST_SHELVES = 32
const LONGEST_PLAIN_KEY = 200
const STORAGE_TIME_MS = 5_000

interface Taker {
  settle(permit: Permit): void
  fail(problem: unknown): void
}

/**
 * The permits of one key, lent from a storage. They lie on shelves, 32 at most, and a shelf is full again when nothing
 * was taken from it for `per`, by the clock of the storage alone: whatever the clocks of the processes do, no window
 * sees more than the limit.
 */
export class SharedWindow {
  readonly #options: SharedWindowOptions
  readonly #key: string
  readonly #shelves: number
  /** What is taken from a shelf within this time costs next to nothing by coming back together. */
  readonly #span: number
  #prefix: string | undefined
  /** In the order of their coming. What comes while the storage is asked goes together into its next question. */
  #takers: Taker[] = []
  #isTaking = false
  /** The shelf last taken from, what was gone from it then, and until when to go on with it. */
  #current = 0
  #gone = 0
  #until = 0
  /** After a refusal: when to look again, and when there may be a permit. */
  #lookAt = 0
  #freeAt = 0

  constructor(key: string, options: SharedWindowOptions) {
    this.#key = key
    this.#options = options
    this.#shelves = Math.min(options.limit, MOST_SHELVES)
    this.#span = options.per / MOST_SHELVES
  }

  /** Takes a permit. Rejects when the storage does, or does not answer. `remaining` is what is left on the shelf. */
  take(): Promise<Permit> {
    return new Promise((settle, fail) => {
      this.#takers.push({ settle, fail })
      if (!this.#isTaking) void this.#takeAll()
    })
  }

  async #takeAll(): Promise<void> {
    this.#isTaking = true
    try {
      while (this.#takers.length > 0) {
        const refusal = this.#stillRefused() ?? (await timeout(() => this.#takeSome(), STORAGE_TIME_MS))
        if (refusal !== undefined) for (const { settle } of this.#takers.splice(0)) settle(refusal)
      }
    } catch (problem) {
      for (const { fail } of this.#takers.splice(0)) fail(problem)
    } finally {
      this.#isTaking = false
    }
  }

  /** Serves some of those who came first, one at least, or gives the refusal for all. */
  async #takeSome(): Promise<Permit | undefined> {
    if (await this.#takeNearby()) return undefined
    const shelves = await this.#look()
    const ranked = shelves.map((shelf, index) => ({ index, gone: goneFrom(shelf), rank: rankOf(shelf, this.#span) }))
    const choice = ranked.filter(({ index, gone }) => gone !== this.#roomOf(index)).sort((a, b) => a.rank - b.rank)
    for (const { index } of choice) if (await this.#takeFrom(index, this.#roomOf(index) - 1)) return undefined
    return this.#refuse(shelves)
  }

  /** Mostly there is something where it was taken last, or next to it on a full shelf, and nothing else is asked for. */
  #takeNearby(): Promise<boolean> {
    const room = this.#roomOf(this.#current)
    const isGoingOn = this.#gone < room && performance.now() < this.#until
    return isGoingOn ? this.#takeFrom(this.#current, room - 1) : this.#takeFrom((this.#current + 1) % this.#shelves, 0)
  }

  /** Takes from a shelf for those who came first, if no more than `most` are gone from it. Returns whether it did. */
  async #takeFrom(index: number, most: number): Promise<boolean> {
    const { storage, per } = this.#options
    const room = this.#roomOf(index)
    const wanted = this.#takers.length
    // They were refused because the storage took too long.
    if (wanted === 0) return true
    let before = 0
    let taken = 0
    const change = (current: Stored | undefined): Stored => {
      before = goneFrom(current)
      // Thrown, so that the shelf is not touched: its time runs from the last permit taken.
      if (before > most && Number.isFinite(before)) throw NOT_TAKEN
      // What is no shelf counts as an empty one, for one window.
      taken = Number.isFinite(before) ? Math.min(wanted, room - before) : 0
      return taken > 0 ? without(current, taken, Date.now()) : without(undefined, room, Date.now())
    }
    try {
      await storage.update(await this.#nameOf(index), change, { ttlMs: per })
    } catch (problem) {
      if (problem !== NOT_TAKEN) throw problem
      if (index === this.#current) this.#gone = room
      return false
    }
    if (index !== this.#current || before === 0) this.#until = performance.now() + this.#span
    this.#current = index
    this.#gone = taken === 0 ? room : before + taken
    for (const { settle } of this.#takers.splice(0, taken)) settle({ allowed: true, remaining: room - this.#gone })
    return taken > 0
  }

  async #look(): Promise<readonly (Stored | undefined)[]> {
    const names = Array.from({ length: this.#shelves }, (_, index) => this.#nameOf(index))
    return Promise.all(names.map(async (name) => this.#options.storage.get(await name)))
  }

  #stillRefused(): Permit | undefined {
    const now = performance.now()
    return now < this.#lookAt ? refused(Math.max(this.#lookAt, this.#freeAt) - now) : undefined
  }

  /** Floods do not reach the storage: it is looked into again after a part of the window. */
  #refuse(shelves: readonly (Stored | undefined)[]): Permit {
    const now = performance.now()
    const soonest = Math.min(...shelves.map((shelf) => fullIn(shelf, this.#options.per, this.#span)))
    this.#lookAt = now + Math.min(soonest, this.#span)
    this.#freeAt = now + soonest
    return refused(soonest)
  }

  #roomOf(index: number): number {
    const { limit } = this.#options
    return Math.floor(limit / this.#shelves) + (index < limit % this.#shelves ? 1 : 0)
  }

  async #nameOf(index: number): Promise<string> {
    this.#prefix ??= `${this.#options.prefix}:${await plain(this.#key)}:`
    return `${this.#prefix}${index}`
  }
}

const NOT_TAKEN = new Error('Nothing was taken')

function refused(ms: number): Permit {
  return { allowed: false, retryAfterMs: Math.max(Math.ceil(ms), 1) }
}

/** Keys may be of any length, what is stored may not. */
async function plain(key: string): Promise<string> {
  if (key.length <= LONGEST_PLAIN_KEY) return `=${key}`
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
  return `#${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
