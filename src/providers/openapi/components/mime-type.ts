import type { MediaType, Route } from '../routes/route.ts'

const WHOLE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/
const JSON_TYPE = /[/+]json$/
const LEAST_OF_ALL = 4

/** What a successful answer of an operation holds, JSON before others; undefined where the document does not say. */
export function mimeTypeOf({ responses }: Route): string | undefined {
  const successes = responses.filter(({ status }) => /^2(?:\d\d|XX)$/.test(status)).toSorted(byRank)
  for (const { content } of successes) {
    const types = content.map(({ type }: MediaType) => type).filter((type) => WHOLE.test(type))
    const best = types.find((type) => JSON_TYPE.test(type)) ?? types[0]
    if (best !== undefined) return best
  }
  return undefined
}

const RANKS: readonly string[] = ['200', '201', '202', '203']

function byRank(one: { readonly status: string }, other: { readonly status: string }): number {
  return rankOf(one.status) - rankOf(other.status)
}

function rankOf(status: string): number {
  const rank = RANKS.indexOf(status)
  return rank < 0 ? LEAST_OF_ALL : rank
}
