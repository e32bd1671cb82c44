import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/t3-complex-input.ts'

const LIBRARIES = ['search', 'search_valibot', 'search_arktype', 'search_raw']

describeEras(
  'T3: complex input',
  (open) => {
    it('fills in defaults, trims, and goes into what is nested', async () => {
      const client = await open(mcp)
      const call = async (args: Record<string, unknown>) => (await client.callTool('search', args)).data
      expect(await call({ query: '  mcp ' })).toEqual({
        query: 'mcp',
        limit: 10,
        filter: { tags: [], sort: 'relevance' },
      })
      expect(await call({ query: 'x', limit: 100, filter: { tags: ['ts'], sort: 'date' } })).toEqual({
        query: 'x',
        limit: 100,
        filter: { tags: ['ts'], sort: 'date' },
      })
    })

    it('says where something nested is wrong, and by which rule', async () => {
      const client = await open(mcp)
      const wrong = client.callTool('search', { query: 'x', filter: { sort: 'dat', tags: [{}] } })
      await expect(wrong).rejects.toThrow(
        '`filter.sort` must be one of "relevance" or "date"; got "dat", did you mean "date"?',
      )
      await expect(wrong).rejects.toThrow('`filter.tags[0]` must be a string, not an object')
      await expect(client.callTool('search', { query: '   ' })).rejects.toThrow(
        '`query` must have at least 1 character',
      )
    })

    describe.each(LIBRARIES)('%s', (tool) => {
      // The input side of arktype has no word for a default.
      it('shows a field with a default as optional, and its bounds', async () => {
        const client = await open(mcp)
        const { inputSchema } = (await client.tools()).find(({ name }) => name === tool) ?? {}
        expect(inputSchema?.required).toEqual(['query'])
        expect(inputSchema?.properties).toMatchObject({
          query: { type: 'string' },
          limit: { type: 'integer', minimum: 1, maximum: 100, ...(tool !== 'search_arktype' && { default: 10 }) },
        })
      })

      it('takes 1 to 100, and fills 10 in', async () => {
        const client = await open(mcp)
        const limitOf = async (limit?: number) => {
          const { data } = await client.callTool<{ limit: number }>(tool, { query: 'x', ...(limit && { limit }) })
          return data.limit
        }
        expect([await limitOf(), await limitOf(1), await limitOf(100)]).toEqual([10, 1, 100])
      })

      it.each([
        [0, /: `limit` must be (at least |>=)1\b/],
        [101, /: `limit` must be (at most |<=)100\b/],
      ])('refuses %i: the path and the rule', async (limit, words) => {
        const client = await open(mcp)
        await expect(client.callTool(tool, { query: 'x', limit })).rejects.toThrow(words)
      })
    })

    it.each(['search', 'search_valibot', 'search_arktype'])('trims: %s', async (tool) => {
      const client = await open(mcp)
      expect((await client.callTool<{ query: string }>(tool, { query: ' mcp ' })).data.query).toBe('mcp')
    })
  },
  { transports: ['memory', 'http'] },
)
