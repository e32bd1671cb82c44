/**
 * A cache with a time to live: what it has is a hit, whatever the value; one load for all who ask at once; values go by
 * key, prefix, pattern or tag.
 *
 *     npx fastmcp call examples/patterns/c1-time-based-cache.ts read_setting user=ada name=volume
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FastMCP } from '@fastmcp/ts'
import { ttlCache } from '@fastmcp/ts/resilience'
import { z } from 'zod'

/** Stands for a slow service. */
const SERVICE = new Map<string, unknown>([
  ['ada:volume', 0],
  ['ada:motto', ''],
  ['ada:theme', 'dark'],
  ['bea:volume', 7],
])

export const mcp = new FastMCP({ name: 'settings', version: '1.0.0' })

// #region cache
const settings = ttlCache<unknown>({ ttl: 60_000, max: 1_000 })
// #endregion

mcp.tool(
  'read_setting',
  { description: 'A setting of a user', input: z.object({ user: z.string(), name: z.string() }) },
  async ({ user, name }, ctx) => {
    // #region load
    const key = `${user}:${name}`
    const { value, fromCache } = await settings.getOrLoad(key, ({ signal }) => readSetting(key, signal), {
      tags: [user],
      signal: ctx.signal,
    })
    // #endregion
    return { isSet: value !== undefined, value, fromCache }
  },
)

mcp.tool(
  'forget_settings',
  { description: 'Has settings read anew', input: z.object({ pattern: z.string().describe('ada:*, *:volume') }) },
  ({ pattern }) => {
    // #region invalidate
    const count = settings.invalidate({ pattern }) // or { key }, { prefix }, { tag }
    // #endregion
    return count
  },
)

/** The keys that were read from the service, in order. */
export const reads: string[] = []

async function readSetting(key: string, signal: AbortSignal): Promise<unknown> {
  reads.push(key)
  await sleep(20, undefined, { signal })
  return SERVICE.get(key)
}
