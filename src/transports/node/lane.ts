import type { Socket } from 'node:net'
import type { NodeExchange } from './exchange.ts'

/** Most exchanges at work on one connection at once; more wait for their turn. */
export const PIPELINED = 16

/** More than the smallest requests of one read; past the first of them nothing more is read. */
const MOST_WAITING = 2048

/**
 * What goes on over one connection: exchanges at work, and those that a pipelining client sent
 * ahead. One listener here tells all of them when the client is gone.
 */
export class Lane {
  readonly #socket: Socket
  readonly #live = new Set<NodeExchange>()
  #waiting: (() => void)[] = []
  #isHeld = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.once('close', () => this.#close())
  }

  /** How many exchanges are at work. */
  get live(): number {
    return this.#live.size
  }

  enter(exchange: NodeExchange): void {
    this.#live.add(exchange)
    if (this.#socket.destroyed) exchange.leave()
  }

  /** An exchange is answered: others begin. */
  exit(exchange: NodeExchange): void {
    this.#live.delete(exchange)
    // A step that is answered at once never counts as live, so there may be room for several.
    while (this.#waiting.length > 0 && this.#live.size < PIPELINED && !this.#socket.destroyed) this.#waiting.shift()?.()
    if (this.#waiting.length === 0 && this.#isHeld) this.#readOn()
  }

  /** Calls `step` when there is room, and lets the client wait with what it has not sent yet. */
  wait(step: () => void): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#socket.destroy()
      return
    }
    this.#waiting.push(step)
    if (this.#isHeld) return
    this.#isHeld = true
    this.#socket.on('resume', this.#pause)
    this.#pause()
  }

  /** Node resumes a connection after every message that it read: it is paused again while others wait. */
  readonly #pause = (): void => {
    this.#socket.pause()
  }

  #readOn(): void {
    this.#isHeld = false
    this.#socket.off('resume', this.#pause)
    this.#socket.resume()
  }

  #close(): void {
    this.#waiting = []
    for (const exchange of [...this.#live]) exchange.leave()
  }
}
