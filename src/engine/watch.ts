import type { Context } from './context.ts'

/** A function of an author's as whoever watches it sees it; one per component, and it learns. */
export interface Watched<Args, R> {
  /** How reports name it, such as `tool "add"`. */
  readonly label: string
  readonly work: (args: Args, context: Context) => R
  /** Whether it goes on after it has returned; undefined until it was run. */
  goesOn?: boolean | undefined
}

/** Looks on while functions of authors run, in development: finds those that hold everybody else up. */
export interface Watch {
  /** Runs a function; gives what it gives, and throws what it throws. */
  run<Args, R>(watched: Watched<Args, R>, args: Args, context: Context): R
  /** Hears of a function that was not done in time and can know nothing of that. */
  outlived(label: string, timeoutMs: number): void
}
