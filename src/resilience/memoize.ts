import { FastMCPError } from '../protocol/errors.ts'
import { canonicalKey } from './canonical-key.ts'
import { ttlCache } from './ttl-cache.ts'

/** How results are remembered. */
export interface MemoizeOptions<Args extends readonly unknown[]> {
  /** Most results; default 1,000. What was not asked for longest goes first. */
  readonly max?: number
  /** Milliseconds that a result counts; left out, until it is displaced. */
  readonly ttl?: number
  /** What makes two calls the same; left out, equal arguments, whatever the order of their members. */
  readonly key?: (...args: Args) => string
}

/** A function that remembers its results, made by `memoize`. */
export interface Memoized<Args extends readonly unknown[], T> {
  (...args: Args): Promise<T>
  /** Forgets what one call gave; returns whether it was remembered. */
  forget(...args: Args): boolean
  /** Forgets everything. */
  clear(): void
  /** How many results are remembered. */
  readonly size: number
}

/**
 * Makes a function remember what it gave for the same arguments. Calls at the same time share one run; failures are
 * given to all who wait and are not remembered. Everybody gets the same object: do not change it.
 *
 * The function must depend on its arguments alone: leave out of the key (by `key`) what does not count, such as a
 * signal, and never what does, such as who is asking.
 *
 * @example
 * const geocode = memoize((address: string) => lookUp(address), { max: 500, ttl: 3_600_000 })
 * const place = await geocode('Via Appia 3, Rome')
 */
export function memoize<Args extends readonly unknown[], T>(
  work: (...args: Args) => T,
  { max = 1_000, ttl = Number.POSITIVE_INFINITY, key = equalArguments }: MemoizeOptions<Args> = {},
): Memoized<Args, Awaited<T>> {
  const cache = ttlCache<Awaited<T>>({ ttl, max })
  const keyOf = (args: Args): string => {
    const text: unknown = key(...args)
    if (typeof text === 'string') return text
    throw new FastMCPError('NO_KEY', `memoize: key gave ${text === null ? 'null' : `a ${typeof text}`}; give a text`)
  }
  const memoized = async (...args: Args): Promise<Awaited<T>> => {
    const { value } = await cache.getOrLoad(keyOf(args), async (): Promise<Awaited<T>> => await work(...args))
    return value
  }
  const extras = {
    forget: (...args: Args) => cache.invalidate({ key: keyOf(args) }) > 0,
    clear: () => cache.clear(),
    get size() {
      return cache.size
    },
  }
  return Object.defineProperties(memoized, Object.getOwnPropertyDescriptors(extras)) as Memoized<Args, Awaited<T>> // with the extras
}

function equalArguments(...args: readonly unknown[]): string {
  return canonicalKey(args)
}
