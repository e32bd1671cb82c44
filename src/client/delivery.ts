/**
 * Hands things on in order, each after the microtasks of the one before it. The official client
 * acts on a response at once but on a notification a microtask later: arriving together, the
 * response would win, and the last progress of a call would be lost.
 */
export class Delivery {
  readonly #fail: (problem: unknown) => void
  #last: Promise<void> = Promise.resolve()

  /** `fail` hears what a hand-over throws; the next one happens all the same. */
  constructor(fail: (problem: unknown) => void) {
    this.#fail = fail
  }

  push(hand: () => void): void {
    this.#last = this.#last.then(hand).catch(this.#fail)
  }
}
