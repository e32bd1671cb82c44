import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import { application } from '../../tests/kit/stateless.ts'
import type { Auth } from '../engine/auth.ts'
import { contextOf } from '../engine/backstage.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { type Storage, StorageError } from '../storage/storage.ts'
import { createKept } from './kept.ts'
import { sessionHandles } from './session-handles.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Cart {
  readonly items: readonly string[]
}

const ann: Auth = { subject: 'ann' }
const bob: Auth = { subject: 'bob' }
const empty: Cart = { items: [] }

function serverOf(storage: Storage = createMemoryStorage()) {
  const server = { ...application(), kept: createKept({ name: 'shop', storage }) }
  return (auth?: Auth) => contextOf(originOf({ auth, application: server }))
}

function add(item: string) {
  return ({ items }: Cart): Cart => ({ items: [...items, item] })
}

const NOT_FOUND = {
  name: 'ToolError',
  code: 'NOT_FOUND',
  message: 'No such cart: it has ended or expired, or is not yours. Begin a new one and use its id.',
}

describe('a session handle', () => {
  it('is begun, used and ended', async () => {
    const carts = sessionHandles<Cart>('cart')
    const context = serverOf()(ann)
    const id = await carts.create(context, empty)
    expect(id).toMatch(/^cart_[\w-]{22}$/)
    expect(await carts.use(context, id)).toEqual({ items: [] })
    expect(await carts.use(context, id, add('tea'))).toEqual({ items: ['tea'] })
    expect(await carts.use(context, id)).toEqual({ items: ['tea'] })
    expect(await carts.end(context, id)).toBe(true)
    expect(await carts.end(context, id)).toBe(false)
    await expect(carts.use(context, id)).rejects.toMatchObject(NOT_FOUND)
  })

  it('leaves nothing behind when it has ended', async () => {
    const storage = createMemoryStorage()
    const carts = sessionHandles<Cart>('cart')
    const context = serverOf(storage)(ann)
    const ids = await Promise.all(Array.from({ length: 20 }, () => carts.create(context, empty)))
    await Promise.all(ids.map((id) => carts.end(context, id)))
    for await (const key of storage.list('')) expect(key).toBe('nothing')
  })

  it('ST-04: looks the same when it is unknown, of another caller, of another kind, ended or no id at all', async () => {
    const open = serverOf()
    const carts = sessionHandles<Cart>('cart')
    const id = await carts.create(open(ann), empty)
    const anonymous = await carts.create(open(), empty)
    const ended = await carts.create(open(bob), empty)
    await carts.end(open(bob), ended)
    const other = await sessionHandles<Cart>('basket').create(open(bob), empty)
    const bad = [id, anonymous, ended, other, 'cart_', '', '__proto__', `${id} `, 'x'.repeat(1_000_000), 5 as never]
    for (const guess of [...bad, undefined as never, { id } as never, [id] as never]) {
      await expect(carts.use(open(bob), guess, add('tea'))).rejects.toMatchObject(NOT_FOUND)
      expect(await carts.end(open(bob), guess)).toBe(false)
    }
    await expect(carts.use(open(), id)).rejects.toMatchObject(NOT_FOUND)
    expect(await carts.use(open(ann), id)).toEqual(empty)
    expect(await carts.use(open(), anonymous, add('milk'))).toEqual({ items: ['milk'] })
  })

  it('cannot be found by whoever reads the storage', async () => {
    const storage = createMemoryStorage()
    const id = await sessionHandles<Cart>('cart').create(serverOf(storage)(), empty)
    for await (const key of storage.list('')) {
      expect(key).not.toContain(id.slice(5))
      expect(JSON.stringify(await storage.get(key))).not.toContain(id.slice(5))
    }
  })

  it('lives on as long as it is used, and not longer', async () => {
    const carts = sessionHandles<Cart>('cart', { ttlMs: 1_000 })
    const context = serverOf()(ann)
    const id = await carts.create(context, empty)
    for (let time = 0; time < 5; time++) {
      vi.advanceTimersByTime(900)
      await carts.use(context, id, add(`${time}`))
    }
    expect((await carts.use(context, id)).items).toHaveLength(5)
    vi.advanceTimersByTime(1_100)
    await expect(carts.use(context, id)).rejects.toMatchObject(NOT_FOUND)
  })

  it('lives half an hour by default', async () => {
    const carts = sessionHandles<Cart>('cart')
    const context = serverOf()(ann)
    const id = await carts.create(context, empty)
    vi.advanceTimersByTime(29 * 60_000)
    await carts.use(context, id)
    vi.advanceTimersByTime(31 * 60_000)
    await expect(carts.use(context, id)).rejects.toMatchObject(NOT_FOUND)
  })

  it('loses no change of 1,000 at once, on two servers with one storage', async () => {
    const storage = createMemoryStorage()
    const [first, second] = [serverOf(storage), serverOf(storage)]
    const counters = [sessionHandles<number>('counter'), sessionHandles<number>('counter')] as const
    const id = await counters[0].create(first(ann), 0)
    const uses = Array.from({ length: 1_000 }, (_, index) =>
      counters[index % 2 === 0 ? 0 : 1].use((index % 2 === 0 ? first : second)(ann), id, (count) => count + 1),
    )
    expect(new Set(await Promise.all(uses)).size).toBe(1_000)
    expect(await counters[1].use(second(ann), id)).toBe(1_000)
  })

  it('is as it was when a change fails', async () => {
    const carts = sessionHandles<Cart>('cart')
    const context = serverOf()(ann)
    const id = await carts.create(context, empty)
    const refused = new Error('sold out')
    const fail = (): Cart => {
      throw refused
    }
    await expect(carts.use(context, id, fail)).rejects.toBe(refused)
    await expect(carts.use(context, id, (() => undefined) as never)).rejects.toThrow('return the whole state')
    await expect(carts.use(context, id, (async () => empty) as never)).rejects.toMatchObject({ code: 'INVALID' })
    await expect(carts.use(context, id, () => ({ items: ['x'.repeat(2_000_000)] }))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    })
    expect(await carts.use(context, id)).toEqual(empty)
  })

  it('does not begin with what cannot be stored, and is not counted then', async () => {
    const carts = sessionHandles<unknown>('cart', { max: 1 })
    const context = serverOf()(ann)
    for (const initial of [undefined, new Date(), Number.NaN, 'x'.repeat(2_000_000)]) {
      await expect(carts.create(context, initial)).rejects.toThrow()
    }
    await carts.create(context, null)
  })
})

