import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { Server } from '@modelcontextprotocol/server'
import { describeForecast, Forecast, listed } from '../tools.mjs'

// The SDK's protocol layer, built once and reused by every request: one stateful session.
const [port, count] = process.argv.slice(2)
const LIST = { tools: listed(Number(count)) }
const NAMES = new Set(LIST.tools.map((tool) => tool.name))

const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } })
server.setRequestHandler('tools/list', async () => LIST)
server.setRequestHandler('tools/call', async ({ params }) => {
  if (!NAMES.has(params.name)) throw new Error(`Unknown tool: ${params.name}`)
  const args = Forecast.parse(params.arguments)
  return { content: [{ type: 'text', text: describeForecast(args) }] }
})

const transport = new NodeStreamableHTTPServerTransport({
  sessionIdGenerator: () => randomUUID(),
  enableJsonResponse: true,
})
await server.connect(transport)
createServer((request, response) => void transport.handleRequest(request, response)).listen(Number(port), '127.0.0.1')
