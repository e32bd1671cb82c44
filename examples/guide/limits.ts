/**
 * A server that bounds what one caller may send: `npx fastmcp run examples/guide/limits.ts --transport http`.
 */
import { FastMCP } from '@fastmcp/ts'

// #region limit
export const mcp = new FastMCP({
  name: 'shop',
  version: '1.0.0',
  http: { rateLimit: { limit: 100, per: 60_000, trustProxy: ['127.0.0.1', '10.0.0.0/8'] } },
})
// #endregion

mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
