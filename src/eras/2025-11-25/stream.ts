import { Gate } from '../../engine/gate.ts'
import type { Flow } from '../../engine/origin.ts'
import { frame } from '../../protocol/sse.ts'
import type { EventStream } from '../exchange.ts'
import { type Shelf, StoredEvent, type Stream } from './events.ts'

/** Of a stream: who it is, and where its events are kept. */
export interface StreamPlace {
  readonly shelf: Shelf
  /** Begins every id of the stream. */
  readonly name: string
  /** Nothing of it is left to come back to. */
  onForgotten(): void
}

/** What part of a session's room may wait for a client that has not come back yet, before who sends should wait too. */
const WAITING_PART = 4

/**
 * A stream of messages to one client that may outlive the connections which carry it: what the client has missed is
 * sent again when it comes back and says up to where it got (2025-11-25 basic/transports, Resumability and Redelivery).
 */
export class SessionStream implements Stream, Flow {
  readonly #place: StreamPlace
  readonly #gate = new Gate()
  #connection: EventStream | undefined
  readonly #kept: StoredEvent[] = []
  /** Numbers of events: the last one, the last one given to the connection, the last one that cannot be sent again. */
  #last = 0
  #given = 0
  #lost = 0
  #isKnown = false
  #isCatchingUp = false
  #isEnded = false

  constructor(place: StreamPlace) {
    this.#place = place
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** Whether the client knows of a place to come back to. */
  get isResumable(): boolean {
    return this.#isKnown
  }

  get isCongested(): boolean {
    return this.#connection === undefined ? this.#isLeftBehind : this.#connection.isCongested
  }

  drained(): Promise<void> | undefined {
    if (this.#connection !== undefined && !this.#isCatchingUp) return this.#connection.drained()
    return this.#isLeftBehind ? this.#gate.wait() : undefined
  }

  /** Whether a client that got as far as `number` can be sent all that came after. */
  reaches(number: number): boolean {
    return number >= this.#lost && number <= this.#last
  }

  /** Whether nothing comes after `number` any more. */
  isOver(number: number): boolean {
    return this.#isEnded && number === this.#last
  }

  /** Tells the client where to come back to, before there is anything to tell. */
  prime(retry: number): void {
    if (this.#connection?.send(frame('', { id: this.#idOf(0), retry }))) this.#isKnown = true
  }

  /** Goes on over this connection, from the event after `number`. One that carried the stream before is closed. */
  connect(connection: EventStream, number: number = this.#last): void {
    const before = this.#connection
    this.#connection = connection
    this.#given = number
    before?.close()
    this.#catchUp()
  }

  /** The connection is gone. */
  disconnect(connection: EventStream): void {
    if (this.#connection !== connection) return
    this.#connection = undefined
    this.#isCatchingUp = false
    // What waited for this reader now waits for its return, if it must.
    this.#gate.open()
  }

  /** Lets go of the connection, and not of the stream. */
  release(): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.disconnect(connection)
    connection.close()
  }

  /** Sends a message, or keeps it for the client's return. False when it can never arrive. */
  send(text: string): boolean {
    const canGive = this.#connection !== undefined && !this.#isCatchingUp
    if (this.#isEnded || !(canGive || this.#isKnown)) return false
    const event = new StoredEvent(this, this.#last + 1, text)
    const isKept = this.#place.shelf.keep(event)
    // What nobody gets and nothing keeps never was: the client must not miss it.
    if (!isKept && !canGive) return false
    this.#last = event.number
    if (isKept) this.#kept.push(event)
    else this.#lost = event.number
    const isGiven = canGive && this.#give(event)
    return isGiven || (isKept && this.#isKnown)
  }

  /** Nothing more comes. */
  end(): void {
    this.#isEnded = true
    this.#gate.open()
    if (!this.#isCatchingUp) this.release()
    if (this.#kept.length === 0) this.#place.onForgotten()
  }

  /** Events go oldest first, here as everywhere. */
  lose(event: StoredEvent): void {
    this.#kept.shift()
    this.#lost = event.number
    if (this.#isEnded && this.#kept.length === 0) this.#place.onForgotten()
  }

  get #isLeftBehind(): boolean {
    if (this.#isEnded || !this.#isKnown) return false
    const { perSession, bytesPerSession } = this.#place.shelf.limits
    const waiting = this.#kept.filter(({ number }) => number > this.#given)
    const bytes = waiting.reduce((sum, { size }) => sum + size, 0)
    return waiting.length >= perSession / WAITING_PART || bytes >= bytesPerSession / WAITING_PART
  }

  #idOf(number: number): string {
    return `${this.#place.name}-${number}`
  }

  #give({ number, text }: StoredEvent): boolean {
    const connection = this.#connection
    if (connection === undefined) return false
    if (!connection.send(frame(text, { id: this.#idOf(number) }))) {
      this.disconnect(connection)
      return false
    }
    this.#given = number
    this.#isKnown = true
    return true
  }

  /** Sends what was missed, no faster than it is read. */
  #catchUp(): void {
    this.#isCatchingUp = false
    const connection = this.#connection
    while (connection !== undefined && this.#given < this.#last) {
      const next = this.#kept.find(({ number }) => number === this.#given + 1)
      // What is no longer kept leaves a gap that the client must hear of: it comes back, and is told.
      if (next === undefined) this.release()
      if (next === undefined || !this.#give(next)) return
      const waiting = connection.drained()
      if (waiting === undefined) continue
      this.#isCatchingUp = true
      waiting.then(() => this.#goOn(connection))
      return
    }
    this.#gate.open()
    if (this.#isEnded) this.release()
  }

  #goOn(connection: EventStream): void {
    if (this.#connection === connection && this.#isCatchingUp) this.#catchUp()
  }
}
