import type { Awaitable } from '../schema/awaitable.ts'
import { unlessAborted } from './abort.ts'
import { isAsking } from './asking.ts'
import { BatchSignals, type Place } from './batch-signals.ts'
import { checkNumber } from './setting.ts'

export type { Place }

/** What came of one item. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

const LANES = { least: 1, most: 10_000, whole: true }

/** How a batch is worked on. */
export interface MapConcurrentOptions {
  /** Most items at a time; default 10. */
  readonly concurrency?: number
  /** Ends the batch: no further item begins, and the whole rejects. */
  readonly signal?: AbortSignal | undefined
  /** Told after each item; `total` is undefined where the length of `items` is not known ahead. */
  readonly onProgress?: (done: number, total: number | undefined) => void
}

/**
 * Works on many items, so many at a time, and gives what came of each in their order. An item that fails does not
 * stop the others. Items are taken as they are needed, so `items` may be endless for all it costs ahead.
 *
 * @example
 * const outcomes = await mapConcurrent(ids, (id, { signal }) => load(id, signal), {
 *   concurrency: 5,
 *   signal: ctx.signal,
 *   onProgress: (done, total) => ctx.progress(done, total),
 * })
 * const failed = outcomes.filter(({ ok }) => !ok).length
 */
export async function mapConcurrent<Item, T>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item, place: Place) => Awaitable<T>,
  options: MapConcurrentOptions = {},
): Promise<Outcome<T>[]> {
  const concurrency = checkNumber('mapConcurrent: concurrency', options.concurrency ?? 10, LANES)
  const signal = options.signal ?? new AbortController().signal
  signal.throwIfAborted()
  const source = sourceOf(items)
  const signals = new BatchSignals()
  const total = lengthOf(items)
  const outcomes: Outcome<T>[] = []
  let done = 0

  const lane = async (): Promise<void> => {
    for (let next = await source.next(); next !== undefined; next = await source.next()) {
      const { item, index } = next
      outcomes[index] = await signals.during(index, (place) => outcomeOf(() => work(item, place)))
      if (signal.aborted) return
      options.onProgress?.(++done, total)
    }
  }
  try {
    const lanes = Array.from({ length: Math.min(concurrency, total ?? concurrency) }, lane)
    await unlessAborted(() => Promise.all(lanes), signal)
  } catch (problem) {
    source.stop()
    signals.abort(problem)
    throw problem
  }

  for (const outcome of outcomes) if (!outcome.ok && isAsking(outcome.error)) throw outcome.error
  return outcomes
}

async function outcomeOf<T>(work: () => Awaitable<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error }
  }
}

interface Source<Item> {
  /** One after the other, whoever asks; undefined when there are no more. */
  next(): Promise<{ readonly item: Item; readonly index: number } | undefined>
  /** No more are wanted. */
  stop(): void
}

function sourceOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): Source<Item> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let isOver = false
  let index = 0
  let turn: Promise<unknown> = Promise.resolve()

  const take = async () => {
    if (isOver) return undefined
    const next = await iterator.next()
    if (next.done) isOver = true
    return next.done ? undefined : { item: next.value, index: index++ }
  }
  return {
    next: () => {
      const taken = turn.then(take)
      turn = taken
      return taken
    },
    stop: () => {
      if (isOver) return
      isOver = true
      // Nobody waits for its end; a source that fails to end has nothing left to say.
      Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => undefined)
    },
  }
}

function lengthOf(items: object): number | undefined {
  if (Array.isArray(items)) return items.length
  return items instanceof Set || items instanceof Map ? items.size : undefined
}
