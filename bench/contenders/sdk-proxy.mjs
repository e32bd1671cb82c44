import { createServer } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { startUpstream } from './upstream.mjs'

// The same proxy made of the official client and the official server's protocol layer: one connection to the server
// behind it for all callers, its list asked for once.
const [port, count] = process.argv.slice(2)
const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
await client.connect(new StreamableHTTPClientTransport(new URL(await startUpstream(count))))
const LIST = await client.listTools()

function build() {
  const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', async () => LIST)
  server.setRequestHandler('tools/call', ({ params }) =>
    client.callTool({ name: params.name, arguments: params.arguments }),
  )
  return server
}

const nodeHandler = toNodeHandler(createMcpHandler(build, { responseMode: 'json' }))
createServer((request, response) => void nodeHandler(request, response)).listen(Number(port), '127.0.0.1')
