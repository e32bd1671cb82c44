import { unlessAborted } from './abort.ts'

/** One load that many may wait for. Nothing is made for those who wait unless somebody does. */
export class Flight<V> {
  readonly key: string
  readonly tags: readonly string[]
  readonly #among: Flights<V>
  #outcome: Promise<V> | undefined
  #land: ((value: V) => void) | undefined
  #fail: ((problem: unknown) => void) | undefined
  #abort: AbortController | undefined
  #waiting = 0

  constructor(among: Flights<V>, key: string, tags: readonly string[]) {
    this.#among = among
    this.key = key
    this.tags = tags
  }

  /** For the load: aborts when everybody who waited has left before the end. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    return this.#abort.signal
  }

  /** Waits for what comes of the load, or until `signal` ends the waiting of this one. To be called before it has landed. */
  async join(signal?: AbortSignal): Promise<V> {
    this.#outcome ??= new Promise((resolve, reject) => {
      this.#land = resolve
      this.#fail = reject
    })
    const outcome = this.#outcome
    this.#waiting++
    try {
      return await (signal === undefined ? outcome : unlessAborted(() => outcome, signal))
    } finally {
      this.#waiting--
      if (signal?.aborted && this.#waiting === 0) {
        this.#among.end(this)
        this.#abort?.abort(signal.reason)
      }
    }
  }

  /** Gives what was loaded to all who wait. */
  land(value: V): void {
    this.#land?.(value)
  }

  /** Fails for all who wait. */
  fail(problem: unknown): void {
    this.#fail?.(problem)
  }
}

/** Loads on their way, one for each key: whoever wants the same meanwhile waits for it. */
export class Flights<V> {
  readonly #byKey = new Map<string, Flight<V>>()

  get(key: string): Flight<V> | undefined {
    return this.#byKey.get(key)
  }

  begin(key: string, tags: readonly string[] = NO_TAGS): Flight<V> {
    const flight = new Flight(this, key, tags)
    this.#byKey.set(key, flight)
    return flight
  }

  /** Nobody waits for this one from now on. Returns whether anybody would have: what it loaded is then still good to keep. */
  end(flight: Flight<V>): boolean {
    return this.#byKey.get(flight.key) === flight && this.#byKey.delete(flight.key)
  }

  /** Ends those that are meant: what they load is out of date. */
  drop(isMeant: (key: string, tags: readonly string[]) => boolean): void {
    for (const [key, { tags }] of this.#byKey) if (isMeant(key, tags)) this.#byKey.delete(key)
  }

  /** Ends the one under a key. */
  dropKey(key: string): void {
    this.#byKey.delete(key)
  }

  clear(): void {
    this.#byKey.clear()
  }
}

const NO_TAGS: readonly string[] = Object.freeze([])
