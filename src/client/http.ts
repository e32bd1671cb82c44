import {
  type FetchLike,
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client'
import { boundAnswers } from './bounded.ts'
import { ClientError } from './errors.ts'

/** How requests are made. */
export interface HttpOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: FetchLike
  /** Most decoded bytes of one answer or event. */
  readonly mostBytes: number
}

/** The official interface and its HTTP transport type these options alike but for `| undefined`. */
type SendOptions = Parameters<StreamableHTTPClientTransport['send']>[1]

/** Longest wait for a server to confirm the end of a session. */
const FAREWELL_MS = 2_000

/**
 * The official HTTP transport with three habits of ours: answers are bounded, a stream that
 * breaks off fails its request at once, and a session is ended when the client closes.
 */
export class HttpTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  /** Tells the official client that ending a request's stream cancels the request. */
  readonly hasPerRequestStream = true
  readonly #official: StreamableHTTPClientTransport
  readonly #unanswered = new Set<string | number>()

  constructor(url: URL, { headers, fetch, mostBytes }: HttpOptions) {
    this.#official = new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { ...headers } },
      fetch: boundAnswers(fetch, mostBytes),
    })
  }

  get sessionId(): string | undefined {
    return this.#official.sessionId
  }

  setProtocolVersion(version: string): void {
    this.#official.setProtocolVersion(version)
  }

  async start(): Promise<void> {
    const official = this.#official
    official.onmessage = (message) => {
      if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#unanswered.delete(message.id ?? '')
      this.onmessage?.(message)
    }
    official.onerror = (problem) => this.onerror?.(problem)
    official.onclose = () => this.onclose?.()
    await official.start()
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!isJSONRPCRequest(message)) return this.#official.send(message, options as SendOptions)
    this.#unanswered.add(message.id)
    options?.requestSignal?.addEventListener('abort', () => this.#unanswered.delete(message.id), { once: true })
    const onRequestStreamEnd = (): void => {
      options?.onRequestStreamEnd?.()
      this.#breakOff(message.id)
    }
    try {
      await this.#official.send(message, { ...options, onRequestStreamEnd } as SendOptions)
    } catch (problem) {
      this.#unanswered.delete(message.id)
      throw problem
    }
  }

  async close(): Promise<void> {
    if (this.sessionId !== undefined) await this.#endSession()
    await this.#official.close()
    this.#unanswered.clear()
  }

  /** Answers a request in the place of the server that will not: it need not wait for its time-out. */
  #breakOff(id: string | number): void {
    if (!this.#unanswered.delete(id)) return
    const data = new ClientError('CONNECTION_CLOSED', 'The server broke off before it had answered')
    this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32_000, message: data.message, data } })
  }

  /** A server that is gone or slow must not keep the client from closing. */
  async #endSession(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS)
    })
    await Promise.race([this.#official.terminateSession().catch(() => undefined), late])
    clearTimeout(timer)
  }
}
