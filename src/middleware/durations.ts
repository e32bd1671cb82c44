import type { Outcome } from './outcome.ts'

/** Durations put together, in milliseconds. */
export interface DurationSummary {
  readonly count: number
  /** How many did not end well. */
  readonly failed: number
  readonly mean: number
  readonly max: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Any number of durations in half a kilobyte. */
export interface Durations {
  add(ms: number, outcome: Outcome): void
  summary(): DurationSummary
  /** How many fell into each bucket, and the sums, to put several together. */
  readonly counted: Counted
}

interface Counted {
  readonly buckets: Float64Array
  count: number
  failed: number
  total: number
  max: number
}

/** Four buckets for each doubling, from a microsecond to more than half an hour. */
const BUCKETS = 128
const PER_DOUBLING = 4

/** Makes an empty collection, or one of all that is in `parts`. */
export function createDurations(parts: readonly Durations[] = []): Durations {
  const counted: Counted = { buckets: new Float64Array(BUCKETS), count: 0, failed: 0, total: 0, max: 0 }
  for (const part of parts) join(counted, part.counted)
  return {
    counted,
    add(ms, outcome) {
      counted.count++
      counted.total += ms
      if (ms > counted.max) counted.max = ms
      if (outcome === 'error' || outcome === 'failure') counted.failed++
      const bucket = Math.min(BUCKETS - 1, Math.floor(Math.log2(ms * 1000 + 1) * PER_DOUBLING))
      counted.buckets[bucket] = (counted.buckets[bucket] ?? 0) + 1
    },
    summary: () => ({
      count: counted.count,
      failed: counted.failed,
      mean: counted.count === 0 ? 0 : rounded(counted.total / counted.count),
      max: rounded(counted.max),
      p50: percentile(counted, 0.5),
      p95: percentile(counted, 0.95),
      p99: percentile(counted, 0.99),
    }),
  }
}

function join(all: Counted, { buckets, count, failed, total, max }: Counted): void {
  for (const [bucket, many] of buckets.entries()) all.buckets[bucket] = (all.buckets[bucket] ?? 0) + many
  all.count += count
  all.failed += failed
  all.total += total
  all.max = Math.max(all.max, max)
}

/** The upper end of the bucket in which the duration at this rank lies. */
function percentile({ buckets, count, max }: Counted, part: number): number {
  let left = Math.ceil(count * part)
  for (const [bucket, many] of buckets.entries()) {
    left -= many
    if (left <= 0) return count === 0 ? 0 : rounded(Math.min(max, (2 ** ((bucket + 1) / PER_DOUBLING) - 1) / 1000))
  }
  return rounded(max)
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
