import { FastMCPError, ToolError } from '../protocol/errors.ts'
import type { Awaitable } from '../schema/awaitable.ts'
import type { Storage } from '../storage/storage.ts'
import { checkNumber } from './setting.ts'
import { SharedWindow } from './shared-window.ts'
import { SlidingWindow } from './sliding-window.ts'
import { type Permit, WaitingLine } from './waiting-line.ts'

export type { Permit }

/** How much is let through. */
export interface RateLimiterOptions {
  /** Most permits in any `per` milliseconds, for each key. */
  readonly limit: number
  /** The length of the window, in milliseconds. */
  readonly per: number
  /**
   * Where permits are counted together with other processes; left out, in this one alone. While it does not answer
   * nothing is let through.
   */
  readonly storage?: Storage
  /** What the limit is called in the storage; limiters of one name share it. Needed with `storage`. */
  readonly name?: string
  /** Most that wait for one key at a time; default 1,000. */
  readonly maxQueue?: number
  /** Most keys that are remembered; default 100,000. What was not asked for longest is forgotten, its window with it. */
  readonly maxKeys?: number
}

/** Lets through so much and no more, made by `rateLimiter`. */
export interface RateLimiter {
  /**
   * A permit now, or how long until there may be one. It never waits, and goes behind all who `wait`. No promise
   * unless there is a storage; `remaining` is then a part of what remains.
   */
  take(key?: string): Awaitable<Permit>
  /**
   * Waits for a permit, in the order of coming; `signal` leaves the line. Rejects with a `ToolError` with code `RATE_LIMITED`
   * when the line is full, and with what the storage says when that does not answer.
   */
  wait(key?: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /** How often the storage did not answer, and nothing was let through for it. */
  readonly storageFailures: number
}

/**
 * Lets through at most `limit` in any `per` milliseconds, for each key on its own, by a clock that never jumps.
 *
 * @example
 * const github = rateLimiter({ limit: 100, per: 60_000 })
 * await github.wait('', { signal: ctx.signal }) // before each call, however many at once
 */
export function rateLimiter(options: RateLimiterOptions): RateLimiter {
  return new WindowLimiter(options)
}

type Refusal = Extract<Permit, { allowed: false }>

/** What the limiter says while its storage does not answer. */
const NO_ANSWER: Refusal = { allowed: false, retryAfterMs: 1_000 }
const LONGEST_NAME = 300
const LOOKED_AT_PER_KEY = 2

/** What is known of one key. */
interface Account {
  /** Of this process. With a storage it is asked first, so that no storage can make one process exceed the limit. */
  readonly own: SlidingWindow
  readonly shared: SharedWindow | undefined
}

/** A line, with whose permits it waits for. */
interface Waiting {
  readonly line: WaitingLine
  readonly account: Account
}

class WindowLimiter implements RateLimiter {
  readonly #limit: number
  readonly #per: number
  readonly #maxQueue: number
  readonly #maxKeys: number
  readonly #shared: { readonly storage: Storage; readonly prefix: string } | undefined
  /** In the order of their last use. */
  readonly #accounts = new Map<string, Account>()
  #lastKey: string | undefined
  readonly #lines = new Map<string, Waiting>()
  #storageFailures = 0

  constructor({ limit, per, storage, name, maxQueue = 1_000, maxKeys = 100_000 }: RateLimiterOptions) {
    this.#limit = checkNumber('rateLimiter: limit', limit, { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true })
    this.#per = checkNumber('rateLimiter: per', per, { least: 1 })
    this.#maxQueue = checkNumber('rateLimiter: maxQueue', maxQueue, { least: 1, whole: true })
    this.#maxKeys = checkNumber('rateLimiter: maxKeys', maxKeys, { least: 1, whole: true })
    this.#shared = storage && { storage, prefix: prefixOf(name) }
  }

  get storageFailures(): number {
    return this.#storageFailures
  }

  take(key = ''): Awaitable<Permit> {
    const waiting = this.#lines.get(key)
    if (waiting !== undefined) return this.#behind(waiting.account.own, waiting.line.length)
    const account = this.#accountOf(key)
    if (account.shared === undefined) return this.#takeOwn(account.own)
    return this.#takeShared(account.own, account.shared).catch(() => NO_ANSWER)
  }

