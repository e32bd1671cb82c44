import type { Stored } from '../storage/storage.ts'

/**
 * What a storage knows of some permits that lie together. Times are by the clocks of those who took them: they may be
 * wrong, so they are good for choosing and estimating, and never for letting anything through.
 */
export interface Shelf {
  /** How many are gone. */
  readonly count: number
  /** When the first of these and the last was taken. */
  readonly since: number
  readonly at: number
}

/** How many permits are gone. */
export function goneFrom(stored: Stored | undefined): number {
  if (stored === undefined) return 0
  // Nobody knows what something else stands for.
  return isShelf(stored) ? stored.count : Number.POSITIVE_INFINITY
}

/** A shelf after `count` more were taken from it, now. */
export function without(stored: Stored | undefined, count: number, now: number): Stored {
  const { count: gone, since } = isShelf(stored) ? stored : { count: 0, since: now }
  return { count: gone + count, since, at: now }
}

/** Milliseconds until a shelf is full again, as far as clocks agree; `fallback` where they do not. */
export function fullIn(stored: Stored | undefined, per: number, fallback: number): number {
  const left = isShelf(stored) ? stored.at + per - Date.now() + 1 : per
  return left > 0 ? Math.min(left, per) : fallback
}

/**
 * How soon to take from a shelf that is not empty, the least first. All that is taken from one comes back with the last of
 * it, so it should be taken together: one that was just begun is best, then one that is full.
 */
export function rankOf(stored: Stored | undefined, span: number): number {
  if (!isShelf(stored)) return 0
  const age = Date.now() - stored.since
  return age >= 0 && age <= span ? -1 : Math.abs(age)
}

function isShelf(stored: Stored | undefined): stored is Stored & Shelf {
  if (typeof stored !== 'object' || stored === null) return false
  if (!('count' in stored) || !('since' in stored) || !('at' in stored)) return false
  return Number.isSafeInteger(stored.count) && Number.isFinite(stored.since) && Number.isFinite(stored.at)
}
