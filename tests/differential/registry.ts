import { FastMCP, file, image, McpError } from '@fastmcp/ts'
import { completable, createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
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
const SUM = z.object({ sum: z.number() })
const REVIEW = z.object({ code: z.string(), color: z.string().optional() })

/** Makes both servers. */
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

function ourServer(): FastMCP {
  const mcp = new FastMCP({ ...IDENTITY, onError: () => undefined })
  mcp.tool('add', { description: 'Adds', input: ADD, output: SUM }, ({ a, b }) => ({ sum: a + b }))
  mcp.tool('greet', { description: 'Greets', input: GREET }, ({ name }) => `Hello, ${name}`)
  mcp.tool('draw', { description: 'Draws', input: SHAPE }, ({ kind, sizes }) => [
    `${kind} ${sizes.length}`,
    image(PIXEL),
  ])
  mcp.tool('look', { description: 'Looks somewhere', input: REGION }, ({ region }) => region)
  mcp.tool('now', { description: 'Takes nothing' }, () => 'now')
  mcp.tool('break', { description: 'Fails' }, () => {
    throw new Error('broken')
  })
  mcp.tool('refuse', { description: 'Refuses' }, () => {
    throw new McpError('INVALID_PARAMS', 'refused')
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
  server.registerTool('now', { description: 'Takes nothing', inputSchema: z.object({}) }, () => text('now'))
  server.registerTool('break', { description: 'Fails', inputSchema: z.object({}) }, () => {
    throw new Error('broken')
  })
  server.registerTool('refuse', { description: 'Refuses', inputSchema: z.object({}) }, () => {
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
