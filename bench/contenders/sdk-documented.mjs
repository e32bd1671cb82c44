import { createServer } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { describeForecast, tools } from '../tools.mjs'

// As the SDK's serving guide shows it for plain node:http: a factory that registers the tools.
// The schemas are made once, outside the factory, which is kinder than the guide.
const [port, count] = process.argv.slice(2)
const TOOLS = tools(Number(count))

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'bench', version: '1.0.0' })
  for (const { name, description, input } of TOOLS) {
    server.registerTool(name, { description, inputSchema: input }, async (args) => ({
      content: [{ type: 'text', text: describeForecast(args) }],
    }))
  }
  return server
})

const nodeHandler = toNodeHandler(handler)
const validateHost = localhostHostValidation()
const validateOrigin = localhostOriginValidation()

createServer((request, response) => {
  if (!validateHost(request, response) || !validateOrigin(request, response)) return
  void nodeHandler(request, response)
}).listen(Number(port), '127.0.0.1')
