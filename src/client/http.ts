import {
  type AuthProvider,
  type FetchLike,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type OAuthClientProvider,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client'
import { boundAnswer } from './bounded.ts'
import { ClientError } from './errors.ts'
import { refusalOf } from './http-refusal.ts'
import { type NameHeaders, nameHeaderOf } from './name-header.ts'
import { PendingRequest } from './pending-request.ts'
import { createPost, type Post } from './post.ts'
import { Reconnection } from './reconnection.ts'
import { SessionRenewal } from './session-renewal.ts'
import { within } from './within.ts'

/** How requests are made. */
export interface HttpOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: FetchLike
  /** Whether that is the one of the runtime; left out, it is not. */
  readonly isPlain?: boolean
  readonly authProvider?: AuthProvider | OAuthClientProvider | undefined
  readonly nameHeaders: NameHeaders
  /** Hears that a stream has ended that is taken up again, on the asynchronous way of whoever opened it. */
  readonly onLetGo?: (() => void) | undefined
  /** Most decoded bytes of one answer or event. */
  readonly mostBytes: number
}

/** The official interface and its HTTP transport type these options alike but for `| undefined`. */
type SendOptions = Parameters<StreamableHTTPClientTransport['send']>[1]

/** Longest wait for a server to confirm the end of a session. */
const FAREWELL_MS = 2_000

/** Tells the requests of one transport apart between here and `#fetch`; it never leaves. */
const KEY = 'x-pending-request'

/** How often in a row the stream of a request may fail to open again. */
const MOST_FAILURES = 5

/**
 * The official HTTP transport with six habits of ours: answers are bounded, a stream that breaks
 * off for good fails its request at once, one that can go on is taken up in decent intervals, what
 * is over is not listened to any longer, a session that the server lost is begun anew, and a
 * session is ended when the client closes.
 */
