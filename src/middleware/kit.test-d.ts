import { expectTypeOf, it } from 'vitest'
import type { Auth } from '../engine/auth.ts'
import type { Context } from '../engine/context.ts'
import { FastMCP, type ResourceOptions } from '../index.ts'
import {
  type Authorized,
  authorize,
  cache,
  errors,
  type Intent,
  logging,
  type Outcome,
  rateLimit,
  responseLimit,
  retry,
  type TimingRow,
  timeLimit,
  timing,
} from './index.ts'

const mcp = new FastMCP({ name: 'typed', version: '1.0.0' })

it('every layer is used alone, or with any pattern', () => {
  const kit = [
    errors([]),
    logging(),
    timing(),
    authorize(() => true),
    rateLimit({ limit: 1, per: 1 }),
    cache({ ttl: 1 }),
    retry(),
    timeLimit({ ms: 1 }),
    responseLimit({ maxBytes: 1_024 }),
  ] as const
  for (const layer of kit) {
    mcp.use(layer)
    mcp.use('tools/call', layer)
    mcp.use('resources/*', layer)
    mcp.use('*', layer)
  }
})

it('a rule knows who, what and which', () => {
  authorize((auth, call, definition) => {
    expectTypeOf(auth).toEqualTypeOf<Auth | undefined>()
    expectTypeOf(call).toEqualTypeOf<Intent>()
    expectTypeOf(definition).toEqualTypeOf<Authorized>()
    expectTypeOf(definition.name).toBeString()
    if (call.method === 'resources/read') expectTypeOf(call.params.uri).toBeString()
    else expectTypeOf(call.params.arguments).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>()
    return 'because'
  })
  // @ts-expect-error a number is no answer
  authorize(() => 1)
})

it('options are complete and spelled right', () => {
  // @ts-expect-error ttl is missing
  cache({})
  // @ts-expect-error a limit needs its window
  rateLimit({ limit: 1 })
  // @ts-expect-error milliseconds are `ms`
  timeLimit({ timeout: 1 })
  // @ts-expect-error there is no such level
  logging({ level: 'debug' })
  cache({ ttl: 1, vary: ({ context, params }) => `${expectTypeOf(context).toEqualTypeOf<Context>()}${params.name}` })
})

it('layers tell what they know', () => {
  expectTypeOf(timing().snapshot()).toEqualTypeOf<readonly TimingRow[]>()
  expectTypeOf(logging().dropped).toBeNumber()
  expectTypeOf(cache({ ttl: 1 }).stats.hits).toBeNumber()
  timing({ onTiming: ({ outcome }) => expectTypeOf(outcome).toEqualTypeOf<Outcome>() })
})

it('a resource says how long it is kept, and how long clients may keep it', () => {
  expectTypeOf({ ttl: 1, ttlMs: 2, cacheScope: 'public' as const }).toExtend<NonNullable<ResourceOptions['cache']>>()
  // @ts-expect-error there is no such time
  mcp.resource('a://a', { cache: { seconds: 1 } }, () => 'a')
})
