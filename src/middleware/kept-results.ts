import { backstageOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import { Unwinding } from '../engine/unwinding.ts'
import { McpError } from '../protocol/errors.ts'
import type { Result } from '../protocol/methods.ts'
import { type Flight, Flights } from '../resilience/flight.ts'
import { checkNumber } from '../resilience/setting.ts'
import { Generations, type Meant } from './generations.ts'
import { type Keeping, type KeptResult, keepResult, reviveResult } from './kept-result.ts'

/** How many results are kept. */
export interface KeptResultsOptions {
  /** Most results; default 10,000. What was not asked for longest goes first. */
  readonly max?: number
  /** Most memory in bytes, roughly; default 64 MiB. */
  readonly maxBytes?: number
}

/** One call whose result may be kept; with `ttl` 0 it is not, but calls that come together are made once all the same. */
export interface Order<R extends Result> extends Keeping {
  readonly context: Context
  /** Whether a result is good enough to be kept. */
  readonly isGood: (result: R) => boolean
  /** Hears of a result that is good and nobody's alone, from the one who loaded it. */
  readonly onGood?: (result: R) => void
  readonly load: () => Promise<R>
}

const MOST_RESULTS = 10_000
const MOST_BYTES = 64 * 1024 * 1024

/** The longest that anything is kept, in milliseconds: 24 hours. */
export const LONGEST_TTL: number = 24 * 60 * 60_000

/** Results of calls, each under the key of all that it depends on. */
export class KeptResults {
  readonly #results: Generations<KeptResult>
  readonly #flights = new Flights<Landed>()

  constructor({ max = MOST_RESULTS, maxBytes = MOST_BYTES }: KeptResultsOptions = {}) {
    checkNumber('cache: max', max, { least: 1, whole: true })
    checkNumber('cache: maxBytes', maxBytes, { least: 1 })
    this.#results = new Generations({ max, maxBytes })
  }

  /** What is kept, as a copy; undefined where nothing is. */
  get<R extends Result>(key: string): R | undefined {
    const kept = this.#results.get(key)
    return kept && reviveResult<R>(kept)
  }

  /**
   * Loads a result, once for all who ask for the same meanwhile. What is thrown is thrown to all of them and not kept;
   * what is not good goes to all of them and is not kept; what depends on one of them alone, because its client was
   * asked something or has left, is shared with nobody.
   */
  load<R extends Result>(order: Order<R>): Promise<R> {
    const flight = this.#flights.get(order.key)
    return flight === undefined ? this.#lead(order) : this.#follow(flight, order)
  }

  /** Forgets results; gives how many. What is being loaded meanwhile is neither kept nor waited for by anybody else. */
  invalidate(meant: Meant): number {
    this.#flights.clear()
    return this.#results.remove(meant)
  }

  clear(): void {
    this.#flights.clear()
    this.#results.clear()
  }

  async #lead<R extends Result>(order: Order<R>): Promise<R> {
    const { key, context, load } = order
    const flight = this.#flights.begin(key)
    try {
      const result = await load()
      backstageOf(context).checkUnwinding()
      const isCurrent = this.#flights.end(flight)
      flight.land(aloneOf(context) ?? this.#take(result, isCurrent, order))
      return result
    } catch (problem) {
      this.#flights.end(flight)
      flight.land((problem instanceof Unwinding ? ASKED : aloneOf(context)) ?? { problem })
      throw problem
    }
  }

  #take<R extends Result>(result: R, isCurrent: boolean, order: Order<R>): Landed {
    const { key, ttl, isGood, onGood } = order
    const kept = isGood(result) ? keepResult(result, order) : undefined
    if (kept === undefined) return { shared: result }
    onGood?.(result)
    // Not what was invalidated on its way.
    if (ttl > 0 && isCurrent) this.#results.set(key, kept)
    return { kept }
  }

  async #follow<R extends Result>(flight: Flight<Landed>, order: Order<R>): Promise<R> {
    const landed = await flight.join()
    if ('kept' in landed) return reviveResult<R>(landed.kept)
    // Loaded under the same key, and so by the same method.
    if ('shared' in landed) return landed.shared as R
    if ('problem' in landed) throw landed.problem
    return landed.alone === 'asked' ? order.load() : this.load(order)
  }
}

/** What came of a load, for those who waited for somebody else to load. */
type Landed =
  /** A result to share, and to keep. */
  | { readonly kept: KeptResult }
  /** A result for all who wait now, and nobody later. */
  | { readonly shared: Result }
  /** A failure for all who wait now. */
  | { readonly problem: unknown }
  /** Nothing to share: the one who loaded was asked something, or has left. */
  | { readonly alone: 'asked' | 'left' }

const ASKED: Landed = { alone: 'asked' }
const LEFT: Landed = { alone: 'left' }

/** Why what a call came to is nobody else's; undefined where it may be shared. */
function aloneOf(context: Context): Landed | undefined {
  if (backstageOf(context).asked?.hasAsked === true || Object.keys(context.inputResponses).length > 0) return ASKED
  return hasLeft(context) ? LEFT : undefined
}

/**
 * Whether the client has left and the handler may have noticed. One that never looks at the signal gives what it would
 * have given anyhow, and one that ran out of time failed like any other.
 */
function hasLeft(context: Context): boolean {
  if (!backstageOf(context).isHeeded) return false
  const { aborted, reason } = context.signal
  return aborted && !(reason instanceof McpError && reason.code === 'TIMEOUT')
}
