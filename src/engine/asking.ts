import type { AskMethod, InputResponse } from '../protocol/asks.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Params } from '../protocol/json-rpc.ts'
import type { Awaitable } from './call.ts'
import type { Origin } from './origin.ts'

/** What every question takes. */
export interface AskOptions {
  /**
   * The name of the question in this call; it must be the same whenever the handler runs again. Left
   * out, questions are counted, which holds unless they are asked in changing order.
   */
  readonly key?: string
}

const LONGEST_KEY = 100

/** The questions that others are on the way of, and the name under which they are told apart from its own. */
export interface Within {
  readonly asking: Asking
  readonly name: string
}

/** The questions of one run of a handler: names them, and knows how long their answers were waited for. */
export class Asking {
  readonly origin: Origin
  readonly #within: Within | undefined
  #counts = new Map<string, number>()
  #counted: ReadonlyMap<string, number> | undefined
  #open = 0
  #since = 0
  #waited = 0
  #hasAsked = false

  constructor(origin: Origin, within?: Within) {
    this.origin = origin
    this.#within = within
  }

  /** The key of the next question of a kind. */
  keyFor(kind: string, given?: string): string {
    if (given !== undefined) return this.full(checkKey(given))
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    return this.full(`${kind}-${count}`)
  }

  /** A key as the whole call knows it. */
  full(key: string): string {
    return this.#within === undefined ? key : this.#within.asking.full(`${this.#within.name}/${key}`)
  }

  /** Notes what has been asked ahead of the handler, or goes back to there when the handler is run once more. */
  begin(again: boolean): void {
    if (again) this.#counts = new Map(this.#counted)
    else this.#counted = new Map(this.#counts)
  }

  async ask(key: string, method: AskMethod, params: Params): Promise<InputResponse> {
    this.#hasAsked = true
    if (this.#open++ === 0) this.#since = performance.now()
    try {
      return await (this.#within?.asking ?? this.origin).ask(key, method, params)
    } finally {
      if (--this.#open === 0) this.#waited += performance.now() - this.#since
    }
  }

  /** Milliseconds that have been spent waiting for the client so far. */
  get waited(): number {
    return this.#open > 0 ? this.#waited + performance.now() - this.#since : this.#waited
  }

  /** Whether anything was asked at all. */
  get hasAsked(): boolean {
    return this.#hasAsked
  }
}

/** Returns a key that a handler gave, or throws `DefinitionError`. */
export function checkKey(key: string): string {
  if (typeof key === 'string' && key !== '' && key.length <= LONGEST_KEY) return key
  throw new DefinitionError('key', `give a text of 1 to ${LONGEST_KEY} characters, such as "confirm"`)
}

/** Does work once for all runs of a handler; see `Context.once`. */
export async function once<T>(asking: Asking, key: string, work: () => Awaitable<T>): Promise<T> {
  return asking.origin.once(asking.full(checkKey(key)), work)
}