export class HttpTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  /** The server has forgotten what belonged to the session: a log level, subscriptions. */
  onrenewed?: () => void
  /** Tells the official client that ending a request's stream cancels the request. */
  readonly hasPerRequestStream = true
  /** Settles once the server has said whether it opens a stream for what belongs to no request. */
  readonly standing: Promise<void>
  #tellStanding: () => void = () => undefined
  readonly #url: URL
  readonly #options: HttpOptions
  readonly #official: StreamableHTTPClientTransport
  readonly #pending = new Map<string | number, PendingRequest>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  readonly #reconnection = new Reconnection()
  readonly #renewal = new SessionRenewal({
    send: (message) => this.#official.send(message),
    renewed: () => this.onrenewed?.(),
  })
  #hasStream = false
  #isLost = false
  #count = 0

  constructor(url: URL, options: HttpOptions) {
    this.#url = url
    this.#options = options
    this.standing = new Promise((resolve) => {
      this.#tellStanding = resolve
    })
    this.#official = new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { ...options.headers } },
      ...(options.authProvider && { authProvider: options.authProvider }),
      fetch: this.#fetch,
      // Standing streams are taken up for as long as the client is open, those of requests as `#reopen` says.
      reconnectionOptions: {
        initialReconnectionDelay: 200,
        maxReconnectionDelay: 30_000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: Number.MAX_SAFE_INTEGER,
      },
      reconnectionScheduler: (reconnect, delay) => this.#takeUp(reconnect, delay),
    })
  }

  /** Sends one body of the stateless era by itself. Not where tokens have to be got first: the official transport does that. */
  get post(): Post | undefined {
    const { authProvider, headers, fetch, isPlain = false } = this.#options
    return authProvider === undefined ? createPost({ url: this.#url, headers, fetch, isPlain }) : undefined
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
      if (this.#renewal.take(message)) return
      if (!('method' in message) && message.id !== undefined) this.#settle(message.id)
      this.onmessage?.(message)
    }
    official.onerror = (problem) => this.onerror?.(problem)
    official.onclose = () => this.onclose?.()
    await official.start()
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if ('method' in message && 'id' in message) return this.#askInSession(message, options)
    await this.#official.send(message, options as SendOptions).finally(() => {
      if ('method' in message && message.method === 'notifications/cancelled') this.#cut(message.params?.requestId)
    })
  }

  async close(): Promise<void> {
    if (this.sessionId !== undefined) await this.#endSession()
    await this.#official.close()
    for (const timer of this.#timers) clearTimeout(timer)
    for (const pending of this.#pending.values()) pending.cut()
    this.#pending.clear()
  }

  /** A request that the server refused because it lost the session was not worked on: it is safe to ask again. */
  async #askInSession(message: JSONRPCRequest, options?: TransportSendOptions): Promise<void> {
    this.#renewal.note(message)
    const { sessionId } = this
    try {
      await this.#ask(message, options)
    } catch (problem) {
      const isLost = sessionId !== undefined && SdkHttpError.isInstance(problem) && problem.status === 404
      if (!isLost) throw problem
      await this.#renew(sessionId)
      await this.#ask(message, options)
    }
  }

  async #renew(lost: string): Promise<void> {
    // Whoever comes late finds the new session there already, or on its way.
    if (this.sessionId === lost || this.#renewal.isRunning) await this.#renewal.renew()
  }

  /** A stream of a session that is lost is not taken up: the next session has its own. */
  #takeUp(reconnect: () => void, delay: number): () => void {
    if (!this.#isLost) {
      this.#options.onLetGo?.()
      return this.#later(reconnect, this.#reconnection.next(delay))
    }
    this.#isLost = false
    return () => undefined
  }

  async #ask(message: JSONRPCRequest, options?: TransportSendOptions): Promise<void> {
    const name = nameHeaderOf(message, this.#options.nameHeaders)
    const pending = new PendingRequest(message.id, { key: String(++this.#count), options, name })
    this.#pending.set(message.id, pending)
    try {
      await this.#official.send(message, {
        ...options,
        headers: { ...options?.headers, [KEY]: pending.key },
        requestSignal: pending.signal,
        onresumptiontoken: (token) => pending.noteToken(token),
        onRequestStreamEnd: () => {
          pending.stopLingering()
          this.#breakOff(pending)
        },
      } as SendOptions)
      pending.streams()
    } catch (problem) {
      this.#forget(pending)
      throw problem
    }
  }

  /** What the official transport fetches with. */
  readonly #fetch: FetchLike = async (url, init) => {
    const headers = new Headers(init?.headers)
    const pending = this.#pendingOf(headers)
    headers.delete(KEY)
    // Only where the era has such headers does the official transport set the other one.
    if (pending?.name !== undefined && headers.has('mcp-method')) headers.set('mcp-name', pending.name)
    const isStanding = init?.method === 'GET' && pending === undefined
    const response = await this.#reopen(pending, () => this.#options.fetch(url, { ...init, headers }), init?.method)
    if (isStanding) this.#watchStream(response)
    if (isStanding && headers.get('accept')?.includes('text/event-stream')) this.#tellStanding()
    const refusal = await refusalOf(response)
    if (refusal) throw refusal
    return boundAnswer(response, {
      most: this.#options.mostBytes,
      onEvent: () => this.#reconnection.bore(),
      onFault: (problem) => pending && this.#breakOff(pending, problem),
    })
  }

  /** A session whose stream could be opened once and cannot be found any more is lost. */
  #watchStream({ ok, status }: Response): void {
    const lost = this.sessionId
    this.#isLost = status === 404 && this.#hasStream && lost !== undefined
    this.#hasStream = ok || (this.#hasStream && status !== 404)
    if (this.#isLost && lost !== undefined) this.#renew(lost).catch((problem) => this.onerror?.(problem))
  }

  /** Whose request goes out, or whose stream is taken up again after an event. */
  #pendingOf(headers: Headers): PendingRequest | undefined {
    const key = headers.get(KEY)
    const token = headers.get('last-event-id')
    if (key === null && token === null) return undefined
    for (const pending of this.#pending.values()) {
      if (pending.key === key || (token !== null && pending.token === token)) return pending
    }
    return undefined
  }

  /** Gives a request up whose stream cannot be taken up again. */
  async #reopen(
    pending: PendingRequest | undefined,
    open: () => Promise<Response>,
    method: string | undefined,
  ): Promise<Response> {
    if (pending === undefined || method !== 'GET') return open()
    const response = await open().catch((problem) => problem as Error) // whatever is thrown is thrown again below
    const good = response instanceof Response && response.ok
    if (pending.reopened(good) >= MOST_FAILURES) this.#breakOff(pending)
    if (response instanceof Response) return response
    throw response
  }

  /** Answers a request in the place of the server that will not: it need not wait for its time-out. */
  #breakOff(pending: PendingRequest, problem?: ClientError): void {
    if (!this.#forget(pending)) return
    pending.cut()
    if (pending.tellEnd()) return
    const data = problem ?? new ClientError('CONNECTION_CLOSED', 'The server broke off before it had answered')
    this.onmessage?.({ jsonrpc: '2.0', id: pending.id, error: { code: -32_000, message: data.message, data } })
  }

  #settle(id: string | number): void {
    const pending = this.#pending.get(id)
    if (!pending || !this.#forget(pending)) return
    pending.linger((cut) => this.#later(cut, LINGER_MS))
  }

  #cut(id: unknown): void {
    const pending = this.#pending.get(id as string | number) // any other key is simply not there
    if (pending && this.#forget(pending)) pending.cut()
  }

  #forget(pending: PendingRequest): boolean {
    return this.#pending.get(pending.id) === pending && this.#pending.delete(pending.id)
  }

  #later(work: () => void, ms: number): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
      clearTimeout(timer)
    }
  }

  /** A server that is gone or slow must not keep the client from closing. */
  async #endSession(): Promise<void> {
    const ended = this.#official.terminateSession().catch(() => undefined)
    await within(ended, FAREWELL_MS)
  }
}

/** How long a stream may stay open after the answer it was opened for: long enough to reuse its connection. */
const LINGER_MS = 1_000
