/** Where some wait until it opens; it is closed again at once for those who come later. */
export class Gate {
  #opened: Promise<void> | undefined
  #open: (() => void) | undefined

  /** Resolves when the gate next opens. */
  wait(): Promise<void> {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve
    })
    return this.#opened
  }

  /** Lets all go on who wait now. */
  open(): void {
    this.#opened = undefined
    this.#open?.()
    this.#open = undefined
  }
}
