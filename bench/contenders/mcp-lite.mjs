import { serve } from '@hono/node-server'
import { McpServer, StreamableHttpTransport } from 'mcp-lite'
import { z } from 'zod'
import { describeForecast, tools } from '../tools.mjs'

// Its handler is a fetch function, given straight to the Node adapter: without a router around
// it, and without sessions, which is its fastest form.
const [port, count] = process.argv.slice(2)
const server = new McpServer({
  name: 'bench',
  version: '1.0.0',
  schemaAdapter: (schema) => z.toJSONSchema(schema, { io: 'input' }),
})
for (const { name, description, input } of tools(Number(count))) {
  server.tool(name, {
    description,
    inputSchema: input,
    handler: (args) => ({ content: [{ type: 'text', text: describeForecast(args) }] }),
  })
}
serve({ fetch: new StreamableHttpTransport().bind(server), port: Number(port), hostname: '127.0.0.1' })
