import { later } from '../../engine/timer.ts'
import { FastMCPError } from '../../protocol/errors.ts'
import type { Report } from '../mask.ts'

/**
 * Looks whether something that the server needs is there: it is, unless this throws, gives `false` or takes too long.
 * The signal ends with the time: pass it on, so that nothing goes on that nobody waits for.
 */
export type HealthCheck = (signal: AbortSignal) => unknown

/** How a check went. Why it failed is for operators alone. */
export interface CheckFigures {
  readonly status: 'up' | 'down'
  readonly durationMs: number
  /** Only where it was not done in time. */
  readonly timedOut?: true
}

/** The checks of a server, by name. */
export type CheckResults = Readonly<Record<string, CheckFigures>>

/** How checks are run. Times in milliseconds. */
export interface ChecksOptions {
  readonly timeoutMs: number
  /** How long results are given again instead of looking anew. */
  readonly keepMs: number
  /** Told when a check begins to fail, and once a minute while it does. */
  readonly report: Report
}

const REMIND_MS = 60_000

/** Runs all checks side by side. Many who ask at once share one run; never rejects. */
export class Checks {
  readonly #options: ChecksOptions
  readonly #checks: readonly Check[]
  #running: Promise<CheckResults> | undefined
  #known: { readonly results: CheckResults; readonly until: number } | undefined

  /** Throws `FastMCPError` for a check that is no function. */
  constructor(checks: Readonly<Record<string, HealthCheck>>, options: ChecksOptions) {
    this.#options = options
    this.#checks = Object.entries(checks).map(([name, check]) => new Check(name, check, options))
  }

  /** The newest results; a promise only where somebody must be asked. */
  results(): Promise<CheckResults> | CheckResults {
    if (this.#known !== undefined && performance.now() < this.#known.until) return this.#known.results
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<CheckResults> {
    const entries = await Promise.all(this.#checks.map(async (check) => [check.name, await check.run()] as const))
    const results = Object.fromEntries(entries)
    this.#known = { results, until: performance.now() + this.#options.keepMs }
    this.#running = undefined
    return results
  }
}

/** One check and what it is busy with. */
class Check {
  readonly name: string
  readonly #look: HealthCheck
  readonly #options: ChecksOptions
  /** A run that ignores its signal is not joined by another one. */
  #isBusy = false
  #remindAt: number | undefined

  constructor(name: string, look: unknown, options: ChecksOptions) {
    if (typeof look !== 'function') {
      throw new FastMCPError(
        'SETTING',
        `health.checks.${name} is no function; give one that throws where something is wrong`,
      )
    }
    this.name = name
    this.#look = look as HealthCheck // whatever it gives is looked at
    this.#options = options
  }

  async run(): Promise<CheckFigures> {
    const began = performance.now()
    const outcome = this.#isBusy ? TIMED_OUT : await this.#outcome()
    const durationMs = Math.round(performance.now() - began)
    if (outcome === undefined) {
      this.#remindAt = undefined
      return { status: 'up', durationMs }
    }
    this.#tell(outcome)
    return { status: 'down', durationMs, ...(outcome === TIMED_OUT && { timedOut: true as const }) }
  }

  /** What is wrong; undefined where nothing is. */
  #outcome(): Promise<Error | undefined> {
    const abort = new AbortController()
    this.#isBusy = true
    const looking = this.#ask(abort.signal).finally(() => {
      this.#isBusy = false
    })
    return new Promise((resolve) => {
      const timer = later(() => {
        resolve(TIMED_OUT)
        abort.abort(TIMED_OUT)
      }, this.#options.timeoutMs)
      looking.then(resolve).then(() => clearTimeout(timer))
    })
  }

  async #ask(signal: AbortSignal): Promise<Error | undefined> {
    try {
      return (await this.#look(signal)) === false ? SAID_NO : undefined
    } catch (problem) {
      return problem instanceof Error ? problem : new Error('It threw something that is no error', { cause: problem })
    }
  }

  #tell(outcome: Error): void {
    const now = performance.now()
    if (this.#remindAt !== undefined && now < this.#remindAt) return
    this.#remindAt = now + REMIND_MS
    this.#options.report(outcome, { during: 'a health check', check: this.name })
  }
}

const SAID_NO = verdict('The check gave false')
const TIMED_OUT = verdict('The check was not done in time')

/** No line of code threw it, so there is none to show. */
function verdict(words: string): Error {
  const problem = new FastMCPError('HEALTH_CHECK', words)
  problem.stack = words
  return problem
}
