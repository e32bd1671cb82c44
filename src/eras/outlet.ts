import type { Flow } from '../engine/origin.ts'
import { frame } from '../protocol/sse.ts'
import { type Answer, type EventStream, type Exchange, type Reply, STREAMED } from './exchange.ts'
import type { MessageText } from './text.ts'

/** Keeps proxies from holding events back. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = { 'x-accel-buffering': 'no' }

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

  /** How fast the client takes the stream; undefined while there is none. */
  get flow(): Flow | undefined {
    return this.#stream
  }

  /** Makes the answer a stream although nothing is sent ahead of it, for a client that takes no plain JSON. */
  open(): void {
    this.#stream ??= this.#exchange.open(this.#headers)
  }

  /** Sends a message ahead of the answer. Returns false when the client no longer takes any. */
  send(text: string): boolean {
    this.#stream ??= this.#exchange.open(this.#headers)
    return this.#stream.send(frame(text))
  }

  /** Gives the final message; `status` holds only if no stream was opened. */
  finish(text: MessageText, status = 200): Answer {
    if (this.#stream === undefined) {
      const reply = replyWith(status, text)
      return this.#headers ? { ...reply, headers: this.#headers } : reply
    }
    this.#stream.send(frame(String(text)))
    this.#stream.close()
    return STREAMED
  }

  /** Ends the answer without a final message, for a request whose client no longer wants one. */
  end(): Answer {
    this.open()
    this.#stream?.close()
    return STREAMED
  }
}

/** A reply with a message as its body. */
export function replyWith(status: number, text: MessageText): Reply {
  return typeof text === 'string' ? { status, body: text } : { status, body: text.before, rest: text.kept.closed }
}
