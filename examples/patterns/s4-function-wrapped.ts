/**
 * Not like this: nobody can find a server that is only made inside a function. The command line says so, and shows
 * the line that is missing, `export const mcp = createServer(…)`.
 *
 *     npx fastmcp run examples/patterns/s4-function-wrapped.ts
 */
import { FastMCP } from '@fastmcp/ts'

export function createServer(name: string): FastMCP {
  const mcp = new FastMCP({ name, version: '1.0.0' })
  mcp.tool('ping', { description: 'Answers' }, () => 'pong')
  return mcp
}
