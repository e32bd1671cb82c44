import { type Encode, encodeUnreserved } from './percent-encoding.ts'
import { hasMembers, isAbsent, textOf } from './texts.ts'
import { Unsendable } from './unsendable.ts'

const DEEPEST = 32
const MOST_VALUES = 10_000

/** A name with the text that it stands for, neither of them encoded. */
export type Pair = readonly [name: string, text: string]

/**
 * What a value is as names in brackets: `a[b][c]`. Lists of texts repeat `a[]`, and those of objects count, `a[0][b]`, so
 * that each member is known to be of its object. Throws `Unsendable` where it nests too deep or holds too much.
 */
export function deepPairs(name: string, value: unknown): readonly Pair[] {
  const state: Collecting = { pairs: [], left: MOST_VALUES }
  collect(state, { name, value, depth: 0 })
  return state.pairs
}

interface Collecting {
  readonly pairs: Pair[]
  /** How many values may still come, whether they are written or not: parts that are shared could be without end. */
  left: number
}

interface Place {
  readonly name: string
  readonly value: unknown
  readonly depth: number
}

function collect(state: Collecting, { name, value, depth }: Place): void {
  if (isAbsent(value)) return
  if (depth > DEEPEST) throw new Unsendable(`nests deeper than ${DEEPEST} levels`)
  if (state.left-- === 0) throw new Unsendable(`holds more than ${MOST_VALUES} values`)
  const members = membersOf(value)
  if (members === undefined) state.pairs.push([name, textOf(value)])
  for (const [key, inner] of members ?? []) {
    collect(state, { name: `${name}[${key}]`, value: inner, depth: depth + 1 })
  }
}

/** What a value has inside, by what stands in the brackets; undefined for a value without an inside. */
function membersOf(value: unknown): Iterable<readonly [string, unknown]> | undefined {
  if (Array.isArray(value)) {
    const counts = value.some((item) => typeof item === 'object' && item !== null)
    return value.map((item, index) => [counts ? String(index) : '', item])
  }
  return hasMembers(value) ? Object.entries(value).map(([key, member]) => [checkKey(key), member]) : undefined
}

/** A bracket or nothing in a name would make it that of another member. */
function checkKey(key: string): string {
  if (key === '' || key.includes('[') || key.includes(']')) {
    throw new Unsendable('has a member whose name is empty or has brackets')
  }
  return key
}

/** The pairs of a value as a part of a query; undefined where there are none. */
export function writeDeepObject(name: string, value: unknown, encode: Encode): string | undefined {
  const pairs = deepPairs(name, value)
  if (pairs.length === 0) return undefined
  return pairs.map(([key, text]) => `${encodeUnreserved(key)}=${encode(text)}`).join('&')
}
