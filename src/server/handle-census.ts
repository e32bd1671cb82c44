import { ToolError } from '../protocol/errors.ts'
import { steadyNow } from '../storage/clock.ts'
import { digestKey } from '../storage/digest-key.ts'
import type { Storage, Stored } from '../storage/storage.ts'

/** Where a session lies, and whose it is. */
export interface Place {
  readonly storage: Storage
  /** The principal. */
  readonly owner: string
  readonly key: string
}

/** Whose sessions are counted, and how many there may be. */
export interface CensusOptions {
  readonly name: string
  readonly ttlMs: number
  readonly most: number
}

/** Counts the sessions that each principal has. One is noted with the moment it was last heard of. */
export interface Census {
  /** Lets a session in. Throws `ToolError` when there are too many. */
  enter(place: Place): Promise<void>
  /** Whether a session that was noted at a moment must be noted again before it is taken for gone. */
  isDue(noted: number): boolean
  /** Notes a session again. */
  renew(place: Place): Promise<void>
  leave(place: Place): Promise<void>
}

const MARK_LENGTH = 16

/**
 * Makes a census. To note each use would double the work of it, so a session is noted again once half of its time has
 * passed, and counts for half longer than it lives.
 */
export function createHandleCensus({ name, ttlMs, most }: CensusOptions): Census {
  const countedMs = ttlMs * 1.5

  /** All that count but one. */
  const othersThan = (mark: string, noted: Stored | undefined): readonly Stored[] => {
    const since = steadyNow() - countedMs
    const all: readonly Stored[] = Array.isArray(noted) ? noted : []
    return all.filter((item) => Array.isArray(item) && item[0] !== mark && Number(item[1]) > since)
  }
  const note = async (place: Place, limit: number): Promise<void> => {
    const mark = markOf(place)
    const step = (noted: Stored | undefined): Stored => {
      const others = othersThan(mark, noted)
      if (others.length >= limit) throw tooMany(name, most)
      return [...others, [mark, steadyNow()]]
    }
    await place.storage.update(await keyOf(name, place), step, { ttlMs: countedMs })
  }

  return {
    enter: (place) => note(place, most),
    isDue: (noted) => steadyNow() - noted > ttlMs / 2,
    // The use is done, and it must not be done again because it could not be noted.
    renew: (place) => note(place, Number.POSITIVE_INFINITY).catch(() => undefined),
    async leave(place) {
      const mark = markOf(place)
      await place.storage.update(await keyOf(name, place), (noted) => {
        const others = othersThan(mark, noted)
        return others.length === 0 ? undefined : others
      })
    },
  }
}

function markOf({ key }: Place): string {
  return key.slice(0, MARK_LENGTH)
}

function keyOf(name: string, { owner }: Place): Promise<string> {
  return digestKey(name, owner)
}

function tooMany(name: string, most: number): ToolError {
  return new ToolError(
    'QUOTA_EXCEEDED',
    `There are ${most} of the kind ${name} already, and there may be no more; end one, or wait until one expires`,
  )
}
