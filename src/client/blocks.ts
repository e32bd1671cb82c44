const BLOCK = 64 * 1024

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Bytes that wait for more. Small pieces are put together, so that a sender of single bytes cannot
 * make each of them cost an object.
 */
export class Blocks {
  #blocks: Bytes[] = []
  #open: Bytes | undefined
  #used = 0

  add(piece: Bytes): void {
    if (piece.length >= BLOCK / 2) {
      this.#seal()
      this.#blocks.push(piece)
    } else if (piece.length > 0) this.#copy(piece)
  }

  /** All that waits, in order; nothing waits afterwards. */
  take(): readonly Bytes[] {
    this.#seal()
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }

  clear(): void {
    this.#blocks = []
    this.#open = undefined
    this.#used = 0
  }

  #copy(piece: Bytes): void {
    if (this.#used + piece.length > BLOCK) this.#seal()
    this.#open ??= new Uint8Array(BLOCK)
    this.#open.set(piece, this.#used)
    this.#used += piece.length
  }

  #seal(): void {
    if (this.#open !== undefined) this.#blocks.push(this.#open.slice(0, this.#used))
    this.#open = undefined
    this.#used = 0
  }
}
