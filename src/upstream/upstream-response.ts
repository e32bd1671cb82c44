import type { Deadline } from './deadline.ts'
import { type Errand, useless } from './failures.ts'
import type { UpstreamError } from './upstream-error.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What the answer to a request is held to. */
export interface Bounds {
  readonly deadline: Deadline
  readonly maxBytes: number
}

/**
 * An answer of an upstream, whatever its status. Its body is read within the time and size of its request, by one of
 * `bytes`, `text` and `body`; `discard` it if you do not want it.
 */
export class UpstreamResponse {
  readonly #response: Response
  readonly #bounds: Bounds
  readonly #errand: Errand
  #reader: ReadableStreamDefaultReader<Bytes> | undefined
  #stream: ReadableStream<Bytes> | undefined
  #size = 0

  constructor(response: Response, bounds: Bounds, errand: Errand) {
    this.#response = response
    this.#bounds = bounds
    this.#errand = errand
    if (response.body === null) bounds.deadline.clear()
  }

  get status(): number {
    return this.#response.status
  }

  /** Whether the status is 200 to 299. */
  get ok(): boolean {
    return this.#response.ok
  }

  get headers(): Headers {
    return this.#response.headers
  }

  /** The body as it comes; ends in an `UpstreamError` where it is too large, too slow or breaks off. Null without one. */
  get body(): ReadableStream<Bytes> | null {
    if (this.#response.body === null) return null
    this.#stream ??= new ReadableStream<Bytes>({
      pull: async (controller) => {
        const chunk = await this.#next()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
      cancel: () => this.discard(),
    })
    return this.#stream
  }

  /** The whole body. */
  async bytes(): Promise<Bytes> {
    return joined(await this.#chunks(Number.POSITIVE_INFINITY))
  }

  /** The whole body as UTF-8; what is none is replaced. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes())
  }

  /** The beginning of the body, without what is beyond `most` bytes: that is not waited for. */
  async start(most: number): Promise<string> {
    const chunks = await this.#chunks(most)
    this.discard()
    return new TextDecoder().decode(joined(chunks).subarray(0, most))
  }

  /** Lets go of the connection without reading the rest. */
  discard(): void {
    this.#bounds.deadline.clear()
    this.#leave()
  }

  readonly #leave = (): void => {
    const left = this.#reader ?? this.#response.body
    left?.cancel().catch(ignore)
  }

  async #chunks(most: number): Promise<Bytes[]> {
    const chunks: Bytes[] = []
    try {
      const reader = this.#opened()
      while (reader !== undefined && this.#size < most) {
        const chunk = this.#taken(await reader.read())
        if (chunk === undefined) break
        chunks.push(chunk)
      }
      return chunks
    } catch (problem) {
      throw this.#failed(problem)
    }
  }

  /** The next piece of the body; undefined at its end. */
  async #next(): Promise<Bytes | undefined> {
    try {
      const reader = this.#opened()
      return reader && this.#taken(await reader.read())
    } catch (problem) {
      throw this.#failed(problem)
    }
  }

  #opened(): ReadableStreamDefaultReader<Bytes> | undefined {
    this.#reader ??= this.#begin()
    if (this.#reader === undefined) this.#bounds.deadline.clear()
    return this.#reader
  }

  #taken({ done, value }: ReadableStreamReadResult<Bytes>): Bytes | undefined {
    const { deadline, maxBytes } = this.#bounds
    deadline.signal.throwIfAborted()
    if (done) {
      deadline.clear()
      return undefined
    }
    this.#size += value.length
    if (this.#size > maxBytes) throw this.#tooLarge()
    return value
  }

  #failed(problem: unknown): unknown {
    this.discard()
    return this.#bounds.deadline.explain(problem, this.#errand)
  }

  #begin(): ReadableStreamDefaultReader<Bytes> | undefined {
    if (Number(this.headers.get('content-length')) > this.#bounds.maxBytes) throw this.#tooLarge()
    // The end ends a real body by itself, but not one that a test made up.
    this.#bounds.deadline.onEnd(this.#leave)
    return this.#response.body?.getReader()
  }

  #tooLarge(): UpstreamError {
    const words = `with more than ${this.#bounds.maxBytes} bytes`
    return useless(this.#errand, 'too_large', { words, status: this.status })
  }
}

function joined(chunks: readonly Bytes[]): Bytes {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function ignore(): void {}
