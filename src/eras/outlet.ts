import { frame } from '../protocol/sse.ts'
import { type Answer, type EventStream, type Exchange, STREAMED } from './exchange.ts'

/**
 * The answer of one exchange: plain JSON while nothing is sent before it, an event stream from
 * the first notification on.
 */
export class Outlet {
  readonly #exchange: Exchange
  readonly #headers: Readonly<Record<string, string>> | undefined
  #stream: EventStream | undefined

  constructor(exchange: Exchange, headers?: Readonly<Record<string, string>>) {
    this.#exchange = exchange
    this.#headers = headers
  }

  /** Whether the answer has become a stream, so that its status can no longer change. */
  get streaming(): boolean {
    return this.#stream !== undefined
  }

  /** Sends a message ahead of the answer. Returns false when the client no longer takes any. */
  send(text: string): boolean {
    this.#stream ??= this.#exchange.open(this.#headers)
    return this.#stream.send(frame(text))
  }

  /** Gives the final message; `status` holds only if no stream was opened. */
  finish(text: string, status = 200): Answer {
    if (this.#stream === undefined) {
      return this.#headers ? { status, body: text, headers: this.#headers } : { status, body: text }
    }
    this.#stream.send(frame(text))
    this.#stream.close()
    return STREAMED
  }
}
