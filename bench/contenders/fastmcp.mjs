import { FastMCP } from 'fastmcp'
import { describeForecast, tools } from '../tools.mjs'

// npm `fastmcp` in its stateless HTTP mode, answering with JSON, and without its log line per request.
const [port, count] = process.argv.slice(2)
const quiet = () => undefined
const logger = { debug: quiet, error: quiet, info: quiet, log: quiet, warn: quiet }
const server = new FastMCP({ name: 'bench', version: '1.0.0', logger })
for (const { name, description, input } of tools(Number(count))) {
  server.addTool({ name, description, parameters: input, execute: async (args) => describeForecast(args) })
}
await server.start({
  transportType: 'httpStream',
  httpStream: { port: Number(port), host: '127.0.0.1', stateless: true, enableJsonResponse: true },
})
