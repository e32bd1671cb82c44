import { type IsolatedClient, type Tally, Watcher } from './client.ts'
import { thingOf } from './server.ts'

type Json = Readonly<Record<string, unknown>>

const REVISION = '2026-07-28'
const META = 'io.modelcontextprotocol/'
const KINDS = ['echo', 'talk', 'ask', 'echo', 'wait', 'touch', 'echo', 'borrow'] as const

/** A client of the stateless era. All of them count their requests alike and use the same progress token. */
export class StatelessClient implements IsolatedClient {
  readonly #watcher: Watcher
  #id = 0
  /** Its last question. */
  #asked: { readonly nonce: string; readonly state: unknown } | undefined

  constructor(port: number, tally: Tally) {
    this.#watcher = new Watcher(port, tally)
  }

  get tag(): string {
    return this.#watcher.tag
  }

  open(): Promise<void> {
    const params = { notifications: { resourceSubscriptions: [thingOf(this.tag)] }, _meta: this.#meta() }
    const method = 'subscriptions/listen'
    return this.#watcher.stand(headersOf(method), { jsonrpc: '2.0', id: 'listen', method, params })
  }

  async step(turn: number, other: IsolatedClient): Promise<void> {
    const kind = KINDS[turn % KINDS.length] ?? 'echo'
    const nonce = this.#watcher.nonce()
    if (kind === 'ask') return this.#ask(nonce)
    if (kind === 'borrow') return this.#borrow(other)
    const { answer } = await this.#call(kind, nonce)
    const wanted = { nonce, subject: this.tag, ...(kind === 'echo' && { header: this.tag }) }
    this.#watcher.expect(answer, wanted)
  }

  close(): void {
    this.#watcher.leave()
  }

  /** Two rounds, whose answer and state are this client's alone. */
  async #ask(nonce: string): Promise<void> {
    const { answer } = await this.#call('ask', nonce)
    const { inputRequests, requestState } = (answer?.result ?? {}) as Json
    const [key = ''] = Object.keys((inputRequests ?? {}) as Json)
    this.#asked = { nonce, state: requestState }
    const inputResponses = { [key]: { action: 'accept', content: { answer: `for ${nonce}` } } }
    const { answer: last } = await this.#call('ask', nonce, { requestState, inputResponses })
    this.#watcher.expect(last, { nonce, subject: this.tag, answer: `for ${nonce}` })
  }

  /** The state of somebody else, for the very same call as theirs. */
  async #borrow(other: IsolatedClient): Promise<void> {
    if (!(other instanceof StatelessClient) || other.#asked === undefined || other === this) return
    const { nonce, state } = other.#asked
    const { answer } = await this.#call('ask', nonce, { requestState: state })
    const { code } = (answer?.error ?? {}) as Json
    if (code !== -32_602) this.#watcher.cross('on with the state of another', answer)
  }

  #call(name: string, nonce: string, more: Json = {}) {
    const params = { name, arguments: { nonce }, ...more, _meta: this.#meta() }
    const message = { jsonrpc: '2.0', id: ++this.#id, method: 'tools/call', params }
    return this.#watcher.send(message, { ...headersOf('tools/call'), 'mcp-name': name })
  }

  #meta(): Json {
    return {
      [`${META}protocolVersion`]: REVISION,
      [`${META}clientCapabilities`]: { elicitation: {} },
      [`${META}logLevel`]: 'info',
      progressToken: 1,
    }
  }
}

function headersOf(method: string): Readonly<Record<string, string>> {
  return { 'mcp-protocol-version': REVISION, 'mcp-method': method }
}
