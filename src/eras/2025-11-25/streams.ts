import { type EventStore, Shelf } from './events.ts'
import { newId } from './ids.ts'
import { SessionStream } from './stream.ts'

/** A place in a stream: after an event that the client has got. */
export interface StreamPosition {
  readonly stream: SessionStream
  readonly number: number
}

/** The number of the stream that belongs to no request. */
const STANDING = 0
const EVENT_ID = /^([0-9a-f]{16})-(\d{1,15})-(\d{1,15})$/

/** The streams of one session. An event id names session, stream and place, and is worth nothing anywhere else. */
export class Streams {
  readonly retryMs: number
  readonly #shelf: Shelf
  readonly #salt = newId().slice(0, 16)
  readonly #byNumber = new Map<number, SessionStream>()
  #last = STANDING

  constructor(store: EventStore) {
    this.retryMs = store.limits.retryMs
    this.#shelf = new Shelf(store)
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byNumber.size
  }

  /** The stream for what belongs to no request. */
  get standing(): SessionStream {
    return this.#byNumber.get(STANDING) ?? this.#make(STANDING)
  }

  /** A new stream, for one request. */
  open(): SessionStream {
    this.#last += 1
    return this.#make(this.#last)
  }

  /** Where a client is that got as far as this event; undefined where it cannot go on from there without a gap. */
  find(eventId: string): StreamPosition | undefined {
    const [, salt, streamNumber, eventNumber] = EVENT_ID.exec(eventId) ?? []
    const stream = salt === this.#salt ? this.#byNumber.get(Number(streamNumber)) : undefined
    const number = Number(eventNumber)
    return stream?.reaches(number) ? { stream, number } : undefined
  }

  /** Keeps nothing any more. Streams that are open end with their requests. */
  close(): void {
    this.#shelf.close()
    this.#byNumber.clear()
  }

  #make(number: number): SessionStream {
    const name = `${this.#salt}-${number}`
    const stream = new SessionStream({
      shelf: this.#shelf,
      name,
      onForgotten: () => void this.#byNumber.delete(number),
    })
    this.#byNumber.set(number, stream)
    return stream
  }
}
