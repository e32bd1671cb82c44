import type { Awaitable } from '../schema/awaitable.ts'
import { LONGEST_TIMER } from './setting.ts'

/** What a limiter says to one who wants to go on. */
export type Permit =
  | { readonly allowed: true; readonly remaining: number }
  | { readonly allowed: false; readonly retryAfterMs: number }

/** Where a line gets its permits, and what it does when nobody waits any more. */
export interface LineOptions {
  /** A rejection is one for all who wait. */
  readonly attempt: () => Awaitable<Permit>
  readonly onEmpty: () => void
}

interface Waiter {
  admit(): void
  refuse(reason: unknown): void
}

/** Those who wait for a permit, in the order of their coming. */
export class WaitingLine {
  readonly #options: LineOptions
  readonly #waiters = new Set<Waiter>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isServing = false

  constructor(options: LineOptions) {
    this.#options = options
  }

  get length(): number {
    return this.#waiters.size
  }

  /** Waits at the end; `signal` leaves. */
  join(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiter.refuse(signal?.reason)
        if (this.#waiters.size === 0) this.#close()
      }
      const settle = (): void => {
        this.#waiters.delete(waiter)
        signal?.removeEventListener('abort', leave)
      }
      const waiter: Waiter = {
        admit: () => {
          settle()
          resolve()
        },
        refuse: (reason) => {
          settle()
          reject(reason)
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiters.add(waiter)
      if (!this.#isServing && this.#timer === undefined) void this.#serve()
    })
  }

  async #serve(): Promise<void> {
    this.#timer = undefined
    this.#isServing = true
    try {
      for (let [first] = this.#waiters; first !== undefined; [first] = this.#waiters) {
        const given = this.#options.attempt()
        const permit = given instanceof Promise ? await given : given
        if (!permit.allowed) return this.#serveIn(permit.retryAfterMs)
        // The first may have left meanwhile.
        const [next] = this.#waiters
        next?.admit()
      }
      this.#close()
    } catch (problem) {
      for (const waiter of [...this.#waiters]) waiter.refuse(problem)
      this.#close()
    } finally {
      this.#isServing = false
    }
  }

  #serveIn(ms: number): void {
    if (this.#waiters.size === 0) this.#close()
    else this.#timer = setTimeout(() => void this.#serve(), Math.min(Math.max(ms, 1), LONGEST_TIMER))
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#options.onEmpty()
  }
}
