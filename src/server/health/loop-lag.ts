import { every } from '../../engine/timer.ts'
import { lastingProcess } from '../runtime.ts'

const BEAT_MS = 100
/** Who does not ask for so long no longer wants to know. */
const REST_AFTER_MS = 60_000

/**
 * How late the event loop is. It begins to measure when first asked, and rests a minute after it was last asked. A
 * single delay counts half as much every 100 ms, so that one long task does not tell for longer than it matters.
 */
export class LoopLag {
  #lag = 0
  #due = 0
  #askedAt = 0
  #pulse: ReturnType<typeof every> | undefined

  /** Milliseconds; 0 where a runtime cannot tell. */
  read(): number {
    this.#askedAt = performance.now()
    if (this.#pulse !== undefined) return Math.max(this.#lag, this.#askedAt - this.#due)
    if (lastingProcess() === undefined) return 0
    this.#due = this.#askedAt + BEAT_MS
    this.#pulse = every(() => this.#beat(), BEAT_MS)
    return 0
  }

  /** Measures no more, until asked again. */
  rest(): void {
    clearInterval(this.#pulse)
    this.#pulse = undefined
    this.#lag = 0
  }

  #beat(): void {
    const now = performance.now()
    this.#lag = Math.max(now - this.#due, this.#lag / 2)
    this.#due = now + BEAT_MS
    if (now - this.#askedAt > REST_AFTER_MS) this.rest()
  }
}
