const EXACT_UP_TO = 128

/**
 * The takes of the last `per` milliseconds, on a clock that is handed in. Up to 128 of them are kept one by one; where
 * the limit is higher, those within a 128th of `per` are kept together and leave late by at most that, never early.
 */
export class SlidingWindow {
  readonly #limit: number
  readonly #per: number
  readonly #grain: number
  /** Oldest first; those before `#start` have left. */
  #runs: Run[] = []
  #start = 0
  #used = 0

  constructor(limit: number, per: number) {
    this.#limit = limit
    this.#per = per
    this.#grain = limit > EXACT_UP_TO ? per / EXACT_UP_TO : 0
  }

  /** How many may go now, after `waitMs`. */
  get remaining(): number {
    return this.#limit - this.#used
  }

  /** Milliseconds until one may go, when `ahead` others go first; 0: now. */
  waitMs(now: number, ahead = 0): number {
    this.#forget(now)
    if (this.#used + ahead < this.#limit) return 0
    const rounds = Math.floor(ahead / this.#limit)
    return Math.ceil(rounds * this.#per + this.#freedAfter(now, this.#used + (ahead % this.#limit) - this.#limit + 1))
  }

  /** Whether nothing is in the window. */
  isIdle(now: number): boolean {
    this.#forget(now)
    return this.#used === 0
  }

  add(now: number): Run {
    this.#used++
    const newest = this.#runs.at(-1)
    if (newest !== undefined && this.#runs.length > this.#start && now - newest.first <= this.#grain) {
      newest.last = now
      newest.count++
      return newest
    }
    const run = { first: now, last: now, count: 1 }
    this.#runs.push(run)
    return run
  }

  /** Takes back what `add` gave, if it is still in the window. */
  undo(run: Run): void {
    if (!this.#runs.includes(run, this.#start)) return
    run.count--
    this.#used--
  }

  #freedAfter(now: number, wanted: number): number {
    let freed = 0
    for (let at = this.#start; at < this.#runs.length; at++) {
      const run = this.#runs[at]
      freed += run?.count ?? 0
      if (run !== undefined && freed >= wanted) return Math.max(this.#per - (now - run.last), 1)
    }
    return this.#per
  }

  #forget(now: number): void {
    for (let run = this.#runs[this.#start]; run && now - run.last >= this.#per; run = this.#runs[this.#start]) {
      this.#used -= run.count
      this.#start++
    }
    // When half of them have left, so that a take costs the same however many there are.
    if (this.#start === 0 || this.#start * 2 < this.#runs.length) return
    this.#runs = this.#runs.slice(this.#start)
    this.#start = 0
  }
}

/** Takes that count as one: they leave the window together, when the last of them does. */
export interface Run {
  readonly first: number
  last: number
  count: number
}
