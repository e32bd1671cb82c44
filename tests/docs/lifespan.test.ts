import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { cancelInTest, done, mcp, openShop } from '../../examples/guide/lifespan.ts'

it('opens a pool, and ends it', async () => {
  done.length = 0
  const shop = openShop()
  await using client = await createTestClient(shop)
  expect((await client.callTool('count_orders')).data).toBe(2)
  await client.close()
  await shop.close()
  expect(done).toEqual(['open postgresql://localhost/shop', 'SELECT id FROM orders', 'end'])
})

describeEras(
  'the page on lifespans',
  (open) => {
    it('opens one after the other, and gives a request what it needs', async () => {
      done.length = 0
      onTestFinished(() => mcp.close())
      const client = await open(mcp)
      expect((await client.callTool('list_orders')).data).toEqual([{ id: 1 }, { id: 2 }])
      expect((await client.callTool('cancel_order', { id: 7 })).data).toBe('Order 7 is cancelled')
      await client.close()
      await mcp.close()
      expect(done).toEqual([
        'open postgresql://db.example.com/shop',
        'CREATE TABLE IF NOT EXISTS orders (id int)',
        'SELECT id FROM orders',
        'connect',
        'DELETE FROM orders WHERE id = $1 7',
        'release',
        'end',
      ])
    })
  },
  { transports: ['memory'] },
)

it('is tested without a database', async () => {
  onTestFinished(() => mcp.close())
  done.length = 0
  expect(await cancelInTest()).toBe('Pretended to cancel 7')
  expect(done).not.toContain('connect')
})
