import { expectTypeOf, it } from 'vitest'
import { memoize } from './memoize.ts'

it('takes the same arguments and promises the same result', () => {
  const load = memoize(async (id: number, options?: { deep: boolean }) => ({ id, ...options }))
  expectTypeOf<Parameters<typeof load>>().toEqualTypeOf<[id: number, options?: { deep: boolean } | undefined]>()
  expectTypeOf(load(1)).resolves.toEqualTypeOf<{ deep?: boolean; id: number }>()
  expectTypeOf(load.forget(1, { deep: true })).toEqualTypeOf<boolean>()
  expectTypeOf(memoize((text: string) => text.length)('a')).toEqualTypeOf<Promise<number>>()
  // @ts-expect-error not its argument
  load('1')
  // @ts-expect-error not its argument
  load.forget('1')
})

it('gives `key` the arguments', () => {
  memoize((id: number, signal: AbortSignal) => signal.aborted || id, {
    key: (id, signal) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      return `${id}`
    },
  })
  // @ts-expect-error a key is a text
  memoize((id: number) => id, { key: (id) => id })
})
