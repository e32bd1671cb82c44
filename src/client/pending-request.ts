import type { TransportSendOptions } from '@modelcontextprotocol/client'

/** A request over HTTP that has no answer yet. */
export class PendingRequest {
  readonly id: string | number
  /** What it is called between the two ends of the official transport. */
  readonly key: string
  /** The `Mcp-Name` header, for methods that the official transport does not know it of. */
  readonly name: string | undefined
  readonly #options: TransportSendOptions | undefined
  readonly #ended = new AbortController()
  #token: string | undefined
  #failures = 0
  #streams = false
  #stopLingering: (() => void) | undefined

  constructor(
    id: string | number,
    known: {
      readonly key: string
      readonly options: TransportSendOptions | undefined
      readonly name: string | undefined
    },
  ) {
    this.id = id
    this.key = known.key
    this.name = known.name
    this.#options = known.options
    const signal = known.options?.requestSignal
    if (signal?.aborted) this.cut()
    else signal?.addEventListener('abort', () => this.cut(), { once: true })
  }

  /** Ends the exchange, with its stream and every attempt to take that up again. */
  get signal(): AbortSignal {
    return this.#ended.signal
  }

  /** The last event of its stream, by which it can be taken up again. */
  get token(): string | undefined {
    return this.#token
  }

  noteToken(token: string): void {
    this.#token = token
    this.#options?.onresumptiontoken?.(token)
  }

  /** Its answer was not there when the exchange had begun: it comes over a stream. */
  streams(): void {
    this.#streams = true
  }

  /** It is answered: its stream, if it has one, has a little longer to end by itself. */
  linger(later: (cut: () => void) => () => void): void {
    if (this.#streams) this.#stopLingering = later(() => this.cut())
  }

  stopLingering(): void {
    this.#stopLingering?.()
  }

  /** Notes how taking the stream up went; how often in a row it has failed. */
  reopened(good: boolean): number {
    this.#failures = good ? 0 : this.#failures + 1
    return this.#failures
  }

  cut(): void {
    this.#ended.abort()
  }

  /** Tells whoever watches the stream that it ended; false if nobody does. */
  tellEnd(): boolean {
    this.#options?.onRequestStreamEnd?.()
    return this.#options?.onRequestStreamEnd !== undefined
  }
}
