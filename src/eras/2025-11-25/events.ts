import type { EraOptions } from '../era.ts'

type EventLimits = EraOptions['events']

/** Whose event it is. Events are lost oldest first. */
export interface Stream {
  lose(event: StoredEvent): void
}

/** An event that may have to be sent again. */
export class StoredEvent {
  readonly stream: Stream
  /** Its place in its stream, from 1. */
  readonly number: number
  readonly text: string
  readonly size: number
  shelf: Shelf | undefined
  older: StoredEvent | undefined
  newer: StoredEvent | undefined

  constructor(stream: Stream, number: number, text: string) {
    this.stream = stream
    this.number = number
    this.text = text
    this.size = OVERHEAD + text.length * (BEYOND_ASCII.test(text) ? MOST_BYTES : 1)
  }
}

/** What an event needs besides its text. */
const OVERHEAD = 64
const BEYOND_ASCII = /[^\0-\x7f]/
/** Of one UTF-16 unit in UTF-8. */
const MOST_BYTES = 3

/** The events of all sessions, in the order in which they came: when there are too many, the oldest go. */
export class EventStore {
  readonly limits: EventLimits
  #bytes = 0
  #oldest: StoredEvent | undefined
  #newest: StoredEvent | undefined

  constructor(limits: EventLimits) {
    this.limits = limits
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes an event in; others may have to go for it. */
  link(event: StoredEvent): void {
    event.older = this.#newest
    if (this.#newest === undefined) this.#oldest = event
    else this.#newest.newer = event
    this.#newest = event
    this.#bytes += event.size
    while (this.#bytes > this.limits.bytes && this.#oldest !== undefined) this.#oldest.shelf?.loseOldest()
  }

  unlink(event: StoredEvent): void {
    const { older, newer } = event
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    event.older = undefined
    event.newer = undefined
    this.#bytes -= event.size
  }
}

/** The events of one session. */
export class Shelf {
  readonly #store: EventStore
  #events: StoredEvent[] = []
  #bytes = 0
  #isOpen = true

  constructor(store: EventStore) {
    this.#store = store
  }

  get limits(): EventLimits {
    return this.#store.limits
  }

  /** Keeps an event if there can be room for it; returns whether it is kept. */
  keep(event: StoredEvent): boolean {
    const { perSession, bytesPerSession, bytes } = this.#store.limits
    if (!this.#isOpen || event.size > Math.min(bytesPerSession, bytes)) return false
    while (this.#events.length >= perSession || this.#bytes + event.size > bytesPerSession) this.loseOldest()
    event.shelf = this
    this.#events.push(event)
    this.#bytes += event.size
    this.#store.link(event)
    return true
  }

  loseOldest(): void {
    const event = this.#events.shift()
    if (event === undefined) return
    this.#bytes -= event.size
    this.#store.unlink(event)
    event.stream.lose(event)
  }

  /** Keeps nothing any more. */
  close(): void {
    this.#isOpen = false
    while (this.#events.length > 0) this.loseOldest()
  }
}
