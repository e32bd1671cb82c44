import { later } from '../../engine/timer.ts'
import type { Awaitable } from '../../schema/awaitable.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** What is done about what is loaded. */
export interface LoadingHabits<T> {
  load(): Promise<T>
  /** Once. */
  onLoaded(value: T): void
  /** At every failure. */
  onError(problem: unknown): void
}

/**
 * Something that is elsewhere: loaded once, for all who ask meanwhile. After a failure it is not tried again for a while,
 * 1 s at first and twice that each time, a minute at most.
 */
export class Loading<T> {
  readonly #habits: LoadingHabits<T>
  #value: { readonly loaded: T } | undefined
  #flight: Promise<T> | undefined
  #failed: { readonly problem: unknown; readonly until: number } | undefined
  #pauseMs = FIRST_PAUSE_MS
  #timer: ReturnType<typeof later> | undefined
  #goesOn = false

  /** `here` is what need not be loaded. */
  constructor(habits: LoadingHabits<T>, here?: T) {
    this.#habits = habits
    if (here !== undefined) this.#value = { loaded: here }
  }

  get isHere(): boolean {
    return this.#value !== undefined
  }

  /** At once where it is here; rejects at once during the pause after a failure. */
  take(): Awaitable<T> {
    if (this.#value !== undefined) return this.#value.loaded
    if (this.#flight !== undefined) return this.#flight
    if (this.#isPaused) return Promise.reject(this.#failed?.problem)
    this.#flight = this.#load().finally(() => {
      this.#flight = undefined
    })
    return this.#flight
  }

  /** Loads it without anybody asking, again and again until it is here or `stop` is called. */
  begin(): void {
    this.#goesOn = true
    const taken = this.#isPaused ? this.#again() : this.take()
    if (taken instanceof Promise) taken.catch(told)
  }

  stop(): void {
    this.#goesOn = false
    clearTimeout(this.#timer)
  }

  async #load(): Promise<T> {
    try {
      const loaded = await this.#habits.load()
      this.#value = { loaded }
      this.#failed = undefined
      clearTimeout(this.#timer)
      this.#habits.onLoaded(loaded)
      return loaded
    } catch (problem) {
      this.#failed = { problem, until: performance.now() + this.#pauseMs }
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
      this.#habits.onError(problem)
      if (this.#goesOn) this.#again()
      throw problem
    }
  }

  get #isPaused(): boolean {
    return this.#failed !== undefined && performance.now() < this.#failed.until
  }

  #again(): void {
    clearTimeout(this.#timer)
    const ms = Math.max(0, (this.#failed?.until ?? 0) - performance.now())
    this.#timer = later(() => this.begin(), ms)
  }
}

/** Who is told of a failure has been told already. */
function told(): void {}
