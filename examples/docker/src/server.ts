import { env, FastMCP } from '@fastmcp/ts'
import { z } from 'zod'

const settings = env(
  z.object({
    MCP_TOKEN: z.string().min(16).describe('who knows it may call this server'),
    ALLOWED_HOSTS: z.string().default('localhost'),
  }),
)

export const mcp = new FastMCP({
  name: 'container',
  version: '1.0.0',
  authenticate: (request) =>
    request.header('authorization') === `Bearer ${settings.MCP_TOKEN}` ? { subject: 'team' } : undefined,
  http: { allowedHosts: ['127.0.0.1', ...settings.ALLOWED_HOSTS.split(',')] },
})

mcp.tool(
  'greet',
  { description: 'Greets somebody', input: z.object({ name: z.string() }) },
  ({ name }) => `Hello, ${name}!`,
)

await mcp.run()
