import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import { boundAnswer, MOST_BYTES } from './bounded.ts'
import { ClientError } from './errors.ts'
import type { Answer, Post } from './post.ts'

const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')
const { Readable } = process.getBuiltinModule('node:stream')

/** Connections that wait for the next request; as many as there are requests at once are opened. */
const MOST_FREE = 64
/** A connection that nobody uses is closed before most servers close it from their side. */
const FREE_MS = 4_000

/** Posts to one address over `node:http`. */
export function nodePost(url: URL, always: Readonly<Record<string, string>>): Post {
  const { request, Agent: AgentOf } = url.protocol === 'https:' ? https : http
  const agent: Agent = new AgentOf({ keepAlive: true, maxFreeSockets: MOST_FREE, timeout: FREE_MS, scheduling: 'lifo' })
  const place = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    method: 'POST',
    agent,
  }
  return (body, headers, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const length = Buffer.byteLength(body)
      const sent: ClientRequest = request({ ...place, headers: { ...always, ...headers, 'content-length': length } })
      const onAbort = (): void => void sent.destroy(asError(signal.reason))
      signal.addEventListener('abort', onAbort)
      sent.on('response', (response) => resolve(answerOf(response)))
      sent.on('error', reject)
      sent.on('close', () => signal.removeEventListener('abort', onAbort))
      // The agent's time is for connections that are free.
      sent.on('socket', (socket) => socket.setTimeout(0))
      sent.end(body)
    })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The request was given up', { cause: reason })
}

function answerOf(response: IncomingMessage): Answer {
  const { headers, statusCode: status = 0 } = response
  return {
    status,
    header(name) {
      const value = headers[name]
      return (Array.isArray(value) ? value[0] : value) ?? null
    },
    text: () => textOf(response),
    async events() {
      // The two kinds of streams of bytes differ in their types alone.
      const body = Readable.toWeb(response) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>
      const type = headers['content-type'] ?? ''
      return (await boundAnswer(new Response(body, { headers: { 'content-type': type } }), { most: MOST_BYTES })).body
    },
    async cancel() {
      response.destroy()
    },
  }
}

/** No coding was asked for, so bytes are what they are. */
function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MOST_BYTES) chunks.push(chunk)
      else response.destroy(new ClientError('TOO_LARGE', `The server's answer is over ${MOST_BYTES} bytes`))
    })
    response.on('end', () => {
      const [only = Buffer.alloc(0)] = chunks
      resolve((chunks.length === 1 ? only : Buffer.concat(chunks)).toString())
    })
    response.on('error', reject)
    response.on('close', () => {
      if (!response.complete)
        reject(new ClientError('CONNECTION_CLOSED', 'The server broke off before it had answered'))
    })
  })
}