describe('the number of session handles', () => {
  it('has an end for each caller by itself', async () => {
    const carts = sessionHandles<Cart>('cart', { max: 3 })
    const open = serverOf()
    const created = await Promise.allSettled(Array.from({ length: 10 }, () => carts.create(open(ann), empty)))
    const ids = created.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(ids).toHaveLength(3)
    await expect(carts.create(open(ann), empty)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: expect.stringContaining('end one, or wait until one expires'),
    })
    await carts.create(open(bob), empty)
    await sessionHandles<Cart>('basket', { max: 1 }).create(open(ann), empty)
    await carts.end(open(ann), ids[0] ?? '')
    await carts.create(open(ann), empty)
  })

  it('is never exceeded, and full only while they live or a little longer', async () => {
    const deeds = fc.array(
      fc.record({ wait: fc.nat(700), deed: fc.constantFrom('create', 'use', 'end'), which: fc.nat(9) }),
      {
        maxLength: 60,
      },
    )
    await fc.assert(
      fc.asyncProperty(deeds, async (all) => {
        const carts = sessionHandles<number>('cart', { max: 3, ttlMs: 1_000 })
        const context = serverOf()(ann)
        const ids: string[] = []
        for (const { wait, deed, which } of all) {
          vi.advanceTimersByTime(wait)
          const id = ids[which] ?? ''
          if (deed === 'use') await carts.use(context, id).catch(() => undefined)
          else if (deed === 'end') await carts.end(context, id)
          else
            await carts.create(context, 1).then(
              (created) => ids.unshift(created),
              () => undefined,
            )
        }
        const uses = await Promise.allSettled(ids.map((id) => carts.use(context, id)))
        expect(uses.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(3)
        vi.advanceTimersByTime(1_501)
        for (let count = 0; count < 3; count++) await carts.create(context, 1)
      }),
      { numRuns: 100 },
    )
  })

  it('cannot be noted while the storage does not answer, and what was done is told all the same', async () => {
    const inner = createMemoryStorage()
    let isDown = false
    const storage: Storage = {
      ...inner,
      get: (key) => inner.get(key),
      set: (key, value, options) => inner.set(key, value, options),
      delete: (key) => inner.delete(key),
      increment: (key, by, options) => inner.increment(key, by, options),
      list: (prefix) => inner.list(prefix),
      async update(key, change, options) {
        if (isDown) throw new StorageError('UNAVAILABLE', 'down')
        isDown = true
        return inner.update(key, change, options)
      },
    }
    const carts = sessionHandles<number>('cart', { ttlMs: 1_000 })
    const context = serverOf(storage)(ann)
    const id = await carts.create(context, 1)
    isDown = false
    vi.advanceTimersByTime(800)
    expect(await carts.use(context, id, (count) => count + 1)).toBe(2)
    await expect(carts.use(context, id)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('options of session handles', () => {
  it('are checked', () => {
    for (const value of [0, -1, Number.NaN, 0.5]) {
      expect(() => sessionHandles('cart', { ttlMs: value })).toThrow('ttlMs is')
      expect(() => sessionHandles('cart', { max: value })).toThrow('max is')
    }
    expect(() => sessionHandles('cart', { max: 1_000_000 })).toThrow('from 1 to 10000')
    for (const name of ['', '1', 'a b', 'x'.repeat(60), 'ä']) expect(() => sessionHandles(name)).toThrow('the name is')
  })
})
