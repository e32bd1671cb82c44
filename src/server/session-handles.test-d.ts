import { expectTypeOf, it } from 'vitest'
import type { Context } from '../engine/context.ts'
import type { Storage, Stored } from '../storage/storage.ts'
import { sessionHandles } from './session-handles.ts'

declare const ctx: Context

interface Cart {
  readonly items: readonly string[]
}

it('a handle has the type of its state', async () => {
  const carts = sessionHandles<Cart>('cart', { ttlMs: 1_000, max: 5 })
  const id = await carts.create(ctx, { items: [] })
  expectTypeOf(id).toBeString()
  expectTypeOf(await carts.use(ctx, id)).toEqualTypeOf<Cart>()
  expectTypeOf(await carts.use(ctx, id, ({ items }) => ({ items: [...items, 'tea'] }))).toEqualTypeOf<Cart>()
  expectTypeOf(await carts.end(ctx, id)).toBeBoolean()
  // @ts-expect-error no cart
  carts.create(ctx, { item: 'tea' })
  // @ts-expect-error no cart
  carts.use(ctx, id, () => ({ items: 5 }))
  // @ts-expect-error a change is made at once
  carts.use(ctx, id, async (cart) => cart)
  // @ts-expect-error a change gives the whole state
  carts.use(ctx, id, () => undefined)
  // @ts-expect-error no such option
  sessionHandles<Cart>('cart', { ttl: 5 })
})

it('what is kept is a storage', async () => {
  expectTypeOf(ctx.storage).toEqualTypeOf<Storage>()
  expectTypeOf(ctx.userState).toEqualTypeOf<Storage>()
  expectTypeOf(await ctx.userState.get('a')).toEqualTypeOf<Stored | undefined>()
  // @ts-expect-error a function cannot be stored
  ctx.userState.set('a', () => 1)
  // @ts-expect-error a change is made at once
  ctx.storage.update('a', async () => 1)
})
