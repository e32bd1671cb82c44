/**
 * A server is a value that a module exports: the command line finds it as `mcp`, `server`, `app` or the default
 * export, and any other by its name, `file.ts:name`.
 *
 *     npx fastmcp run examples/patterns/s1-module-level-server.ts
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

// #region server
export const mcp = new FastMCP({ name: 'greeter', version: '1.0.0' })

mcp.tool(
  'greet',
  { description: 'Greets somebody', input: z.object({ name: z.string() }) },
  ({ name }) => `Hello, ${name}!`,
)
// #endregion
