import { Agent, type IncomingMessage, request } from 'node:http'

/** Calls share few connections, so that each carries the requests of many clients; streams have one each. */
const AGENTS = { call: new Agent({ keepAlive: true, maxSockets: 64 }), stream: new Agent({ keepAlive: true }) }

type Headers = Readonly<Record<string, string>>

/** One HTTP exchange. */
export interface Sent {
  readonly port: number
  readonly headers: Headers
  /** Left out for a GET. */
  readonly message?: object
  /** Hears each message as it comes; the last one is the answer. */
  readonly onMessage: (text: string) => void
  /** Whether it goes on for as long as the client lives. */
  readonly standing?: boolean
}

/** What came of it. */
export interface Received {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Resolves when the last message has come. */
  readonly over: Promise<void>
  /** Hangs up. */
  leave(): void
}

/** Sends a request and hands out what comes back, message by message. Resolves with the head of the answer. */
export function exchange({ port, headers, message, onMessage, standing = false }: Sent): Promise<Received> {
  const body = message === undefined ? undefined : JSON.stringify(message)
  return new Promise((resolve, reject) => {
    const sending = request({
      port,
      host: '127.0.0.1',
      path: '/mcp',
      method: body === undefined ? 'GET' : 'POST',
      agent: standing ? AGENTS.stream : AGENTS.call,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    })
    sending.on('error', reject)
    sending.on('response', (response) => {
      const { statusCode: status = 0, headers } = response
      resolve({ status, headers, over: readAll(response, onMessage), leave: () => sending.destroy() })
    })
    sending.end(body)
  })
}

/** Closes the connections that wait for another request. */
export function closeConnections(): void {
  for (const agent of Object.values(AGENTS)) agent.destroy()
}

function readAll(response: IncomingMessage, onMessage: (text: string) => void): Promise<void> {
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    rest += chunk
    if (!isStream) return
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1]
      if (data !== undefined) onMessage(data)
    }
  })
  return new Promise((resolve) => {
    response.on('end', () => {
      if (!isStream && rest !== '') onMessage(rest)
    })
    response.on('error', () => undefined) // hanging up is what ends a standing stream
    response.on('close', resolve)
  })
}
