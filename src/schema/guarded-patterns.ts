import { PatternError } from './linear-program.ts'
import { type LinearRegExp, linearRegExp } from './linear-regexp.ts'

let name: string | undefined
let current: LinearRegExp | undefined

/**
 * The name under which the validator finds the check of guarded patterns, among its formats. Another copy of this library in the
 * same process may share the validator, so each has a name of its own; made at first need, for at the edge nothing is random before.
 */
export function guardedFormat(): string {
  name ??= `~pattern ${crypto.randomUUID()}`
  return name
}

/** Checks a text against the guarded pattern whose schema was looked at last. */
export function checkGuarded(text: string): boolean {
  return current?.test(text) === true
}

/** A schema of nothing but a pattern, which is checked in linear time; the validator reads `format` and then checks at once. */
export function guardedSchema(source: string, pattern: LinearRegExp): { readonly [keyword: string]: unknown } {
  return {
    get format() {
      current = pattern
      return guardedFormat()
    },
    source,
  }
}

/** The machine for a pattern that could take a regular expression long; undefined where it could not, or there is none. */
export function guardFor(source: string): LinearRegExp | undefined {
  if (QUICK.test(source)) return undefined
  try {
    return linearRegExp(source)
  } catch (problem) {
    if (problem instanceof PatternError) return undefined
    throw problem
  }
}

const ATOM = String.raw`(?:\[(?:\\.|[^\]\\])+\]|\\[dwsDWS]|\\[.\-/+*?()[\]{}|^$\\]|[^\\[\](){}|*+?^$.])`

/**
 * Patterns that are quick anywhere: from the start, one character after the other, each as often as is said, and only one of
 * them as often as it likes.
 */
const QUICK = new RegExp(
  `^\\^(?:${ATOM}(?:\\{\\d{1,3}\\})?)*(?:(?:${ATOM}|\\.)(?:[*+?]|\\{\\d{1,3},\\d{0,3}\\}))?(?:${ATOM}(?:\\{\\d{1,3}\\})?){0,20}\\$?$`,
)

/** The keys of the value that is being checked. */
export interface KeysAtHand {
  /** Where some pattern for keys is guarded, and so they are wanted. */
  areWanted: boolean
  all: readonly string[]
}

const MOST_KEYS = 1_000
const LONGEST_KEY = 1_000

/**
 * Reads the members of `patternProperties`, each guarded pattern as the list of those keys at hand that it matches;
 * undefined where none is guarded. Reading throws where these are too many.
 */
export function guardedMembers<S>(
  members: Readonly<Record<string, S>>,
  keys: KeysAtHand,
): (() => Readonly<Record<string, S>>) | undefined {
  const guarded = Object.entries(members).map(([source, schema]) => ({ source, schema, pattern: guardFor(source) }))
  if (guarded.every(({ pattern }) => pattern === undefined)) return undefined
  keys.areWanted = true
  let read: readonly string[] | undefined
  let known: Readonly<Record<string, S>> = members
  return () => {
    if (read === keys.all) return known
    known = Object.fromEntries(
      guarded.map(({ source, schema, pattern }, index) => [
        pattern === undefined ? source : `${'(?:)'.repeat(index)}${listOf(pattern, keys.all)}`,
        schema,
      ]),
    )
    read = keys.all
    return known
  }
}

function listOf(pattern: LinearRegExp, keys: readonly string[]): string {
  const matching = keys.filter((key) => pattern.test(key))
  if (matching.length > MOST_KEYS || matching.some((key) => key.length > LONGEST_KEY)) {
    throw new PatternError('too many keys for a pattern, or one that is too long')
  }
  return matching.length === 0 ? '[]' : `^(?:${matching.map(literal).join('|')})$`
}

function literal(key: string): string {
  return Array.from(key, (one) => (/\w/.test(one) ? one : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)).join('')
}

/** All keys of all objects in a value, each once. */
export function keysIn(value: unknown): readonly string[] {
  const keys = new Set<string>()
  const open: unknown[] = [value]
  for (let part = open.pop(); part !== undefined || open.length > 0; part = open.pop()) {
    if (typeof part !== 'object' || part === null) continue
    if (!Array.isArray(part)) for (const key of Object.keys(part)) keys.add(key)
    for (const inner of Object.values(part)) open.push(inner)
  }
  return [...keys]
}
