/** The door: tools for services that are slow, limited or down, and for work of many parts. */

export type { Invalidation } from './key-match.ts'
export { type MapConcurrentOptions, mapConcurrent, type Outcome, type Place } from './map-concurrent.ts'
export { type Memoized, type MemoizeOptions, memoize } from './memoize.ts'
export { type Permit, type RateLimiter, type RateLimiterOptions, rateLimiter } from './rate-limiter.ts'
export { type Attempt, mayPass, RetryError, type RetryOptions, retry } from './retry.ts'
export { StepError, type StepFacts } from './step-error.ts'
export { type TimeoutOptions, timeout } from './timeout.ts'
export {
  type Cached,
  type CacheLoadOptions,
  type CacheSetOptions,
  type Loaded,
  type Loading,
  type TtlCache,
  type TtlCacheOptions,
  ttlCache,
} from './ttl-cache.ts'
export { type WorkflowResult, workflow } from './workflow.ts'
export type { SoFar, Step, WorkflowContext } from './workflow-step.ts'
