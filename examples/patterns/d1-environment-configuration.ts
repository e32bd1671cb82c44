/**
 * Settings by environment: what is the same everywhere comes from the schema, what differs from the defaults of each
 * environment, and a variable wins over both. `APP_ENV` says where the program runs.
 *
 *     APP_ENV=staging LOG_LEVEL=info npx fastmcp call examples/patterns/d1-environment-configuration.ts config://app
 */
import { env, FastMCP } from '@fastmcp/ts'
import { logging } from '@fastmcp/ts/middleware'
import { z } from 'zod'

const Settings = z.object({
  LOG_LEVEL: z.enum(['info', 'warning', 'error']),
  CACHE_TTL: z.number().positive().describe('Milliseconds'),
  DEBUG: z.boolean().default(false),
})

export function createServer(variables: Readonly<Record<string, string | undefined>> = process.env): FastMCP {
  // #region settings
  const settings = env(Settings, {
    env: variables,
    development: { LOG_LEVEL: 'info', CACHE_TTL: 1_000, DEBUG: true },
    staging: { LOG_LEVEL: 'info', CACHE_TTL: 60_000 },
    production: { LOG_LEVEL: 'error', CACHE_TTL: 300_000 },
  })
  // #endregion
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0' }).use(logging({ level: settings.LOG_LEVEL }))
  mcp.resource('config://app', { cache: { ttl: settings.CACHE_TTL } }, () => ({
    ...settings,
    readAt: performance.now(),
  }))
  if (settings.DEBUG) mcp.tool('memory', { description: 'Memory in use' }, () => process.memoryUsage())
  return mcp
}

export const mcp = createServer()
