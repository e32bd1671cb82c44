import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A request as it arrived. */
export interface Asked {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly socket: Socket
}

/** Answers a request: by itself, or by giving JSON and maybe a status. */
export type AnswerRequest = (asked: Asked, response: ServerResponse) => unknown

/** A real HTTP server for one test, on a free port. */
export interface LocalApi extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
}

/** Starts a server; `await using` closes it and cuts its connections. */
export async function startApi(answer: AnswerRequest): Promise<LocalApi> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    response.on('error', () => undefined)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers, socket } = request
    const one = { method, url, headers, socket, body: Buffer.concat(chunks).toString() }
    asked.push(one)
    const value = await answer(one, response)
    if (value !== undefined && !response.headersSent) sendJson(response, 200, value)
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  return { url: await listen(server), asked, [Symbol.asyncDispose]: () => close(server) }
}

/** Waits until the connection of a request is gone, however it went. */
export function closed(asked: Asked | undefined): Promise<unknown> {
  if (asked === undefined) throw new Error('There was no such request')
  return asked.socket.destroyed ? Promise.resolve() : new Promise((resolve) => asked.socket.once('close', resolve))
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo // it listens on a port
      resolve(`http://127.0.0.1:${port}`)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
