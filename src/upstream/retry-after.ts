/** Nobody who waits longer than a day is still there. */
const MOST_MS = 24 * 60 * 60 * 1000

/** As HTTP writes dates, in its old forms too, or as ISO 8601 does. `Date.parse` makes a date of `12, 13` too. */
const DATE = /^(?:[A-Z][a-z]{2,8},? .*\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T)/

/**
 * How long an upstream wants to be left alone, in milliseconds from 0 to a day; undefined where it does not say so. A
 * date counts from the upstream's own clock, so that ours may be wrong (RFC 9110, 10.2.3).
 */
export function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (text === undefined || text === '') return undefined
  const ms = Number.isNaN(Number(text)) ? untilDate(text, headers) : Number(text) * 1000
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_MS)
}

function untilDate(text: string, headers: Headers): number {
  return DATE.test(text) ? Date.parse(text) - nowThere(headers) : Number.NaN
}

function nowThere(headers: Headers): number {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? Date.now() : date
}
