import type { Awaitable } from '../schema/awaitable.ts'
import { unlessAborted } from './abort.ts'

/** One load that many wait for. */
export class Flight<V> {
  readonly tags: readonly string[]
  #outcome: Promise<V> | undefined
  #abort: AbortController | undefined
  #waiting = 0
  readonly #onDeserted: () => void

  /** `onDeserted` is called when everybody who waited has left before the end. */
  constructor(tags: readonly string[], onDeserted: () => void) {
    this.tags = tags
    this.#onDeserted = onDeserted
  }

  /** Aborts when nobody waits any more. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    return this.#abort.signal
  }

  /** Begins the load, once. */
  begin(load: () => Promise<V>): void {
    this.#outcome = load()
    // Who waits gets the failure; when all have left there is nobody to get it.
    this.#outcome.catch(() => undefined)
  }

  /** Waits for the outcome, or until `signal` ends the waiting of this one. */
  async join(signal: AbortSignal | undefined): Promise<V> {
    const outcome = (): Awaitable<V> => this.#outcome as Promise<V> // `begin` comes first
    this.#waiting++
    try {
      return await (signal === undefined ? outcome() : unlessAborted(outcome, signal))
    } finally {
      this.#waiting--
      if (signal?.aborted) this.#desert(signal.reason)
    }
  }

  #desert(reason: unknown): void {
    if (this.#waiting > 0) return
    this.#onDeserted()
    this.#abort?.abort(reason)
  }
}
