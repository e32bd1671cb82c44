import type { Socket } from 'node:net'
import type { NodeExchange } from './exchange.ts'

/** Most exchanges that wait on one connection. Reading pauses long before. */
const MOST_WAITING = 1024

/**
 * What goes on over one connection: exchanges at work, and those that a pipelining client sent
 * ahead. One listener here tells all of them when the client is gone.
 */
export class Lane {
  readonly #socket: Socket
  readonly #live = new Set<NodeExchange>()
  #waiting: NodeExchange[] = []

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

  /** An exchange is answered: the next in line begins. */
  exit(exchange: NodeExchange): void {
    this.#live.delete(exchange)
    const next = this.#waiting.shift()
    if (next !== undefined) next.ask()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  /** Lets an exchange wait for its turn, and the client with what it has not sent yet. */
  wait(exchange: NodeExchange): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#socket.destroy()
      return
    }
    this.#waiting.push(exchange)
    // Reading a body resumes the connection in the next tick; this comes after it.
    process.nextTick(() => {
      if (this.#waiting.length > 0) this.#socket.pause()
    })
  }

  #close(): void {
    this.#waiting = []
    for (const exchange of [...this.#live]) exchange.leave()
  }
}
