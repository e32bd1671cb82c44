import { ToolError } from '../../../protocol/errors.ts'
import { type RateLimiter, rateLimiter } from '../../../resilience/rate-limiter.ts'
import type { Fetch } from '../../../upstream/follow.ts'

/** Lets requests through at the rate that an API bears. */
export interface Turnstile {
  /** Waits for the turn of a first request. Rejects with `RATE_LIMITED` where that would take too long. */
  pass(signal: AbortSignal | undefined): Promise<void>
  /** The same `fetch`, with every request behind the first waiting for its turn too: repetitions, redirects. */
  again(fetch: Fetch): Fetch
}

/** How many requests there may be in how many milliseconds. */
export interface Rate {
  readonly limit: number
  readonly per: number
}

/** Makes the limiter of a rate; undefined where there is none. Throws `SETTING` for one that cannot be. */
export function limiterOf(rate: Rate | undefined): RateLimiter | undefined {
  return rate && rateLimiter({ limit: rate.limit, per: rate.per })
}

/** Makes a turnstile of limiters, all of which must let a request through; nobody waits for longer than `mostMs` in all. */
export function createTurnstile(limiters: readonly RateLimiter[], mostMs: number): Turnstile | undefined {
  if (limiters.length === 0) return undefined
  const pass = async (signal: AbortSignal | undefined): Promise<void> => {
    const until = performance.now() + mostMs
    for (const limiter of limiters) {
      const taken = limiter.take()
      // Without a storage it is no promise: who is told how long the line is, is in it before anybody else.
      const permit = taken instanceof Promise ? await taken : taken
      if (permit.allowed) continue
      if (permit.retryAfterMs > until - performance.now()) throw tooMany(permit.retryAfterMs)
      await limiter.wait('', { signal })
    }
  }
  return {
    pass,
    again(fetch) {
      let isFirst = true
      return async (url, init) => {
        if (!isFirst) await pass(init.signal ?? undefined)
        isFirst = false
        return fetch(url, init)
      }
    },
  }
}

function tooMany(retryAfterMs: number): ToolError {
  const words = `Too many calls to this API; try again in ${Math.ceil(retryAfterMs / 1_000)} s`
  return new ToolError('RATE_LIMITED', words, { retryAfterMs: Math.ceil(retryAfterMs) })
}
