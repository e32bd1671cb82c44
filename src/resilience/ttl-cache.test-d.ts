import { expectTypeOf, it } from 'vitest'
import { ttlCache } from './ttl-cache.ts'

it('holds values of one type, undefined among them if you say so', async () => {
  const cache = ttlCache<number | undefined>({ ttl: 1, max: 1 })
  const found = cache.get('a')
  // @ts-expect-error there is a value only where there is a hit
  found.value
  if (found.hit) expectTypeOf(found.value).toEqualTypeOf<number | undefined>()
  const { value } = await cache.getOrLoad('a', async ({ signal }) => Number(signal.aborted), { ttl: (n) => n ?? 0 })
  expectTypeOf(value).toEqualTypeOf<number | undefined>()
  // @ts-expect-error not of its type
  cache.set('a', 'text')
  // @ts-expect-error not of its type
  cache.getOrLoad('a', () => 'text')
})

it('must be told how much and how long', () => {
  // @ts-expect-error how many
  ttlCache({ ttl: 1 })
  // @ts-expect-error how long
  ttlCache({ max: 1 })
  // @ts-expect-error what goes
  ttlCache({ ttl: 1, max: 1 }).invalidate({ keys: 'a' })
})
