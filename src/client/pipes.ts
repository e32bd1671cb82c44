import type { Readable, Writable } from 'node:stream'
import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client'
import { MOST_BYTES } from './bounded.ts'
import { Delivery } from './delivery.ts'
import { ClientError } from './errors.ts'

/** Two streams with a server at their other end: one message per line. */
export interface Pipes {
  /** What the server writes. */
  readonly input: Readable
  /** What the server reads. */
  readonly output: Writable
}

const LF = 10

/** Speaks MCP over two streams. */
export class PipeTransport implements Transport {
  onmessage?: Transport['onmessage']
  onclose?: Transport['onclose']
  onerror?: Transport['onerror']
  /**
   * With `pid`, how the official client knows a local pipe: silence on its first question then
   * means a server of the stateful era, and not an outage.
   */
  readonly stderr: null = null
  readonly pid: null = null
  readonly #pipes: Pipes
  readonly #buffer = new ReadBuffer({ maxBufferSize: MOST_BYTES })
  readonly #delivery = new Delivery((problem) => this.#fail(problem))
  /** The pieces of a line whose end has not come: the buffer would copy all of it for each. */
  #pieces: Buffer[] = []
  #bytes = 0
  #closed = false

  constructor(pipes: Pipes) {
    this.#pipes = pipes
  }

  async start(): Promise<void> {
    const { input, output } = this.#pipes
    input.on('data', this.#read)
    input.on('error', this.#fail)
    input.once('end', this.#end)
    input.once('close', this.#end)
    output.on('error', this.#fail)
  }

  send(message: JSONRPCMessage): Promise<void> {
    const { output } = this.#pipes
    if (this.#closed || !output.writable) {
      return Promise.reject(new ClientError('CONNECTION_CLOSED', 'The server no longer takes messages'))
    }
    return new Promise((resolve, reject) => {
      output.write(serializeMessage(message), (problem) => (problem ? reject(problem) : resolve()))
    })
  }

  async close(): Promise<void> {
    this.#end()
  }

  readonly #read = (chunk: Buffer | string): void => {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    this.#pieces.push(piece)
    this.#bytes += piece.length
    if (this.#bytes <= MOST_BYTES && !piece.includes(LF)) return
    try {
      this.#buffer.append(this.#taken())
    } catch (cause) {
      this.onerror?.(new ClientError('TOO_LARGE', `A message of the server is over ${MOST_BYTES} bytes`, { cause }))
      this.#end()
    }
    this.#deliver()
  }

  #taken(): Buffer {
    const taken = Buffer.concat(this.#pieces, this.#bytes)
    this.#pieces = []
    this.#bytes = 0
    return taken
  }

  #deliver(): void {
    for (;;) {
      try {
        const message = this.#buffer.readMessage()
        if (message === null) return
        this.#delivery.push(() => this.onmessage?.(message))
      } catch (problem) {
        // One bad message must not cost the others.
        this.#fail(problem)
      }
    }
  }

  readonly #fail = (problem: unknown): void => {
    this.onerror?.(problem instanceof Error ? problem : new Error(String(problem)))
  }

  readonly #end = (): void => {
    if (this.#closed) return
    this.#closed = true
    const { input, output } = this.#pipes
    input.off('data', this.#read)
    output.end()
    this.#pieces = []
    this.#buffer.clear()
    this.#delivery.push(() => this.onclose?.())
  }
}
