import { expectTypeOf, it } from 'vitest'
import type { Awaitable } from '../schema/awaitable.ts'
import { type Permit, rateLimiter } from './rate-limiter.ts'

it('tells a permit from a refusal', async () => {
  const limiter = rateLimiter({ limit: 1, per: 1 })
  expectTypeOf(limiter.take('a')).toEqualTypeOf<Awaitable<Permit>>()
  const permit = await limiter.take()
  if (permit.allowed) expectTypeOf(permit.remaining).toEqualTypeOf<number>()
  else expectTypeOf(permit.retryAfterMs).toEqualTypeOf<number>()
  // @ts-expect-error only where it was refused
  permit.retryAfterMs
  // @ts-expect-error the length of the window
  rateLimiter({ limit: 1 })
})
