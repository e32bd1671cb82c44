import { expectTypeOf, it } from 'vitest'
import { mapConcurrent, type Outcome } from './map-concurrent.ts'

it('gives outcomes of what the work gives', async () => {
  const outcomes = await mapConcurrent(['a'], async (item, { index, signal }) => {
    expectTypeOf(item).toEqualTypeOf<string>()
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    return index
  })
  expectTypeOf(outcomes).toEqualTypeOf<Outcome<number>[]>()
  for (const outcome of outcomes) {
    // @ts-expect-error there is a value only where it went well
    outcome.value
    if (outcome.ok) expectTypeOf(outcome.value).toEqualTypeOf<number>()
    else expectTypeOf(outcome.error).toEqualTypeOf<unknown>()
  }
})

it('takes async items', () => {
  async function* rows(): AsyncGenerator<{ id: number }> {
    yield { id: 1 }
  }
  mapConcurrent(rows(), ({ id }) => expectTypeOf(id).toEqualTypeOf<number>())
  // @ts-expect-error nothing to go through
  mapConcurrent(5, () => 1)
})
