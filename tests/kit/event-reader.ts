/** A server-sent event as a client reads it. */
export interface ReadEvent {
  readonly id: string | undefined
  readonly retry: number | undefined
  readonly data: string
}

/** An HTTP answer, read event by event or as a whole. */
export interface Reading {
  readonly status: number
  readonly headers: Headers
  /** The next event; undefined at the end of the stream. */
  next(): Promise<ReadEvent | undefined>
  /** All that is still to come. */
  rest(): Promise<ReadEvent[]>
  /** The body, where it is no stream. */
  text(): Promise<string>
  /** Hangs up. */
  leave(): void
}

type Sent = Readonly<Record<string, string>>

/** Sends a request to an MCP endpoint; `message` makes it a POST. */
export async function read(url: string, headers: Sent = {}, message?: unknown): Promise<Reading> {
  const abort = new AbortController()
  const usual = {
    accept: 'application/json, text/event-stream',
    ...(message !== undefined && { 'content-type': 'application/json' }),
  }
  const response = await fetch(url, {
    method: message === undefined ? 'GET' : 'POST',
    headers: { ...usual, ...headers },
    signal: abort.signal,
    ...(message !== undefined && { body: JSON.stringify(message) }),
  })
  const next = eventsOf(response)
  return {
    status: response.status,
    headers: response.headers,
    next,
    async rest() {
      const events: ReadEvent[] = []
      for (let event = await next(); event !== undefined; event = await next()) events.push(event)
      return events
    },
    text: () => response.text(),
    leave: () => abort.abort(),
  }
}

function eventsOf(response: Response): () => Promise<ReadEvent | undefined> {
  const decoder = new TextDecoder()
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let text = ''
  return async () => {
    reader ??= response.body?.getReader()
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        if (block.startsWith(':')) continue
        return parse(block)
      }
      const chunk = await reader?.read()
      if (chunk === undefined || chunk.done) return undefined
      text += decoder.decode(chunk.value, { stream: true })
    }
  }
}

/** Field by field, as the standard says: whatever is not known is no part of an event. */
function parse(block: string): ReadEvent {
  let id: string | undefined
  let retry: number | undefined
  const data: string[] = []
  for (const line of block.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':')
    const [field, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
    if (field === 'id') id = value
    else if (field === 'retry') retry = Number(value)
    else if (field === 'data') data.push(value)
    else if (field !== 'event') throw new Error(`a line that belongs to no event: ${JSON.stringify(line)}`)
  }
  return { id, retry, data: data.join('\n') }
}

/** A session over HTTP, for tests of what official clients hide. */
export class HttpSession {
  readonly url: string
  headers: Sent
  #id = 0

  private constructor(url: string, headers: Sent) {
    this.url = url
    this.headers = headers
  }

  static async open(
    url: string,
    given: { readonly headers?: Sent; readonly revision?: string } = {},
  ): Promise<HttpSession> {
    const { headers = {}, revision = '2025-11-25' } = given
    const params = { protocolVersion: revision, capabilities: { roots: {} }, clientInfo: { name: 'raw', version: '1' } }
    const answer = await read(url, headers, { jsonrpc: '2.0', id: 'init', method: 'initialize', params })
    const id = answer.headers.get('mcp-session-id')
    if (id === null) throw new Error(`No session: ${answer.status} ${await answer.text()}`)
    await answer.text()
    return new HttpSession(url, { ...headers, 'mcp-session-id': id, 'mcp-protocol-version': revision })
  }

  get id(): string {
    return this.headers['mcp-session-id'] ?? ''
  }

  post(message: object, headers: Sent = {}): Promise<Reading> {
    return read(this.url, { ...this.headers, ...headers }, { jsonrpc: '2.0', ...message })
  }

  call(name: string, params: object = {}, headers: Sent = {}): Promise<Reading> {
    this.#id += 1
    return this.post({ id: this.#id, method: 'tools/call', params: { name, ...params } }, headers)
  }

  get(headers: Sent = {}): Promise<Reading> {
    return read(this.url, { ...this.headers, accept: 'text/event-stream', ...headers })
  }

  async delete(headers: Sent = {}): Promise<number> {
    return (await fetch(this.url, { method: 'DELETE', headers: { ...this.headers, ...headers } })).status
  }
}
