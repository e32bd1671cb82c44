import { PassThrough } from 'node:stream'
import { type InputRequests, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type Client, type ConnectOptions, connect } from '../../src/client/index.ts'

/** Questions by key, as a server sends them. */
export type Questions = Readonly<Record<string, object>>

/** A server of the official kind whose tool `ask` asks the client whatever it is told to, in either era. */
function askingServer(): McpServer {
  const server = new McpServer({ name: 'asker', version: '1.0.0' }, { capabilities: { tools: {} } })
  const inputSchema = z.object({ rounds: z.array(z.record(z.string(), z.any())) })
  server.registerTool('ask', { description: 'Asks', inputSchema }, ({ rounds }, { mcpReq }) => {
    const answered: unknown[] = JSON.parse(mcpReq.requestState<string>() ?? '[]')
    if (mcpReq.inputResponses) answered.push(mcpReq.inputResponses)
    const next = rounds[answered.length]
    if (next === undefined) return { content: [{ type: 'text', text: JSON.stringify(answered) }] }
    return inputRequired({ inputRequests: next as InputRequests, requestState: JSON.stringify(answered) })
  })
  return server
}

/** Connects to such a server over two pipes. */
export async function meetAsker(options: ConnectOptions): Promise<Client> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const handle = serveStdio(askingServer, { transport: new StdioServerTransport(toServer, toClient) })
  const client = await connect({ input: toClient, output: toServer }, { connectTimeout: 2_000, ...options })
  onTestFinished(async () => {
    await client.close()
    await handle.close()
  })
  return client
}

/** What the client answered to one round of questions, by their keys. */
export async function ask(
  client: Client,
  ...rounds: readonly Questions[]
): Promise<readonly Record<string, unknown>[]> {
  const { text } = await client.callTool('ask', { rounds })
  return JSON.parse(text)
}

/** A form with these fields. */
export function form(
  properties: object,
  more: { readonly message?: string; readonly required?: string[] } = {},
): object {
  const { message = 'Fill this in', required = [] } = more
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
  }
}
