import { type IsolatedClient, type Tally, Watcher } from './client.ts'
import { thingOf } from './server.ts'

type Json = Readonly<Record<string, unknown>>

const REVISION = '2025-11-25'
const KINDS = ['echo', 'talk', 'ask', 'wait', 'cancel', 'touch', 'echo', 'intrude'] as const

/** A client of the stateful era with a session. All of them count their requests alike and use the same progress token. */
export class StatefulClient implements IsolatedClient {
  readonly #watcher: Watcher
  #id = 0
  #session = ''

  /** Those in odd places want to hear of errors alone. */
  constructor(port: number, tally: Tally, place: number) {
    this.#watcher = new Watcher(port, tally)
    this.#watcher.isQuiet = place % 2 === 1
  }

  get tag(): string {
    return this.#watcher.tag
  }

  async open(): Promise<void> {
    const clientInfo = { name: this.tag, version: '1.0.0' }
    const params = { protocolVersion: REVISION, capabilities: { elicitation: {} }, clientInfo }
    const { headers } = await this.#watcher.send({ jsonrpc: '2.0', id: this.#next(), method: 'initialize', params }, {})
    this.#session = String(headers['mcp-session-id'])
    await this.#notify({ method: 'notifications/initialized' })
    await this.#request('logging/setLevel', { level: this.#watcher.isQuiet ? 'error' : 'info' })
    await this.#request('resources/subscribe', { uri: thingOf(this.tag) })
    await this.#watcher.stand(this.#headers)
  }

  async step(turn: number, other: IsolatedClient): Promise<void> {
    const kind = KINDS[turn % KINDS.length] ?? 'echo'
    const nonce = this.#watcher.nonce()
    if (kind === 'intrude') return this.#intrude(other)
    if (kind === 'cancel') return this.#cancel(nonce)
    const { answer } = await this.#call(kind, nonce, (question) => this.#answer(question, nonce))
    const wanted = { nonce, subject: this.tag, ...(kind === 'ask' && { answer: `for ${nonce}` }) }
    this.#watcher.expect(answer, wanted)
  }

  close(): void {
    this.#watcher.leave()
  }

  #answer({ id, params }: Json, nonce: string): void {
    if (!String((params as Json).message).includes(nonce)) this.#watcher.cross('the question of another call', params)
    const result = { action: 'accept', content: { answer: `for ${nonce}` } }
    void this.#notify({ id, result })
  }

  /** Cancels a call by an id that the others have in flight too. */
  async #cancel(nonce: string): Promise<void> {
    const calling = this.#call('wait', nonce)
    await this.#notify({ method: 'notifications/cancelled', params: { requestId: this.#id } })
    const { answer } = await calling
    // It may have been too late to cancel.
    if (answer !== undefined) this.#watcher.expect(answer, { nonce, subject: this.tag })
  }

  /** The session of somebody else. */
  async #intrude(other: IsolatedClient): Promise<void> {
    if (!(other instanceof StatefulClient) || other === this) return
    const message = { jsonrpc: '2.0', id: this.#next(), method: 'tools/list' }
    const { status } = await this.#watcher.send(message, other.#headers)
    if (status !== 404) this.#watcher.cross(`into the session of another, with ${status}`, other.#session)
  }

  #call(name: string, nonce: string, onQuestion?: (question: Json) => void) {
    const params = { name, arguments: { nonce }, _meta: { progressToken: 1 } }
    return this.#request('tools/call', params, onQuestion)
  }

  #request(method: string, params: Json, onQuestion?: (question: Json) => void) {
    return this.#watcher.send({ jsonrpc: '2.0', id: this.#next(), method, params }, this.#headers, onQuestion)
  }

  async #notify(message: Json): Promise<void> {
    await this.#watcher.send({ jsonrpc: '2.0', ...message }, this.#headers)
  }

  #next(): number {
    return ++this.#id
  }

  get #headers(): Readonly<Record<string, string>> {
    return { 'mcp-session-id': this.#session, 'mcp-protocol-version': REVISION }
  }
}
