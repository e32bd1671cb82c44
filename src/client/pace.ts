/** Lines that are taken in one go. */
const PORTION = 128
/** How many lines may come in a millisecond on the whole. */
const PER_MS = 400
/** How far a flood may be ahead of that before it has to wait. */
const AHEAD_MS = 4
const WINDOW_MS = 1_000

/**
 * Takes an answer in no faster than 400,000 lines a second, and in portions with a turn of the
 * event loop between them: a flood of tiny events, comments or chunks must not keep the process
 * from its other work.
 */
export class Pace {
  #since = performance.now()
  #lines = 0
  #portion = 0

  /** Resolves when it is time for more. */
  keep(lines: number): Promise<void> | undefined {
    this.#lines += lines
    this.#portion += lines
    if (this.#portion < PORTION) return undefined
    this.#portion = 0
    const elapsed = performance.now() - this.#since
    const ahead = this.#lines / PER_MS - elapsed
    if (elapsed > WINDOW_MS) {
      this.#since += elapsed
      this.#lines = 0
    }
    return new Promise((resolve) => {
      if (ahead > AHEAD_MS) setTimeout(resolve, ahead)
      else setImmediate(resolve)
    })
  }
}
