// #region change

import { transformTool } from '@fastmcp/ts'

// #endregion

import { FastMCP, pipe, reshapeTools } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'search', version: '1.0.0' })

// #region change
const input = z.object({ q: z.string(), index: z.string(), limit: z.int().default(10) })
mcp.tool('search', { description: 'Searches any index', input }, ({ q, index, limit }) => `${q} in ${index}, ${limit}`)

const docs = transformTool(await mcp.getTool('search'), {
  name: 'search_docs',
  description: 'Searches the documentation',
  args: {
    q: { name: 'query', description: 'Plain words', examples: ['how to mount a server'] },
    index: { hide: true, default: 'docs' },
    limit: { default: (ctx) => (ctx.auth === undefined ? 5 : 50) },
  },
})
mcp.add(docs)
mcp.remove('tool', 'search')
// #endregion

// #region run
mcp.add(
  transformTool(docs, {
    name: 'search_both',
    output: z.object({ answers: z.array(z.unknown()) }),
    run: async ({ query }, forward) => {
      const [here, there] = await Promise.all([forward({ query }), forward({ query: `${query} (archive)` })])
      return { answers: [here.data, there.data] }
    },
  }),
)

// #endregion

// #region typed
import { tool } from '@fastmcp/ts'

const multiply = tool(
  'multiply',
  {
    description: 'Multiplies',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ product: z.number() }),
  },
  ({ a, b }) => ({ product: a * b }),
)

mcp.add(
  transformTool(multiply, {
    name: 'double',
    args: { a: { name: 'number' }, b: { hide: true, default: 2 } },
    run: (args, forward) => forward({ number: args.number }), // `b` would be an error of the compiler here
  }),
)
// #endregion

// #region data
const reshape = reshapeTools({
  tools: {
    get_forecast: { name: 'forecast', arguments: { units: { hide: true, default: 'metric' } } },
    reset: { enabled: false },
  },
  excludeTags: ['admin'],
})
// #endregion

export function reshaped(): FastMCP {
  const weather = new FastMCP({ name: 'weather', version: '1.0.0' })
  const city = z.object({ city: z.string(), units: z.string() })
  weather.tool('get_forecast', { description: 'x', input: city }, (args) => `${args.city}, ${args.units}`)
  weather.tool('reset', { description: 'x' }, () => 'reset')
  weather.tool('stop', { description: 'x', tags: ['admin'] }, () => 'stopped')
  // #region data
  mcp.mount('weather', pipe(weather, reshape))
  // #endregion
  return mcp
}
