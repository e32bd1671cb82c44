const LF = 10
const CR = 13

/** Most lines of one piece. */
const PORTION = 128

type Bytes = Uint8Array<ArrayBuffer>

/** Part of an event stream. */
export interface Cut {
  readonly bytes: Bytes
  readonly lines: number
  /** How many of the bytes belong to events that are whole with them. */
  readonly whole: number
}

/**
 * Cuts the chunks of an event stream into pieces of at most 128 lines, and knows where events end:
 * at a blank line, whichever of the three ends of lines it has, and wherever chunks are parted.
 * Ordinary chunks are one piece.
 */
export class EventCutter {
  /** Whether nothing of the line that is being read has come yet. */
  #isBlank = true
  /** Whether the last byte was a CR, of which an LF may be the other half. */
  #afterCr = false
  /** Whether the last line that ended was blank. */
  #afterEvent = false

  cut(chunk: Bytes): Iterable<Cut> {
    return this.#pieces(chunk)
  }

  *#pieces(chunk: Bytes): Generator<Cut> {
    const isHalf = this.#afterCr && chunk[0] === LF
    const length = chunk.length
    let [start, lines, lineStart] = [0, 0, isHalf ? 1 : 0]
    let whole = isHalf && this.#afterEvent ? 1 : 0
    let lf = chunk.indexOf(LF, lineStart)
    let cr = chunk.indexOf(CR)
    if (length > 0) this.#afterCr = false
    for (let at = nearer(lf, cr); at >= 0; at = nearer(lf, cr)) {
      this.#afterEvent = this.#isBlank && at === lineStart
      this.#isBlank = true
      lineStart = at + (at === cr && chunk[at + 1] === LF ? 2 : 1)
      this.#afterCr = at === cr && lineStart === length && chunk[length - 1] === CR
      if (this.#afterEvent) whole = lineStart
      if (lf >= 0 && lf < lineStart) lf = chunk.indexOf(LF, lineStart)
      if (cr >= 0 && cr < lineStart) cr = chunk.indexOf(CR, lineStart)
      if (++lines < PORTION) continue
      yield { bytes: chunk.subarray(start, lineStart), lines, whole: Math.max(0, whole - start) }
      start = lineStart
      lines = 0
    }
    if (lineStart < length) this.#isBlank = false
    if (start < length) yield { bytes: chunk.subarray(start), lines, whole: Math.max(0, whole - start) }
  }
}

/** The smaller of two places, of which those below 0 are none. */
function nearer(one: number, other: number): number {
  if (one < 0) return other
  return other < 0 ? one : Math.min(one, other)
}
