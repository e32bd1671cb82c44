import type { Socket } from 'node:net'
import type { Eras } from '../../eras/negotiate.ts'
import { TOO_SLOW } from '../http/refusal.ts'
import type { Site } from '../http/site.ts'
import type { NodeExchange } from './exchange.ts'
import { Lane } from './lane.ts'

/** Parts of the body time-out after which the sweep looks. */
const SWEEPS_PER_BODY = 6

/** What all exchanges of one server share: its options made ready, and what is going on. */
export class Desk {
  readonly eras: Eras
  readonly site: Site
  /** Whether new requests are turned away because the server stops. */
  draining = false
  /** Exchanges that an era works on. */
  pending = 0
  /** A clock that costs nothing to read. */
  #sweeps = 0
  readonly #reading = new Set<NodeExchange>()
  readonly #lanes = new WeakMap<object, Lane>()
  #sweeper: NodeJS.Timeout | undefined

  constructor(eras: Eras, site: Site) {
    this.eras = eras
    this.site = site
  }

  /** The lane of a connection, made when first needed. */
  laneOf(socket: Socket): Lane {
    let lane = this.#lanes.get(socket)
    if (lane === undefined) {
      lane = new Lane(socket)
      this.#lanes.set(socket, lane)
    }
    return lane
  }

  /** How many exchanges are at work on a connection. */
  liveOn(socket: object): number {
    return this.#lanes.get(socket)?.live ?? 0
  }

  /** Counts the time that a body takes. Looking at all of them now and then is cheaper than a timer each. */
  beginReading(exchange: NodeExchange): void {
    exchange.readingSince = this.#sweeps
    this.#reading.add(exchange)
    this.#sweeper ??= setInterval(() => this.#sweep(), this.site.limits.bodyMs / SWEEPS_PER_BODY).unref()
  }

  endReading(exchange: NodeExchange): void {
    this.#reading.delete(exchange)
  }

  /** Whether anything is read or worked on. Streams that only wait for changes do not count. */
  get busy(): boolean {
    if (this.pending > 0) return true
    for (const exchange of this.#reading) if (!exchange.request.destroyed) return true
    return false
  }

  #sweep(): void {
    this.#sweeps++
    for (const exchange of this.#reading) {
      if (exchange.request.destroyed) this.#reading.delete(exchange)
      else if (this.#sweeps - exchange.readingSince > SWEEPS_PER_BODY) exchange.turnAway(TOO_SLOW)
    }
    if (this.#reading.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}
