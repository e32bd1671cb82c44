import { createMemoryStorage, FastMCP, sessionHandles } from '@fastmcp/ts'
import { createSqliteStorage } from '@fastmcp/ts/storage/sqlite'
import { z } from 'zod'

/** As its page shows it; the tests of the page need no file. */
export function openShop() {
  // #region sqlite
  const storage = createSqliteStorage({ path: './data/shop.db' })
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0', storage })
  // #endregion
  return { mcp, storage }
}

export const mcp = new FastMCP({
  name: 'shop',
  version: '1.0.0',
  storage: createMemoryStorage(),
  userState: { maxKeys: 100, maxBytes: 16_384 },
})

// #region request
mcp.use('tools/call', (call, next) => {
  call.context.state.set('begun', performance.now())
  return next()
})
// #endregion

mcp.tool('visit', { description: 'Counts a visit' }, async (_, ctx) => {
  // #region shared
  const visits = await ctx.storage.increment('visits')
  await ctx.storage.update('seen', (seen) => Math.max(Number(seen ?? 0), Date.now()))
  await ctx.storage.set(`greeted:${visits}`, true, { ttlMs: 60_000 })
  // #endregion
  return visits
})

// #region user
const Theme = z.enum(['light', 'dark'])

mcp.tool(
  'set_theme',
  { description: 'Remembers a theme', input: z.object({ theme: Theme }) },
  async ({ theme }, ctx) => {
    await ctx.userState.set('theme', theme)
    return `You will see it ${theme}`
  },
)

mcp.tool('my_theme', { description: 'The theme that was chosen' }, async (_, ctx) =>
  Theme.catch('light').parse(await ctx.userState.get('theme')),
)
// #endregion

// #region handles
const carts = sessionHandles<{ items: string[] }>('cart', { ttlMs: 3_600_000, max: 20 })

mcp.tool('open_cart', { description: 'Begins a cart; gives its id' }, (_, ctx) => carts.create(ctx, { items: [] }))

mcp.tool(
  'add_item',
  { description: 'Puts an item into a cart', input: z.object({ cart: z.string(), item: z.string().max(100) }) },
  async ({ cart, item }, ctx) => {
    const { items } = await carts.use(ctx, cart, ({ items }) => ({ items: [...items, item] }))
    return `${items.length} in the cart`
  },
)

mcp.tool(
  'check_out',
  { description: 'Orders what is in a cart', input: z.object({ cart: z.string() }) },
  async ({ cart }, ctx) => {
    const items = await ctx.once('items', async () => (await carts.use(ctx, cart)).items)
    const sure = await ctx.elicit(`Order ${items.join(', ')}?`, z.object({ sure: z.boolean() }))
    if (sure.action !== 'accept' || !sure.content.sure) return 'Nothing was ordered'
    await ctx.once('order', () => order(items))
    await carts.end(ctx, cart)
    return `Ordered: ${items.join(', ')}`
  },
)
// #endregion

export const orders: (readonly string[])[] = []

function order(items: readonly string[]): number {
  return orders.push(items)
}
