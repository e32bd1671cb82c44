import type { Auth } from '../engine/auth.ts'
import type { Wire } from '../eras/era.ts'
import type { Connection, Eras } from '../eras/negotiate.ts'
import { FastMCPError } from '../protocol/errors.ts'

/** What an in-process client may say of itself. */
export interface MemoryOptions {
  /** Who the client is, as `authenticate` would have found out. */
  readonly auth?: Auth | undefined
}

/** The client's end of an in-process connection. The official client takes it as its transport; a message is any JSON object. */
export interface MemoryTransport {
  onmessage?: ((message: object) => void) | undefined
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  start(): Promise<void>
  send(message: object): Promise<void>
  close(): Promise<void>
}

/**
 * Connects a client in the same process. Messages cross as JSON text, in order and never within
 * the call that sends them, so nothing is shared that a network would not share.
 *
 * @example
 * const client = new Client({ name: 'test', version: '1.0.0' })
 * await client.connect(connectMemory(eras))
 */
export function connectMemory(eras: Eras, options: MemoryOptions = {}): MemoryTransport {
  return new Memory(eras, options.auth)
}

class Memory implements MemoryTransport {
  onmessage?: ((message: object) => void) | undefined
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  readonly #eras: Eras
  readonly #auth: Auth | undefined
  #connection: Connection | undefined
  #closed = false

  constructor(eras: Eras, auth: Auth | undefined) {
    this.#eras = eras
    this.#auth = auth
  }

  async start(): Promise<void> {
    if (this.#closed || this.#connection) throw new FastMCPError('TRANSPORT', 'A memory transport starts only once')
    const wire: Wire = { send: (text) => this.#deliver(text) }
    this.#connection = this.#eras.connect(this.#auth === undefined ? wire : { ...wire, auth: this.#auth })
  }

  async send(message: object): Promise<void> {
    const connection = this.#connection
    if (connection === undefined || this.#closed) throw new FastMCPError('TRANSPORT', 'The connection is not open')
    const text = JSON.stringify(message)
    queueMicrotask(() => {
      if (!this.#closed) connection.receive(text)
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#connection?.close()
    this.onclose?.()
  }

  #deliver(text: string): void {
    queueMicrotask(() => {
      if (this.#closed) return
      try {
        this.onmessage?.(JSON.parse(text))
      } catch (problem) {
        this.onerror?.(problem instanceof Error ? problem : new Error('onmessage failed', { cause: problem }))
      }
    })
  }
}
