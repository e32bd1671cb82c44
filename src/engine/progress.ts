import type { Origin } from './origin.ts'
import { later } from './timer.ts'

/** So many reports may follow each other at once; after them one comes in every pause. Both together: 20 a second. */
const AT_ONCE = 10
const PAUSE_MS = 100

/**
 * The progress of one request on its way to a client that asked for it. Values only grow. A producer that is faster
 * than 20 reports a second, or than the client reads, has those between left out; the last one is always sent.
 */
export class ProgressReports {
  readonly #origin: Origin
  readonly #token: string | number
  #last = Number.NEGATIVE_INFINITY
  #isCounting = true
  /** When the next report would be due if all so far had come evenly. */
  #due = 0
  #held: Readonly<Record<string, unknown>> | undefined
  #timer: ReturnType<typeof later> | undefined

  constructor(origin: Origin, token: string | number) {
    this.#origin = origin
    this.#token = token
  }

  /** Reports, now or soon. What does not grow is dropped. */
  report(done: number, total: number | undefined, message: string | undefined): void {
    this.#isCounting = false
    if (!Number.isFinite(done) || done <= this.#last) return
    this.#last = done
    const params: Record<string, unknown> = { progressToken: this.#token, progress: done }
    if (total !== undefined) params.total = total
    if (message !== undefined) params.message = message
    if (this.#timer === undefined && this.#waitMs() === 0) this.#send(params)
    else this.#hold(params)
  }

  /** Reports one part more of the result, at once; false when the handler reports by itself, for then the numbers are its own. */
  count(part: unknown): boolean {
    if (!this.#isCounting) return false
    this.#last = Math.max(this.#last, 0) + 1
    const params: Record<string, unknown> = { progressToken: this.#token, progress: this.#last }
    if (part !== undefined) params.message = typeof part === 'string' ? part : JSON.stringify(part)
    this.#origin.notify('notifications/progress', params)
    return true
  }

  /** Sends what is held back: nothing may follow. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#held !== undefined) this.#send(this.#held)
  }

  /** How long the next report has to wait. */
  #waitMs(): number {
    if (this.#origin.flow?.drained() !== undefined) return PAUSE_MS
    return Math.max(0, this.#due - performance.now() - (AT_ONCE - 1) * PAUSE_MS)
  }

  #hold(params: Readonly<Record<string, unknown>>): void {
    this.#held = params
    this.#timer ??= later(() => this.#tryAgain(), this.#waitMs())
  }

  #tryAgain(): void {
    this.#timer = undefined
    if (this.#held === undefined) return
    if (this.#waitMs() > 0) this.#hold(this.#held)
    else this.#send(this.#held)
  }

  #send(params: Readonly<Record<string, unknown>>): void {
    this.#held = undefined
    this.#due = Math.max(this.#due, performance.now()) + PAUSE_MS
    this.#origin.notify('notifications/progress', params)
  }
}

/** The reports of one request; undefined where its client does not want any. */
export function progressOf(origin: Origin): ProgressReports | undefined {
  const token = origin.meta?.progressToken
  return typeof token === 'string' || typeof token === 'number' ? new ProgressReports(origin, token) : undefined
}
