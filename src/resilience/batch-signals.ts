/** The place of an item in its batch. */
export interface Place {
  readonly index: number
  /** Aborts when the batch ends before the item; hand it on. Each item has its own: runtimes warn of many listeners on one. */
  readonly signal: AbortSignal
}

/** The signals of all items that are worked on. */
export class BatchSignals {
  readonly #live = new Set<AbortController>()
  #ended: { readonly reason: unknown } | undefined

  /** Does the work of one item, with its place. */
  async during<T>(index: number, work: (place: Place) => Promise<T>): Promise<T> {
    let abort: AbortController | undefined
    const begin = (): AbortController => {
      abort = new AbortController()
      if (this.#ended === undefined) this.#live.add(abort)
      else abort.abort(this.#ended.reason)
      return abort
    }
    const place: Place = {
      index,
      get signal() {
        return (abort ?? begin()).signal
      },
    }
    try {
      return await work(place)
    } finally {
      if (abort !== undefined) this.#live.delete(abort)
    }
  }

  /** Aborts all that are worked on. */
  abort(reason: unknown): void {
    this.#ended = { reason }
    for (const abort of this.#live) abort.abort(reason)
  }
}
