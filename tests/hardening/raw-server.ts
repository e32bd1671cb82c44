import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Client, type ConnectOptions, connect } from '../../src/client/index.ts'

/** A message of the client, with what a server needs to answer it as it likes. */
export interface Asked {
  readonly id: number
  readonly method: string
  readonly params: {
    readonly name?: string
    readonly cursor?: string
    readonly _meta?: { readonly progressToken?: string }
  }
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** A server that behaves until it knows how to speak to the client; then `answer` does what it likes. */
export interface RawServer {
  readonly url: string
  /** Opens a client in an era; it is closed after the test. */
  open(options: ConnectOptions & { readonly era: 'stateless' | 'stateful' }): Promise<Client>
}

const CAPABILITIES = { tools: {}, resources: {}, prompts: {}, logging: {} }

type Get = (request: IncomingMessage, response: ServerResponse) => void

const refuseGet: Get = (_, response) => response.writeHead(405).end()

/** Starts a raw server for one test; `get` answers requests for an event stream, refused by default. */
export async function rawServer(answer: (asked: Asked) => void, get: Get = refuseGet): Promise<RawServer> {
  const { url, close } = await startRawServer(answer, get)
  onTestFinished(close)
  return {
    url,
    async open(options) {
      const client = await connect(url, options)
      onTestFinished(() => client.close())
      return client
    },
  }
}

/** Starts a raw server on a free port. */
export async function startRawServer(
  answer: (asked: Asked) => void,
  get: Get = refuseGet,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    if (request.method === 'GET') return get(request, response)
    if (request.method === 'DELETE') return response.writeHead(200).end()
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { id, method, params = {} } = JSON.parse(body)
      if (id === undefined) response.writeHead(202).end()
      else if (method === 'server/discover') discover(response, id, request)
      else if (method === 'initialize') initialize(response, id)
      else answer({ id, method, params, request, response })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function discover(response: ServerResponse, id: unknown, _: IncomingMessage): void {
  const result = {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: CAPABILITIES,
    ttlMs: 0,
    cacheScope: 'private',
  }
  json(response, { jsonrpc: '2.0', id, result })
}

function initialize(response: ServerResponse, id: unknown): void {
  const serverInfo = { name: 'raw', version: '1.0.0' }
  const result = { protocolVersion: '2025-11-25', capabilities: CAPABILITIES, serverInfo }
  response.setHeader('mcp-session-id', 'raw-session')
  json(response, { jsonrpc: '2.0', id, result })
}

/** Answers with one message. */
export function json(response: ServerResponse, message: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message))
}

/** A good answer to a call of a tool. */
export const good = (id: unknown, text = 'good'): object => ({
  jsonrpc: '2.0',
  id,
  result: { resultType: 'complete', content: [{ type: 'text', text }] },
})

/** Begins an event stream. */
export function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' })
}

/** One event that carries a message. */
export const event = (message: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`

/** Writes for as long as the other side reads. */
export function pour(response: ServerResponse, chunk: string | Uint8Array): void {
  const more = (): void => {
    if (response.destroyed) return
    while (response.write(chunk) && !response.destroyed);
    response.once('drain', () => setImmediate(more))
  }
  more()
}
