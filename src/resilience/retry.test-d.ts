import { expectTypeOf, it } from 'vitest'
import { retry } from './retry.ts'
import { timeout } from './timeout.ts'

it('gives what the work gives, promised or not', () => {
  expectTypeOf(retry(() => 5)).toEqualTypeOf<Promise<number>>()
  expectTypeOf(retry(async ({ attempt, signal }) => [attempt, signal.aborted] as const)).toEqualTypeOf<
    Promise<readonly [number, boolean]>
  >()
  expectTypeOf(timeout(async (signal) => signal.aborted, 5)).toEqualTypeOf<Promise<boolean>>()
})

it('refuses what is no option', () => {
  // @ts-expect-error it is called retries
  retry(() => 5, { attempts: 3 })
  // @ts-expect-error a number
  retry(() => 5, { retries: '3' })
  // @ts-expect-error how long
  timeout(() => 5)
})
