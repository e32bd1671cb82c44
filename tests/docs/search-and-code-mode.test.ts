import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { coding, mcp } from '../../examples/guide/search-and-code-mode.ts'

describeEras(
  'the page on search and code mode',
  (open) => {
    it('search', async () => {
      const client = await open(mcp)
      expect((await client.tools()).map(({ name }) => name)).toEqual([
        'shop_search_tools',
        'shop_call_tool',
        'shop_help',
      ])
      const { data } = await client.callTool('shop_search_tools', { query: 'order' })
      expect(data).toMatchObject({ tools: [{ name: 'shop_get_order', inputSchema: { required: ['id'] } }] })
      const called = await client.callTool('shop_call_tool', { name: 'shop_get_order', arguments: { id: 2 } })
      expect(called.data).toEqual({ id: 2, total: 20 })
    })

    it('code mode', async () => {
      const client = await open(coding)
      expect((await client.tools()).map(({ name }) => name)).toEqual(['search', 'describe', 'execute'])
      const code = `const orders = await Promise.all([1, 2, 3].map((id) => tools.get_order({ id })))
        return orders.reduce((sum, { total }) => sum + total, 0)`
      expect((await client.callTool('execute', { code })).data).toEqual({ result: 60 })
    })
  },
  { transports: ['memory'] },
)
