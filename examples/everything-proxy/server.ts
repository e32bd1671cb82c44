/**
 * A proxy of `examples/everything`: what the judges find there they find here.
 *
 *     npx fastmcp run examples/everything/server.ts --transport http --port 8000
 *     npx fastmcp run examples/everything-proxy/server.ts --transport http --port 8001
 */
import { FastMCP } from '@fastmcp/ts'
import { type ProxyOptions, proxy } from '@fastmcp/ts/proxy'

const { EVERYTHING_URL = 'http://127.0.0.1:8000/mcp', EVERYTHING_ERA = 'auto' } = process.env

export const mcp = new FastMCP({
  name: 'everything',
  version: '1.0.0',
  title: 'One of everything',
  instructions: 'Call any tool: none of them has an effect outside.',
})

mcp.mount(proxy(EVERYTHING_URL, { era: EVERYTHING_ERA as ProxyOptions['era'] })) // auto, stateless or stateful
