import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** Where a person sits. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable & { readonly isTTY?: boolean }
}

/** Prints, and reads line by line. Touches the input only while it waits for a line. */
export class LineReader {
  readonly #terminal: Terminal
  readonly #ready: string[] = []
  #interface: Interface | undefined
  #waiting: ((line: string | undefined) => void) | undefined
  #ended = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  print(text: string): void {
    this.#terminal.output.write(`${text}\n`)
  }

  /** The next line; undefined when there will be none: end of input, Ctrl-C, or the signal. */
  async read(signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined
    const lines = this.#open()
    lines.prompt()
    const early = this.#ready.shift()
    if (early !== undefined || this.#ended) return early
    const onAbort = (): void => this.#give(undefined)
    signal.addEventListener('abort', onAbort, { once: true })
    lines.resume()
    try {
      return await new Promise((resolve) => {
        this.#waiting = resolve
      })
    } finally {
      signal.removeEventListener('abort', onAbort)
      if (!this.#ended) lines.pause()
    }
  }

  #open(): Interface {
    if (this.#interface) return this.#interface
    const { input, output } = this.#terminal
    const terminal = input.isTTY === true && output.isTTY === true
    const lines = createInterface({ input, output, terminal, historySize: 0, prompt: '> ' })
    lines.on('line', (line) => {
      if (this.#waiting) this.#give(line)
      else this.#ready.push(line)
    })
    lines.on('SIGINT', () => this.#give(undefined))
    lines.on('close', () => {
      this.#ended = true
      this.#give(undefined)
    })
    this.#interface = lines
    return lines
  }

  #give(line: string | undefined): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(line)
  }
}
