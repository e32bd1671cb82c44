import { FastMCP, file, image, ToolError } from '@fastmcp/ts'
import {
  completable,
  createMcpHandler,
  isLegacyRequest,
  McpServer,
  ResourceTemplate,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

/** The server under test and the official one, with the same components. */
export interface Pair {
  readonly ours: Endpoint
  readonly official: Endpoint
  close(): Promise<void>
}

/** Something that answers an HTTP request. */
export type Endpoint = (request: Request) => Promise<Response>

const PIXEL = 'iVBORw0KGgo='
const COLORS = ['red', 'green', 'grey']
const IDENTITY = { name: 'twin', version: '1.0.0' }

const ADD = z.object({ a: z.number(), b: z.number().int().default(1) })
const GREET = z.object({ name: z.string().min(2), polite: z.boolean().optional() })
const SHAPE = z.object({ kind: z.enum(['circle', 'square']), sizes: z.array(z.number()).max(3) })
const REGION = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }), level: z.int().optional() })
const NOTHING = z.object({})
const SUM = z.object({ sum: z.number() })
const REVIEW = z.object({ code: z.string(), color: z.string().optional() })

/** Both servers, for whoever comes without a session. */
export function createPair(): Pair {
  const mcp = ourServer()
  const handler = createMcpHandler(officialServer, { keepAliveMs: 0 })
  return {
    ours: async (request) => mcp.fetch(request),
    official: (request) => handler.fetch(request),
    close: async () => {
      await handler.close()
      await mcp.close()
    },
  }
}

/** Both servers, each with a session that all requests belong to. */
export async function createSessionPair(): Promise<Pair> {
  const mcp = ourServer()
  const server = officialServer()
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => crypto.randomUUID() })
  await server.connect(transport)
  const stateless = createMcpHandler(officialServer, { legacy: 'reject', keepAliveMs: 0 })
  return {
    ours: await inSession(async (request) => mcp.fetch(request)),
    official: await inSession(async (request) =>
      (await isLegacyRequest(request)) ? transport.handleRequest(request) : stateless.fetch(request),
    ),
    close: async () => {
      await stateless.close()
      await server.close()
      await mcp.close()
    },
  }
}

async function inSession(endpoint: Endpoint): Promise<Endpoint> {
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'twin-client', version: '1.0.0' },
  }
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const send = async (message: object, more: Record<string, string>) => {
    const init = {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    }
    const response = await endpoint(new Request('http://localhost/mcp', init))
    await response.text()
    return response.headers.get('mcp-session-id') ?? ''
  }
  const session = { 'mcp-session-id': await send({ id: 0, method: 'initialize', params }, {}) }
  await send({ method: 'notifications/initialized' }, { ...session, 'mcp-protocol-version': '2025-11-25' })
  return (request) => {
    for (const [name, value] of Object.entries(session)) request.headers.set(name, value)
    return endpoint(request)
  }
}

function ourServer(): FastMCP {
  const mcp = new FastMCP({ ...IDENTITY, onError: () => undefined })
  mcp.tool('add', { description: 'Adds', input: ADD, output: SUM }, ({ a, b }) => ({ sum: a + b }))
  mcp.tool('greet', { description: 'Greets', input: GREET }, ({ name }) => `Hello, ${name}`)
  mcp.tool('draw', { description: 'Draws', input: SHAPE }, ({ kind, sizes }) => [
    `${kind} ${sizes.length}`,
    image(PIXEL),
  ])
  mcp.tool('look', { description: 'Looks somewhere', input: REGION }, ({ region }) => region)
  mcp.tool('now', { description: 'Takes nothing', input: NOTHING }, () => 'now')
  mcp.tool('break', { description: 'Fails', input: NOTHING }, () => {
    throw new Error('broken')
  })
  mcp.tool('refuse', { description: 'Refuses', input: NOTHING }, () => {
    throw new ToolError('NO', 'refused')
  })
  mcp.resource('twin://text', { name: 'Text', mimeType: 'text/plain' }, () => 'text')
  mcp.resource('twin://bytes', { name: 'Bytes', mimeType: 'image/png' }, () => Buffer.from(PIXEL, 'base64'))
  mcp.resource('twin://items/{id}', { name: 'Item', mimeType: 'text/plain' }, ({ id }) => `item ${id}`)
  mcp.prompt('hello', { description: 'Says hello' }, () => 'Hello')
  mcp.prompt('review', { description: 'Reviews', input: REVIEW, complete: { color: COLORS } }, ({ code }) => [
    `Review ${code}`,
    file('twin://text', { text: 'text', mimeType: 'text/plain' }),
  ])
  return mcp
}

function officialServer(): McpServer {
  const server = new McpServer(IDENTITY, { capabilities: { logging: {}, resources: { subscribe: true } } })
  for (const method of ['resources/subscribe', 'resources/unsubscribe'] as const) {
    server.server.setRequestHandler(method, () => ({}))
  }
  const text = (text: string) => ({ content: [{ type: 'text' as const, text }] })
  server.registerTool('add', { description: 'Adds', inputSchema: ADD, outputSchema: SUM }, ({ a, b }) => ({
    structuredContent: { sum: a + b },
    ...text(JSON.stringify({ sum: a + b })),
  }))
  server.registerTool('greet', { description: 'Greets', inputSchema: GREET }, ({ name }) => text(`Hello, ${name}`))
  server.registerTool('draw', { description: 'Draws', inputSchema: SHAPE }, ({ kind, sizes }) => ({
    content: [
      { type: 'text', text: `${kind} ${sizes.length}` },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
    ],
  }))
  server.registerTool('look', { description: 'Looks somewhere', inputSchema: REGION }, ({ region }) => text(region))
  server.registerTool('now', { description: 'Takes nothing', inputSchema: NOTHING }, () => text('now'))
  server.registerTool('break', { description: 'Fails', inputSchema: NOTHING }, () => {
    throw new Error('broken')
  })
  server.registerTool('refuse', { description: 'Refuses', inputSchema: NOTHING }, () => {
    throw new Error('refused')
  })
  server.registerResource('Text', 'twin://text', { mimeType: 'text/plain' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: 'text' }],
  }))
  server.registerResource('Bytes', 'twin://bytes', { mimeType: 'image/png' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'image/png', blob: PIXEL }],
  }))
  const items = new ResourceTemplate('twin://items/{id}', { list: undefined })
  server.registerResource('Item', items, { mimeType: 'text/plain' }, ({ href }, { id }) => ({
    contents: [{ uri: href, mimeType: 'text/plain', text: `item ${String(id)}` }],
  }))
  server.registerPrompt('hello', { description: 'Says hello' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Hello' } }],
  }))
  const color = completable(z.string(), (typed) => COLORS.filter((one) => one.startsWith(typed))).optional()
  const review = z.object({ code: z.string(), color })
  server.registerPrompt('review', { description: 'Reviews', argsSchema: review }, ({ code }) => ({
    messages: [
      { role: 'user', content: { type: 'text', text: `Review ${code}` } },
      {
        role: 'user',
        content: { type: 'resource', resource: { uri: 'twin://text', mimeType: 'text/plain', text: 'text' } },
      },
    ],
  }))
  return server
}
