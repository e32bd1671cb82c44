/**
 * A general tool made into one for a purpose: renamed, an argument hidden and filled in, another renamed, a default worked
 * out at each call, and work of its own around it.
 *
 *     npx fastmcp run examples/patterns/o1-tool-transformation.ts
 */
import { FastMCP, transformTool } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'library', version: '1.0.0' })
const input = z.object({
  q: z.string(),
  index: z.enum(['books', 'films']),
  lang: z.string(),
  limit: z.int().default(10),
})

mcp.tool('search', { description: 'Searches any index', input }, ({ q, index, lang, limit }) => ({
  found: `${q} in ${index} (${lang}), at most ${limit}`,
}))

const found = transformTool(await mcp.getTool('search'), {
  name: 'find_books',
  description: 'Finds books by words of their title',
  args: {
    q: { name: 'title', description: 'Words of the title' },
    index: { hide: true, default: 'books' },
    lang: { default: (ctx) => (ctx.header('accept-language') ?? 'en').slice(0, 2) },
  },
})
mcp.add(found)

mcp.add(
  transformTool(found, {
    name: 'find_first_book',
    args: { limit: { hide: true, default: 1 } },
    run: async (args, forward) => {
      const { data } = await forward({ ...args, title: String(args.title).trim() })
      return { first: data }
    },
  }),
)
