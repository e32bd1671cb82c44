import { type RateLimiter, rateLimiter } from './resilience/rate-limiter.ts'
import type { Health } from './server/health/health.ts'
import type { HttpParts } from './transports/http/options.ts'
import { createThrottle, type HttpRateLimit } from './transports/http/rate-limit.ts'

/**
 * What a server lends its HTTP transports: whether it can take more, and what counts requests, one and the same for
 * `fetch` and every port. Throws `FastMCPError` for a limit that cannot be.
 */
export function httpParts(health: Health, rateLimit: HttpRateLimit | undefined): HttpParts {
  const limiters = new WeakMap<object, RateLimiter>()
  const limiterFor = (limit: Pick<HttpRateLimit, 'limit' | 'per'>): RateLimiter => {
    const limiter = limiters.get(limit) ?? rateLimiter({ limit: limit.limit, per: limit.per })
    limiters.set(limit, limiter)
    return limiter
  }
  const parts: HttpParts = {
    readiness: health.readiness,
    createTakeTurn: (limit) => {
      const limiter = limiterFor(limit)
      return (key) => limiter.take(key)
    },
  }
  // Once, so that what is wrong with it is said where it was given.
  if (rateLimit !== undefined) createThrottle(rateLimit, parts.createTakeTurn)
  return parts
}
