/**
 * Async work that remembers what it gave: one run for equal arguments, also for those who ask at once; failures are tried
 * again; what was not asked for longest is forgotten.
 *
 *     npx fastmcp call examples/patterns/c2-memoize.ts find_route route:='{"from":"Rome","to":"Riga"}'
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FastMCP, ToolError } from '@fastmcp/ts'
import { memoize } from '@fastmcp/ts/resilience'
import { z } from 'zod'

const Route = z.record(z.enum(['from', 'to']), z.string())

export const mcp = new FastMCP({ name: 'routes', version: '1.0.0' })

// #region memoize
const routeOf = memoize((route: z.infer<typeof Route>) => computeRoute(route), { max: 100, ttl: 3_600_000 })
// #endregion

mcp.tool('find_route', { description: 'A route', input: z.object({ route: Route }) }, ({ route }) => routeOf(route))

/** What was computed, in order. */
export const computed: string[] = []

async function computeRoute({ from, to }: z.infer<typeof Route>): Promise<string> {
  computed.push(`${from}-${to}`)
  await sleep(20)
  if (from === to) throw new ToolError('VALIDATION_ERROR', 'You are there already')
  return `${from} → ${to}`
}
