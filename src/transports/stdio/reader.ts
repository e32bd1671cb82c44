import type { Readable } from 'node:stream'

/** What is done with input. */
export interface ReaderOptions {
  take(chunk: Buffer): void
  /** Whether nothing more should be taken for now. */
  isFull(): boolean
  /** Nothing comes any more. */
  onEnd(): void
}

/** Read ahead while nothing is taken, so that the end of the input is seen behind it. */
const MOST_AHEAD = 1024 * 1024

/** Reads input no faster than it is taken. */
export class PacedReader {
  readonly #input: Readable
  readonly #options: ReaderOptions
  #ahead: Buffer[] = []
  #size = 0

  constructor(input: Readable, options: ReaderOptions) {
    this.#input = input
    this.#options = options
    input.on('data', this.#read)
    input.on('end', this.#end)
    input.on('close', this.#end)
    input.on('error', this.#end)
  }

  /** There is room again. */
  resume(): void {
    while (this.#ahead.length > 0 && !this.#options.isFull()) {
      const chunk = this.#ahead.shift()
      this.#size -= chunk?.length ?? 0
      if (chunk !== undefined) this.#options.take(chunk)
    }
    if (this.#size <= MOST_AHEAD) this.#input.resume()
  }

  /** Lets go of the input; what was not taken is dropped. */
  release(): void {
    this.#input.off('data', this.#read)
    this.#input.off('end', this.#end)
    this.#input.off('close', this.#end)
    this.#input.pause()
    this.#ahead = []
  }

  readonly #read = (data: Buffer | string): void => {
    const chunk = typeof data === 'string' ? Buffer.from(data) : data
    if (this.#ahead.length === 0 && !this.#options.isFull()) {
      this.#options.take(chunk)
      return
    }
    this.#ahead.push(chunk)
    this.#size += chunk.length
    if (this.#size > MOST_AHEAD) this.#input.pause()
  }

  readonly #end = (): void => {
    for (const chunk of this.#ahead) this.#options.take(chunk)
    this.release()
    this.#options.onEnd()
  }
}
