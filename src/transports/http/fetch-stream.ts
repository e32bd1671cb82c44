import { Gate } from '../../engine/gate.ts'
import type { EventStream } from '../../eras/exchange.ts'
import type { HttpLimits } from './options.ts'

/** What a stream needs to know of its exchange. */
export interface FetchStreamOptions {
  readonly limits: HttpLimits
  /** The reader left, or was cut off. */
  readonly onGone: () => void
  /** The stream was closed from this side. */
  readonly onEnd: () => void
}

const ENCODER = new TextEncoder()
/** Up to here nobody needs to wait for the reader. */
const NOT_WORTH_WAITING = 16 * 1024

/** An event stream whose queue is bounded in bytes: who does not read is cut off. */
export class FetchStream implements EventStream {
  readonly body: ReadableStream<Uint8Array>
  readonly #options: FetchStreamOptions
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #sent = 0
  #takenBefore = 0
  #stall: ReturnType<typeof setTimeout> | undefined
  readonly #gate = new Gate()

  constructor(options: FetchStreamOptions) {
    this.#options = options
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#taken(),
        cancel: () => this.abandon(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: options.limits.streamQueue }),
    )
  }

  get isCongested(): boolean {
    return this.#waiting() > this.#options.limits.streamQueue / 2
  }

  drained(): Promise<void> | undefined {
    return this.#waiting() > NOT_WORTH_WAITING ? this.#gate.wait() : undefined
  }

  send(frame: string): boolean {
    const controller = this.#controller
    if (controller === undefined) return false
    // Judged before the frame is added, so that one large answer passes.
    if (this.#waiting() > this.#options.limits.streamQueue) return this.#cut()
    const bytes = ENCODER.encode(frame)
    controller.enqueue(bytes)
    this.#sent += bytes.byteLength
    if (this.#waiting() > 0) this.#watch()
    return true
  }

  close(): void {
    const controller = this.#controller
    if (controller === undefined) return
    this.#end()
    controller.close()
    this.#options.onEnd()
  }

  /** The reader is gone. */
  abandon(): void {
    const controller = this.#controller
    if (controller === undefined) return
    this.#end()
    controller.error(new Error('The reader left or was too slow'))
    this.#options.onGone()
  }

  /** Bytes that the reader has not taken. */
  #waiting(): number {
    return this.#options.limits.streamQueue - (this.#controller?.desiredSize ?? this.#options.limits.streamQueue)
  }

  /** Cuts a reader off that takes nothing for a while, though something waits. */
  #watch(): void {
    if (this.#stall !== undefined) return
    this.#takenBefore = this.#sent - this.#waiting()
    this.#stall = setTimeout(() => {
      this.#stall = undefined
      const waiting = this.#waiting()
      if (waiting === 0) return
      if (this.#sent - waiting > this.#takenBefore) this.#watch()
      else this.#cut()
    }, this.#options.limits.stallMs)
  }

  #cut(): false {
    this.abandon()
    return false
  }

  #taken(): void {
    if (this.#waiting() <= NOT_WORTH_WAITING) this.#gate.open()
  }

  #end(): void {
    this.#controller = undefined
    this.#gate.open()
    clearTimeout(this.#stall)
    this.#stall = undefined
  }
}
