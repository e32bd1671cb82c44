import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { describeForecast, Forecast, listed } from '../tools.mjs'

// The SDK's protocol layer alone: nothing derived, nothing registered, the list made once.
const [port, count] = process.argv.slice(2)
const LIST = { tools: listed(Number(count)) }
const NAMES = new Set(LIST.tools.map((tool) => tool.name))

function build() {
  const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', async () => LIST)
  server.setRequestHandler('tools/call', async ({ params }) => {
    if (!NAMES.has(params.name)) throw new Error(`Unknown tool: ${params.name}`)
    const args = Forecast.parse(params.arguments)
    return { content: [{ type: 'text', text: describeForecast(args) }] }
  })
  return server
}

const nodeHandler = toNodeHandler(createMcpHandler(build, { responseMode: 'json' }))
createServer((request, response) => void nodeHandler(request, response)).listen(Number(port), '127.0.0.1')