  async wait(key = '', { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted()
    const waiting = this.#lines.get(key) ?? this.#comeFirst(key)
    if (waiting === undefined) return
    const { line, account } = waiting
    if (line.length < this.#maxQueue) return line.join(signal)
    const { retryAfterMs } = this.#behind(account.own, line.length)
    const words = `${line.length} calls wait for this limit already; try again in ${Math.ceil(retryAfterMs / 1_000)} s`
    throw new ToolError('RATE_LIMITED', words, { retryAfterMs })
  }

  /** A line for a key that has none; undefined where there is a permit at once. */
  #comeFirst(key: string): Waiting | undefined {
    const account = this.#accountOf(key)
    const { own, shared } = account
    if (shared === undefined && this.#takeOwn(own).allowed) return undefined
    const line: WaitingLine = new WaitingLine({
      attempt: () => (shared === undefined ? this.#takeOwn(own) : this.#takeShared(own, shared)),
      onEmpty: () => {
        if (this.#lines.get(key)?.line !== line) return
        this.#lines.delete(key)
        // It may have been forgotten meanwhile, and is still in use.
        this.#remember(key, account)
      },
    })
    const waiting = { line, account }
    this.#lines.set(key, waiting)
    return waiting
  }

  #behind(own: SlidingWindow, ahead: number): Refusal {
    return { allowed: false, retryAfterMs: Math.max(own.waitMs(performance.now(), ahead), 1) }
  }

  #takeOwn(own: SlidingWindow): Permit {
    const now = performance.now()
    const waitMs = own.waitMs(now)
    if (waitMs > 0) return { allowed: false, retryAfterMs: waitMs }
    own.add(now)
    return { allowed: true, remaining: own.remaining }
  }

  async #takeShared(own: SlidingWindow, shared: SharedWindow): Promise<Permit> {
    const now = performance.now()
    const waitMs = own.waitMs(now)
    if (waitMs > 0) return { allowed: false, retryAfterMs: waitMs }
    // Before the answer, which others do not wait for.
    const run = own.add(now)
    try {
      const permit = await shared.take()
      if (!permit.allowed) own.undo(run)
      return permit
    } catch (problem) {
      own.undo(run)
      this.#storageFailures++
      throw problem
    }
  }

  #accountOf(key: string): Account {
    const known = this.#accounts.get(key)
    if (known !== undefined && key === this.#lastKey) return known
    if (known === undefined) this.#forgetIdle()
    const account = known ?? { own: new SlidingWindow(this.#limit, this.#per), shared: this.#sharedWindow(key) }
    this.#remember(key, account)
    return account
  }

  #sharedWindow(key: string): SharedWindow | undefined {
    return this.#shared && new SharedWindow(key, { ...this.#shared, limit: this.#limit, per: this.#per })
  }

  #remember(key: string, account: Account): void {
    this.#lastKey = key
    this.#accounts.delete(key)
    this.#accounts.set(key, account)
    if (this.#accounts.size <= this.#maxKeys) return
    const [oldest = key] = this.#accounts.keys()
    this.#accounts.delete(oldest)
  }

  /** Every new key looks at two old ones, so that those that are not used any more go. */
  #forgetIdle(): void {
    const now = performance.now()
    let looked = 0
    for (const [key, { own }] of this.#accounts) {
      if (looked++ === LOOKED_AT_PER_KEY || !own.isIdle(now)) return
      this.#accounts.delete(key)
    }
  }
}

/** The name in a form in which no two pairs of name and key give the same text. */
function prefixOf(name: string | undefined): string {
  const isRight = name !== undefined && name.length > 0 && name.length <= LONGEST_NAME
  if (isRight) return `limit:${name.length}:${name}`
  const shown = name === undefined ? 'missing' : `of ${name.length} characters`
  throw new FastMCPError('SETTING', `rateLimiter: name is ${shown}; with storage give 1 to ${LONGEST_NAME} characters`)
}
