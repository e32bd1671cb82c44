/**
 * A resource that is slow to make: the server keeps it for a while, makes it once for all who read it at the same time,
 * and makes it anew once it is told that the contents have changed.
 *
 *     npx fastmcp run examples/patterns/r2-cached-resource.ts
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'metrics', version: '1.0.0' })

// #region cached
mcp.resource(
  'metrics://summary',
  { mimeType: 'application/json', cache: { ttl: 300_000, cacheScope: 'public' } },
  async () => ({ sales: await addUp('all'), computations }),
)

mcp.resource('metrics://{region}/sales', { cache: { ttl: 300_000 } }, async ({ region }) => ({
  sales: await addUp(region),
}))
// #endregion

const sales = new Map([
  ['north', 10],
  ['south', 5],
])

mcp.tool(
  'record_sale',
  { description: 'Records a sale', input: z.object({ region: z.enum(['north', 'south']), amount: z.number() }) },
  ({ region, amount }) => {
    sales.set(region, (sales.get(region) ?? 0) + amount)
    // #region changed
    mcp.changed('resource', 'metrics://summary')
    mcp.changed('resource', `metrics://${region}/sales`)
    // #endregion
  },
)

/** How often something was added up. */
export let computations = 0

async function addUp(region: string): Promise<number> {
  computations++
  await sleep(20)
  return region === 'all' ? [...sales.values()].reduce((sum, one) => sum + one, 0) : (sales.get(region) ?? 0)
}
