import type { Writable } from 'node:stream'
import { Gate } from '../../engine/gate.ts'
import type { Flow } from '../../engine/origin.ts'
import { until } from '../until.ts'

/** How a writer treats its output. */
export interface WriterOptions {
  /** Most bytes that wait for the reader, before it counts as gone. */
  readonly limit: number
  /** The real write, where the stream's own is taken. */
  readonly write?: (text: string) => boolean
}

/** Writes lines, knows when nobody reads them, and never throws. */
export class LineWriter implements Flow {
  /** Called once when the reader is gone. */
  onLost: (() => void) | undefined
  /** Called when the output takes more again. */
  onDrain: (() => void) | undefined
  readonly #output: Writable
  readonly #limit: number
  readonly #write: (text: string) => boolean
  #isLost = false
  readonly #gate = new Gate()

  constructor(output: Writable, { limit, write }: WriterOptions) {
    this.#output = output
    this.#limit = limit
    this.#write = write ?? ((text) => output.write(text))
    output.on('error', this.#lose)
    output.on('close', this.#lose)
    output.on('drain', this.#drained)
  }

  /** Whether nobody will read any more. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Whether more waits than the output likes. */
  get isFull(): boolean {
    return this.#output.writableNeedDrain
  }

  get isCongested(): boolean {
    return this.#output.writableLength > this.#limit / 2
  }

  drained(): Promise<void> | undefined {
    return this.isFull && !this.#isLost ? this.#gate.wait() : undefined
  }

  send(text: string): void {
    if (this.#isLost) return
    if (!this.#output.writable || this.#output.writableLength > this.#limit) this.#lose()
    else this.#write(`${text}\n`)
  }

  /** Gathers what is sent during `work` into one write. */
  together(work: () => void): void {
    this.#output.cork()
    try {
      work()
    } finally {
      this.#output.uncork()
    }
  }

  /** Waits for the reader, but no longer than `ms`, and lets go of the output. */
  async end(ms: number): Promise<void> {
    await until(() => this.#isLost || this.#output.writableLength === 0, ms)
    this.#isLost = true
    this.#gate.open()
    this.#output.off('close', this.#lose)
    this.#output.off('drain', this.#drained)
    // What still waits may fail later, when nobody else would hear it.
    if (this.#output.writableLength === 0 && !this.#output.errored) this.#output.off('error', this.#lose)
  }

  readonly #lose = (): void => {
    if (this.#isLost) return
    this.#isLost = true
    this.#gate.open()
    this.onLost?.()
  }

  readonly #drained = (): void => {
    this.#gate.open()
    this.onDrain?.()
  }
}
