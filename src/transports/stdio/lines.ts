const NEWLINE = 10
const CARRIAGE_RETURN = 13
const NOTHING: Buffer = Buffer.alloc(0)
/** Room that is kept for the next unfinished line. */
const KEPT = 64 * 1024

/** What comes of splitting: a line without its end, or the news that one is too long and skipped. */
export interface LineSink {
  /** The bytes are valid only during the call. */
  line(bytes: Buffer): void
  tooLong(): void
}

/**
 * Splits bytes into lines. Works on bytes, so that a character cut in two by a read is whole
 * again; the room for an unfinished line doubles, so that a byte at a time costs linear time too.
 */
export class LineSplitter {
  readonly #sink: LineSink
  readonly #limit: number
  #held: Buffer = NOTHING
  #size = 0
  #skipping = false

  constructor(sink: LineSink, limit: number) {
    this.#sink = sink
    this.#limit = limit
  }

  push(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#finish(chunk.subarray(from, at))
      from = at + 1
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from))
  }

  /** The input is over: what is left is the last line. */
  end(): void {
    this.#finish(NOTHING)
  }

  /** A line ends with this piece. */
  #finish(piece: Buffer): void {
    if (this.#size > 0 || this.#skipping) this.#hold(piece)
    else if (piece.length <= this.#limit) this.#give(piece)
    else this.#sink.tooLong()
    if (this.#size > 0) this.#give(this.#held.subarray(0, this.#size))
    this.#size = 0
    this.#skipping = false
    if (this.#held.length > KEPT) this.#held = NOTHING
  }

  /** Keeps a piece of an unfinished line, or begins to skip the line. */
  #hold(piece: Buffer): void {
    if (this.#skipping) return
    const size = this.#size + piece.length
    if (size > this.#limit) {
      this.#skipping = true
      this.#size = 0
      this.#sink.tooLong()
      return
    }
    if (size > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#held.length, 1024))
      this.#held.copy(larger, 0, 0, this.#size)
      this.#held = larger
    }
    piece.copy(this.#held, this.#size)
    this.#size = size
  }

  #give(line: Buffer): void {
    const end = line[line.length - 1] === CARRIAGE_RETURN ? line.length - 1 : line.length
    if (end > 0) this.#sink.line(line.subarray(0, end))
  }
}
