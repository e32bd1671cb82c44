/**
 * A function makes the server, so that tests can make several; the module exports one, so that the command line
 * finds it. What it has may depend on the environment.
 *
 *     ADMIN=1 npx fastmcp list examples/patterns/s2-factory-function.ts
 */
import { FastMCP } from '@fastmcp/ts'

// #region factory
export function createServer(env: Readonly<Record<string, string | undefined>> = process.env): FastMCP {
  const mcp = new FastMCP({ name: 'ops', version: '1.0.0' })
  mcp.tool('status', { description: 'How things are' }, () => 'fine')
  if (env.ADMIN === '1') mcp.tool('reset', { description: 'Resets everything' }, () => 'reset')
  return mcp
}

export const mcp = createServer()
// #endregion
