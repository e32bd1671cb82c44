import { backoff } from './backoff.ts'

const LEAST_MS = 100
const MOST_MS = 30_000

/**
 * When to open a broken event stream again. The server may say so itself, within limits: it can
 * neither make the client hammer nor put it off for good. Streams that break before they brought
 * anything are taken up ever more slowly.
 */
export class Reconnection {
  readonly #random: () => number
  #fruitless = 0

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** A stream brought something. */
  bore(): void {
    this.#fruitless = 0
  }

  /** The wait before the next stream, in milliseconds; `asked` is what the server or the schedule wants. */
  next(asked: number): number {
    const wanted = Math.min(Math.max(asked, LEAST_MS), MOST_MS)
    const least = this.#fruitless === 0 ? 0 : backoff(this.#fruitless, this.#random)
    this.#fruitless++
    return Math.max(least, wanted + this.#random() * Math.min(wanted / 4, MOST_MS - wanted))
  }
}
