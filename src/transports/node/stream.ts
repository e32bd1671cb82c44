import type { ServerResponse } from 'node:http'
import { Gate } from '../../engine/gate.ts'
import type { EventStream } from '../../eras/exchange.ts'
import { STREAM_HEADERS } from '../http/stream-headers.ts'
import type { NodeExchange } from './exchange.ts'
import { flatHeaders } from './respond.ts'

/** An answer that is an event stream. Who does not read it is cut off, so that nothing piles up. */
export class NodeStream implements EventStream {
  readonly #exchange: NodeExchange
  readonly #response: ServerResponse
  readonly #most: number
  #open = true
  #isFlushed = false
  /** Where those wait who send no faster than the client reads; made when somebody does. */
  #gate: Gate | undefined

  constructor(exchange: NodeExchange, headers: Readonly<Record<string, string>> | undefined) {
    const { limits } = exchange.desk.site
    this.#exchange = exchange
    this.#response = exchange.response
    this.#most = limits.streamQueue
    this.#response.writeHead(200, flatHeaders(exchange, { ...headers, ...STREAM_HEADERS }))
    // Fires only when nothing moved for that long; a quiet stream has nothing waiting.
    this.#response.setTimeout(limits.stallMs, () => {
      if (this.#response.writableLength > 0) this.#cut()
    })
    // The head travels with the first frame, and alone when there is none in this turn.
    process.nextTick(() => {
      if (this.#open && !this.#isFlushed) this.#response.flushHeaders()
    })
  }

  get isCongested(): boolean {
    return this.#open && this.#response.writableLength > this.#most / 2
  }

  drained(): Promise<void> | undefined {
    if (!this.#open || !this.#response.writableNeedDrain) return undefined
    if (this.#gate === undefined) {
      const gate = new Gate()
      this.#gate = gate
      this.#response.on('drain', () => gate.open())
    }
    return this.#gate.wait()
  }

  send(frame: string): boolean {
    if (!this.#open) return false
    // Judged before the frame is added, so that one large answer passes.
    if (this.#response.writableLength > this.#most) return this.#cut()
    this.#isFlushed = true
    this.#response.write(frame)
    return true
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#response.end()
    this.#gate?.open()
    this.#exchange.done()
  }

  /** The client is gone. */
  abandon(): void {
    this.#open = false
    this.#gate?.open()
  }
  #cut(): false {
    this.#exchange.request.socket.destroy()
    this.#exchange.leave()
    return false
  }
}
