import type { Change, Hearer } from '../../engine/application.ts'

/** Those who hear what is heard over one connection: all whose key is this one. */
export interface Hearers {
  readonly key: string
  readonly keyOf: (hearer: Hearer) => string
}

/** Tells of a change that was heard over a connection; without `hearers` everybody. */
export type Tell = (change: Change, hearers: Hearers | undefined) => void

/** What is heard again within this time is told once. */
const GATHER_MS = 50

/**
 * Tells of changes those who go by the connections over which they were heard. Many connections tell of one and the same
 * change, and a server may tell of one without end: what comes shortly after another is gathered.
 */
export function createTell(onChange: (change: Change) => void): Tell {
  const waiting = new Map<string, Gathered>()
  let isGathering = false

  const flush = (): void => {
    const told = [...waiting.values()]
    waiting.clear()
    isGathering = told.length > 0
    if (isGathering) setTimeout(flush, GATHER_MS).unref?.()
    for (const { change, audiences } of told) onChange(audiences === undefined ? change : meantFor(change, audiences))
  }
  return (change, hearers) => {
    const key = change.kind === 'contents' ? `contents ${change.uri}` : change.kind
    const before = waiting.get(key)
    waiting.set(key, { change, audiences: joined(before, hearers) })
    if (!isGathering) flush()
  }
}

/** For each way of telling callers apart, the keys of those who are told. */
type Audiences = Map<Hearers['keyOf'], Set<string>>

interface Gathered {
  readonly change: Change
  /** Undefined for everybody. */
  readonly audiences: Audiences | undefined
}

function joined(before: Gathered | undefined, hearers: Hearers | undefined): Audiences | undefined {
  if (hearers === undefined || (before !== undefined && before.audiences === undefined)) return undefined
  const audiences: Audiences = before?.audiences ?? new Map()
  const { key, keyOf } = hearers
  return audiences.set(keyOf, (audiences.get(keyOf) ?? new Set()).add(key))
}

function meantFor(change: Change, audiences: Audiences): Change {
  return { ...change, isFor: (hearer) => [...audiences].some(([keyOf, keys]) => keys.has(keyOf(hearer))) }
}
