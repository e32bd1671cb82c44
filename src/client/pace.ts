const LF = 10
/** Lines that are taken in one go, and how many may come in a millisecond on the whole. */
const PORTION = 512
const PER_MS = 400
const WINDOW_MS = 1_000

/**
 * Takes an event stream in no faster than 400,000 lines a second, and in portions with a breath
 * between them: a flood of tiny events or comments must not keep the process from its other work.
 */
export class Pace {
  #since = performance.now()
  #lines = 0
  #portion = 0

  /** Resolves when it is time for more. */
  keep(piece: Uint8Array): Promise<void> | undefined {
    const lines = linesIn(piece)
    this.#lines += lines
    this.#portion += lines
    if (this.#portion < PORTION) return undefined
    this.#portion = 0
    const elapsed = performance.now() - this.#since
    const ahead = this.#lines / PER_MS - elapsed
    if (elapsed > WINDOW_MS) {
      this.#since += elapsed
      this.#lines = 0
    }
    return new Promise((resolve) => setTimeout(resolve, Math.max(0, ahead)))
  }
}

/** A chunk in pieces of at most 512 lines; most chunks are one. */
export function* piecesOf(chunk: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  let start = 0
  let lines = 0
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
    if (++lines < PORTION) continue
    yield chunk.subarray(start, at + 1)
    start = at + 1
    lines = 0
  }
  if (start < chunk.length) yield chunk.subarray(start)
}

function linesIn(piece: Uint8Array): number {
  let lines = 0
  for (let at = piece.indexOf(LF); at >= 0; at = piece.indexOf(LF, at + 1)) lines++
  return lines
}
