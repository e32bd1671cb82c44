/**
 * A file that runs its own server, to be tested from outside as its clients will meet it. Compiled to JavaScript,
 * or as it is on a Node that strips types:
 *
 *     node server.js --transport http --port 8000
 *     curl http://127.0.0.1:8000/health
 *     curl http://127.0.0.1:8000/mcp -H 'Content-Type: application/json' \
 *       -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
 */
import { FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

export const mcp = new FastMCP({ name: 'orders', version: '1.0.0' })

mcp.tool(
  'order',
  { description: 'Orders something', input: z.object({ item: z.string() }) },
  ({ item }) => `Ordered: ${item}`,
)

await mcp.run()
