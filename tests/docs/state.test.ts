import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp, openShop, orders } from '../../examples/guide/state.ts'

describeEras(
  'the page on state',
  (open, { era }) => {
    it('counts, and begins carts', async () => {
      const client = await open(mcp, { onElicit: () => ({ sure: true }) })
      const { data: visits } = await client.callTool<number>('visit')
      expect((await client.callTool('visit')).data).toBe(Number(visits) + 1)
      const { data: cart } = await client.callTool<string>('open_cart')
      expect((await client.callTool('add_item', { cart, item: 'tea' })).data).toBe('1 in the cart')
      const before = orders.length
      expect((await client.callTool('check_out', { cart })).data).toBe('Ordered: tea')
      expect(orders.length).toBe(before + 1)
      await expect(client.callTool('add_item', { cart, item: 'milk' })).rejects.toThrow('No such cart')
    })

    it('remembers a theme for each user', async () => {
      await using ann = await createTestClient(mcp, { era, auth: { subject: `ann-${era}` } })
      await using bob = await createTestClient(mcp, { era, auth: { subject: `bob-${era}` } })
      await ann.callTool('set_theme', { theme: 'dark' })
      expect((await ann.callTool('my_theme')).data).toBe('dark')
      expect((await bob.callTool('my_theme')).data).toBe('light')
    })
  },
  { transports: ['memory'] },
)

it('opens a shop over a file without touching it', async () => {
  const { storage, mcp: shop } = openShop()
  await shop.close()
  await storage.close()
})
