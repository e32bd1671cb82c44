import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Auth, createMemoryStorage, FastMCP, type Storage, sessionHandles } from '@fastmcp/ts'
import { createSqliteStorage } from '@fastmcp/ts/storage/sqlite'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const silent = { throwOnError: false }
const carts = sessionHandles<{ readonly items: readonly string[] }>('cart', { max: 5 })

/** A server with a tool for everything that is kept. */
function shop(storage?: Storage): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0', ...(storage && { storage }), onError: () => undefined })
  const named = z.object({ key: z.string() })
  mcp.tool('visit', { description: 'Counts for all' }, (_, ctx) => ctx.storage.increment('visits'))
  mcp.tool('note', { description: 'Counts for one', input: named }, ({ key }, ctx) => ctx.userState.increment(key))
  mcp.tool('notes', { description: 'What is kept for one' }, async (_, ctx) => {
    const keys: string[] = []
    for await (const key of ctx.userState.list('')) keys.push(key)
    return keys.toSorted()
  })
  mcp.tool('remember', { description: 'Keeps a lot', input: z.object({ size: z.int() }) }, async ({ size }, ctx) => {
    await ctx.userState.set('large', 'x'.repeat(size))
  })
  mcp.resource('notes://{key}', { description: 'A note' }, async ({ key }, ctx) => ({
    count: (await ctx.userState.get(key)) ?? null,
  }))
  mcp.tool('open_cart', { description: 'Begins a cart' }, (_, ctx) => carts.create(ctx, { items: [] }))
  mcp.tool(
    'add_item',
    { description: 'Adds to a cart', input: z.object({ cart: z.string(), item: z.string() }) },
    async ({ cart, item }, ctx) => {
      const { items } = await carts.use(ctx, cart, (state) => ({ items: [...state.items, item] }))
      return items.length
    },
  )
  mcp.tool('end_cart', { description: 'Ends a cart', input: z.object({ cart: z.string() }) }, ({ cart }, ctx) =>
    carts.end(ctx, cart),
  )
  return mcp
}

describeEras('state that outlives a call', (open) => {
  it('is for everybody, or for whoever has the id', async () => {
    const mcp = shop()
    const client = await open(mcp)
    expect((await client.callTool('visit')).data).toBe(1)
    const { data: cart } = await client.callTool<string>('open_cart')
    expect((await client.callTool('add_item', { cart, item: 'tea' })).data).toBe(1)
    await client.close()
    const other = await open(mcp)
    expect((await other.callTool('visit')).data).toBe(2)
    expect((await other.callTool('add_item', { cart, item: 'milk' })).data).toBe(2)
    expect((await other.callTool('end_cart', { cart })).data).toBe(true)
    const gone = await other.callTool('add_item', { cart, item: 'late' }, silent)
    expect(gone.isError).toBe(true)
    expect(gone.content[0]).toMatchObject({ text: expect.stringContaining('No such cart') })
  })

  it('is refused for a user whom nobody knows, in words', async () => {
    const client = await open(shop())
    const refused = await client.callTool('note', { key: 'a' }, silent)
    expect(refused.isError).toBe(true)
    expect(refused.content[0]).toMatchObject({ text: expect.stringContaining('this call is anonymous') })
    await expect(client.readResource('notes://a')).rejects.toThrow('this call is anonymous')
  })
})

describe.each(['stateless', 'stateful'] as const)('state by principal, %s', (era) => {
  const ann: Auth = { subject: 'ann' }
  const bob: Auth = { subject: 'bob' }

  it('is each their own', async () => {
    const mcp = shop()
    const [first, second] = [
      await createTestClient(mcp, { era, auth: ann }),
      await createTestClient(mcp, { era, auth: bob }),
    ]
    await first.callTool('note', { key: 'a' })
    await first.callTool('note', { key: '__proto__' })
    expect((await second.callTool('note', { key: 'a' })).data).toBe(1)
    expect((await first.callTool('note', { key: 'a' })).data).toBe(2)
    expect((await first.callTool('notes')).data).toEqual(['__proto__', 'a'])
    expect((await second.callTool('notes')).data).toEqual(['a'])
    expect((await second.readResource('notes://a')).json()).toEqual({ count: 1 })
    const { data: cart } = await first.callTool<string>('open_cart')
    const foreign = await second.callTool('add_item', { cart, item: 'mine' }, silent)
    const unknown = await second.callTool('add_item', { cart: 'cart_AAAAAAAAAAAAAAAAAAAAAA', item: 'mine' }, silent)
    expect(foreign.isError).toBe(true)
    expect(foreign).toEqual(unknown)
    expect((await second.callTool('end_cart', { cart })).data).toBe(false)
    expect((await first.callTool('add_item', { cart, item: 'tea' })).data).toBe(1)
    for (const client of [first, second]) await client.close()
  })

  it('has bounds that a model can read of', async () => {
    const client = await createTestClient(shop(), { era, auth: ann })
    const full = await client.callTool('remember', { size: 100_000 }, silent)
    expect(full.isError).toBe(true)
    expect(JSON.stringify(full.content)).toContain('QUOTA_EXCEEDED')
    for (let count = 0; count < 5; count++) await client.callTool('open_cart')
    const many = await client.callTool('open_cart', {}, silent)
    expect(JSON.stringify(many.content)).toContain('There are 5 of the kind cart already')
    await client.close()
  })
})

describe('two servers with one storage', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'state-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Two ways to have one storage: the same object, or the same file. */
  const storages: Readonly<Record<string, () => readonly [Storage, Storage]>> = {
    memory: () => {
      const storage = createMemoryStorage()
      return [storage, storage]
    },
    SQLite: () => {
      const path = join(folder, 'shop.db')
      return [createSqliteStorage({ path }), createSqliteStorage({ path })]
    },
  }

  it.each(Object.keys(storages))('have the same state, each client in its era: %s', async (name) => {
    const both = storages[name]?.() ?? []
    const auth = { subject: 'ann' }
    const clients = await Promise.all(
      both.map((storage, index) =>
        createTestClient(shop(storage), { auth, era: index === 0 ? 'stateless' : 'stateful' }),
      ),
    )
    const [first, second] = clients
    if (first === undefined || second === undefined) throw new Error('two clients')
    const { data: cart } = await first.callTool<string>('open_cart')
    const calls = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? first : second))
    await Promise.all(calls.map((client, index) => client.callTool('add_item', { cart, item: `${index}` })))
    await Promise.all(calls.map((client) => client.callTool('visit')))
    await Promise.all(calls.map((client) => client.callTool('note', { key: 'n' })))
    expect((await second.callTool('add_item', { cart, item: 'last' })).data).toBe(101)
    expect((await second.callTool('visit')).data).toBe(101)
    expect((await second.callTool('note', { key: 'n' })).data).toBe(101)
    for (const client of clients) await client.close()
    for (const storage of both) if ('close' in storage) await (storage as { close(): Promise<void> }).close()
  })
})
