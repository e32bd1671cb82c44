import { FastMCPError } from '../protocol/errors.ts'
import { type Errand, timedOut, unreachable } from './failures.ts'

/**
 * A time limit for one request, from its sending to the last byte of its answer, that ends earlier when somebody else
 * gives up. `clear` it when the request is over.
 */
export class Deadline {
  readonly #abort = new AbortController()
  readonly #ms: number
  readonly #outer: AbortSignal | undefined
  readonly #timer: ReturnType<typeof setTimeout>
  #isLate = false
  /** One at a time, because the listeners of signals cost more than all the rest. */
  #listener: (() => void) | undefined

  constructor(ms: number, outer: AbortSignal | undefined) {
    this.#ms = ms
    this.#outer = outer
    this.#timer = setTimeout(this.#giveUp, ms)
    if (outer?.aborted) this.#leave()
    else outer?.addEventListener('abort', this.#leave, { once: true })
  }

  /** For `fetch`. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /**
   * What to throw instead of what was thrown on the way of a request: the reason of the outer signal, or what happened in
   * words. Errors of this library stay as they are.
   */
  explain(problem: unknown, errand: Errand): unknown {
    if (this.#isLate) return timedOut(errand, this.#ms)
    if (this.#outer?.aborted) return this.#outer.reason
    return problem instanceof FastMCPError ? problem : unreachable(errand, problem)
  }

  /** The outcome of some work, or a rejection when the end comes first: not everything listens to signals. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onEnd(() => reject(this.signal.reason))
      work.then(resolve, reject)
    })
  }

  /** Does something when the end comes before the request is over, in place of what was to be done so far. */
  onEnd(listener: () => void): void {
    if (this.signal.aborted) listener()
    else this.#listener = listener
  }

  /** Lets go of the timer and of the outer signal. */
  clear(): void {
    this.#listener = undefined
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#leave)
  }

  readonly #giveUp = (): void => {
    this.#isLate = true
    this.#outer?.removeEventListener('abort', this.#leave)
    this.#end(undefined)
  }

  readonly #leave = (): void => {
    clearTimeout(this.#timer)
    this.#end(this.#outer?.reason)
  }

  #end(reason: unknown): void {
    this.#abort.abort(reason)
    this.#listener?.()
  }
}
