import { FastMCPError, ToolError } from '../protocol/errors.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import { pause, unlessAborted } from './abort.ts'
import { isAsking } from './asking.ts'
import { checkNumber, LONGEST_TIMER } from './setting.ts'

/** One try of work that is tried again. */
export interface Attempt {
  /** Counts from 1. */
  readonly attempt: number
  /** Aborts when the `signal` of the options does; hand it on. */
  readonly signal: AbortSignal
}

/** How often and how soon work is tried again. Times are milliseconds. */
export interface RetryOptions {
  /** Tries after the first; default 3. */
  readonly retries?: number
  /** Before the second try; default 200. */
  readonly initialDelay?: number
  /** Longest delay, also for what an error asks for; default 30,000. */
  readonly maxDelay?: number
  /** How much longer each delay is than the one before; default 2. */
  readonly factor?: number
  /** Whether delays are random between half and all of their time, so that many callers do not come back at once; default true. */
  readonly jitter?: boolean
  /** Ends everything at once, delays too. */
  readonly signal?: AbortSignal | undefined
  /** Whether an error may pass; what may not is thrown as it is. Left out, `mayPass`. */
  readonly retryIf?: (problem: unknown, tried: { readonly attempt: number }) => Awaitable<boolean>
  /** Told before each delay. */
  readonly onRetry?: (problem: unknown, tried: { readonly attempt: number; readonly delayMs: number }) => void
}

/** Every try failed; `cause` is the last error. The message holds its words, so that it is not for clients. */
export class RetryError extends FastMCPError {
  readonly attempts: number

  constructor(attempts: number, cause: unknown) {
    const words = cause instanceof Error ? cause.message : typeof cause
    super('RETRIES_EXHAUSTED', `Gave up after ${attempts} ${attempts === 1 ? 'try' : 'tries'}: ${words}`, { cause })
    this.attempts = attempts
  }
}

/**
 * Does work until it succeeds, with growing delays between the tries. When it gives up it throws an error
 * whose `cause` is the last one: a `ToolError` if that was one, so that the model can read it, otherwise
 * `RetryError`. An error with a number `retryAfterMs` sets the delay itself. Work may have had its effect
 * although it failed: use it only where twice does no harm.
 *
 * @example
 * const rates = await retry(({ signal }) => fetchRates(signal), { retries: 5, signal: ctx.signal })
 */
export async function retry<T>(work: (attempt: Attempt) => Awaitable<T>, options: RetryOptions = {}): Promise<T> {
  const { retries, retryIf, onRetry, ...delays } = checked(options)
  const { signal } = options
  let own = signal

  for (let attempt = 1; ; attempt++) {
    const tried: Attempt = {
      attempt,
      get signal() {
        own ??= new AbortController().signal
        return own
      },
    }
    try {
      return await (signal === undefined ? work(tried) : unlessAborted(() => work(tried), signal))
    } catch (problem) {
      signal?.throwIfAborted()
      if (isAsking(problem) || !(await retryIf(problem, { attempt }))) throw problem
      if (attempt > retries) throw givenUp(problem, attempt)
      const delayMs = delayAfter(problem, attempt, delays)
      onRetry?.(problem, { attempt, delayMs })
      await pause(delayMs, signal)
    }
  }
}

interface Delays {
  readonly initialDelay: number
  readonly maxDelay: number
  readonly factor: number
  readonly jitter: boolean
}

function checked(options: RetryOptions) {
  const { retries = 3, initialDelay = 200, maxDelay = 30_000, factor = 2, jitter = true } = options
  return {
    retries: checkNumber('retry: retries', retries, { least: 0, whole: true }),
    initialDelay: checkNumber('retry: initialDelay', initialDelay, { least: 0, most: LONGEST_TIMER }),
    maxDelay: checkNumber('retry: maxDelay', maxDelay, { least: 0, most: LONGEST_TIMER }),
    factor: checkNumber('retry: factor', factor, { least: 1 }),
    jitter,
    retryIf: options.retryIf ?? mayPass,
    onRetry: options.onRetry,
  }
}

const PASSING_CODES: ReadonlySet<string> = new Set([
  'API_ERROR',
  'OVERLOADED',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
])

/**
 * Whether an error may be gone at the next try: any but those that say `retryable: false`, those of work
 * that was aborted, and errors of this library whose code names a mistake of the caller.
 */
export function mayPass(problem: unknown): boolean {
  if (member(problem, 'retryable') === false || member(problem, 'name') === 'AbortError') return false
  if (member(problem, 'retryable') === true) return true
  return !(problem instanceof FastMCPError) || PASSING_CODES.has(problem.code)
}

function delayAfter(problem: unknown, attempt: number, { initialDelay, maxDelay, factor, jitter }: Delays): number {
  const asked = member(problem, 'retryAfterMs') ?? member(member(problem, 'details'), 'retryAfterMs')
  if (typeof asked === 'number' && !Number.isNaN(asked)) return Math.min(Math.max(asked, 0), maxDelay)
  const growth = Math.min(factor ** (attempt - 1), Number.MAX_VALUE)
  const whole = Math.min(initialDelay * growth, maxDelay)
  return jitter ? whole / 2 + (Math.random() * whole) / 2 : whole
}

function givenUp(last: unknown, attempts: number): Error {
  if (!(last instanceof ToolError)) return new RetryError(attempts, last)
  return new ToolError(last.code, last.message, { ...last.details, attempts, cause: last })
}

function member(value: unknown, name: string): unknown {
  // What a name leads to is checked by whoever asks.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
