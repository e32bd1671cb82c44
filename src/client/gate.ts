import type {
  JSONRPCMessage,
  JSONRPCResultResponse,
  MessageExtraInfo,
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/client'
import { ClientError } from './errors.ts'
import type { ProgressReports } from './progress-reports.ts'
import type { Line } from './target.ts'

/** Most items of one list, over all of its pages. */
export const MOST_ITEMS = 10_000

/** The member that holds the items, by the method that lists them. */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['tools/list', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['prompts/list', 'prompts'],
])

/** Under it messages say to which subscription they belong. */
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'

/** What must be remembered of a request until it is answered. */
interface Asked {
  readonly method: string
  /** It carries answers to questions of the server, so its own answer is of no use to another call. */
  readonly isRetry: boolean
  readonly token: unknown
}

/**
 * Stands between the official client and a transport, and lets in only what belongs to something:
 * answers to requests in flight, progress of calls that listen. The rest is counted and dropped.
 */
export class Gate implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  readonly #line: Line
  readonly #reports: ProgressReports
  readonly #asked = new Map<string | number, Asked>()
  readonly #listed = new Map<string, number>()
  #strays = 0

  constructor(line: Line, reports: ProgressReports) {
    this.#line = line
    this.#reports = reports
  }

  /** How many messages belonged to nothing. */
  get strays(): number {
    return this.#strays
  }

  get sessionId(): string | undefined {
    return this.#line.sessionId
  }

  get hasPerRequestStream(): boolean {
    return this.#line.hasPerRequestStream === true
  }

  setProtocolVersion(version: string): void {
    this.#line.setProtocolVersion?.(version)
  }

  async start(): Promise<void> {
    this.#line.onmessage = (message, extra) => this.#receive(message, extra)
    this.#line.onerror = (problem) => this.onerror?.(problem)
    this.#line.onclose = () => {
      this.#asked.clear()
      this.onclose?.()
    }
    await this.#line.start()
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!('method' in message)) return this.#line.send(message, options)
    if (!('id' in message)) {
      this.#forgetCancelled(message.params)
      return this.#line.send(message, options)
    }
    const { id, method, params } = message
    const isRetry = params?.inputResponses !== undefined || params?.requestState !== undefined
    const token = params?._meta?.progressToken
    this.#asked.set(id, { method, isRetry, token })
    this.#reports.mark(token, true)
    if (LISTS.has(method) && params?.cursor === undefined) this.#listed.set(method, 0)
    options?.requestSignal?.addEventListener('abort', () => this.#asked.delete(id), { once: true })
    try {
      await this.#line.send(message, this.#untilStreamEnd(id, options))
    } catch (problem) {
      this.#asked.delete(id)
      throw problem
    }
  }

  close(): Promise<void> {
    return this.#line.close()
  }

  /** A stream that ended for good, as that of a subscription may, brings no answer any more. */
  #untilStreamEnd(id: string | number, options: TransportSendOptions | undefined): TransportSendOptions | undefined {
    const onEnd = options?.onRequestStreamEnd
    if (onEnd === undefined) return options
    const onRequestStreamEnd = (...end: Parameters<typeof onEnd>): void => {
      this.#asked.delete(id)
      onEnd(...end)
    }
    return { ...options, onRequestStreamEnd }
  }

  #forgetCancelled(params: Readonly<Record<string, unknown>> | undefined): void {
    const id = params?.requestId
    if (typeof id === 'string' || typeof id === 'number') this.#asked.delete(id)
  }

  #receive(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): void {
    if ('method' in message) {
      if (message.method === 'notifications/progress') this.#strays += this.#reports.take(message.params) ? 0 : 1
      else if (this.#isForeign(message.params)) this.#strays++
      else this.onmessage?.(message, extra)
      return
    }
    const { id } = message
    const asked = id === undefined ? undefined : this.#asked.get(id)
    if (id === undefined || asked === undefined) {
      this.#strays++
      return
    }
    this.#asked.delete(id)
    this.#reports.mark(asked.token, false)
    this.onmessage?.('result' in message ? this.#judged(message, asked) : message, extra)
  }

  /** Whether a message is for a subscription that is not, or no longer, one of this connection. */
  #isForeign(params: { readonly _meta?: Readonly<Record<string, unknown>> | undefined } | undefined): boolean {
    const id = params?._meta?.[SUBSCRIPTION]
    return id !== undefined && !this.#asked.has(id as string | number) // any other key is simply not there
  }

  #judged(message: JSONRPCResultResponse, { method, isRetry }: Asked): JSONRPCMessage {
    const { id, result } = message
    // The official client caches by what was asked, and answers to questions are not part of that.
    if (isRetry && 'ttlMs' in result) return { ...message, result: { ...result, ttlMs: 0 } }
    const items = result[LISTS.get(method) ?? '']
    if (!Array.isArray(items)) return message
    const total = (this.#listed.get(method) ?? 0) + items.length
    this.#listed.set(method, total)
    if (total <= MOST_ITEMS) return message
    const data = new ClientError('TOO_LARGE', `${method} lists more than ${MOST_ITEMS} items: no more are taken`)
    return { jsonrpc: '2.0', id, error: { code: -32_000, message: data.message, data } }
  }
}

/**
 * A gate before a line. The official client knows a local pipe by the mere presence of two
 * members, and takes silence on its first question there for a server of the stateful era.
 */
export function gated(line: Line, reports: ProgressReports): Gate {
  const gate = new Gate(line, reports)
  return 'stderr' in line && 'pid' in line ? Object.assign(gate, { stderr: null, pid: null }) : gate
}
