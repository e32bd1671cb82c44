import type { Auth } from '../../engine/auth.ts'
import { every } from '../../engine/timer.ts'
import { KEEP_ALIVE } from '../../protocol/sse.ts'
import type { EventStream, Exchange } from '../exchange.ts'

/** What becomes of a connection. */
export interface ConnectionOptions {
  readonly keepAliveMs: number
  /** Called once when it ends by itself: the client is gone, no longer reads, or has no valid proof of who it is any more. */
  readonly onLost: (connection: Connection) => void
}

/** A connection that a GET has opened. It shows that it lives while nothing is sent. */
export class Connection implements EventStream {
  readonly #stream: EventStream
  readonly #auth: Auth | undefined
  readonly #onLost: (connection: Connection) => void
  #heartbeat: ReturnType<typeof every> | undefined

  constructor(exchange: Exchange, { keepAliveMs, onLost }: ConnectionOptions) {
    this.#stream = exchange.open()
    this.#auth = exchange.auth
    this.#onLost = onLost
    this.#heartbeat = every(() => this.send(KEEP_ALIVE), keepAliveMs)
    this.#stream.send(KEEP_ALIVE)
  }

  get isCongested(): boolean {
    return this.#stream.isCongested
  }

  drained(): Promise<void> | undefined {
    return this.#stream.drained()
  }

  send(frame: string): boolean {
    if (!this.#isExpired && this.#stream.send(frame)) return true
    this.lose()
    return false
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
    this.#stream.close()
  }

  /** The client is gone. */
  lose(): void {
    if (this.#heartbeat === undefined) return
    this.close()
    this.#onLost(this)
  }

  /** A proof of identity that has run out opens nothing any more. */
  get #isExpired(): boolean {
    const expiresAt = this.#auth?.expiresAt
    return expiresAt !== undefined && Date.now() >= expiresAt * 1000
  }
}
