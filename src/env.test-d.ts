import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { env } from './env.ts'

const Settings = z.object({
  API_KEY: z.string(),
  LOG_LEVEL: z.enum(['debug', 'info']),
  CACHE_TTL: z.number().transform((seconds) => seconds * 1000),
  DEBUG: z.boolean().default(false),
})

test('settings are typed by their schema, and so are their defaults', () => {
  const settings = env(Settings, {
    env: { API_KEY: 'x' },
    environment: 'staging',
    development: { LOG_LEVEL: 'debug' },
    production: { CACHE_TTL: 300, DEBUG: false },
  })
  expectTypeOf(settings).toEqualTypeOf<
    Readonly<{ API_KEY: string; LOG_LEVEL: 'debug' | 'info'; CACHE_TTL: number; DEBUG: boolean }>
  >()

  // @ts-expect-error no such level
  env(Settings, { production: { LOG_LEVEL: 'loud' } })
  // @ts-expect-error no such variable
  env(Settings, { production: { LOGLEVEL: 'info' } })
  // @ts-expect-error no such environment
  env(Settings, { environment: 'prod' })
  // @ts-expect-error settings stay as they are
  settings.DEBUG = true
})
