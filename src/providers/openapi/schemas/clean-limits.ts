import type { JsonSchema } from '../../../schema/json-schema.ts'
import { linearPattern } from '../../../schema/linear-regexp.ts'
import { RULES } from '../../../schema/rules.ts'
import type { Cleaning, Draft } from './cleaning.ts'

/** What a value of each type is held against, so that what is written for others is left out. */
const LIMITS: readonly string[] = (
  'minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf ' +
  'minItems maxItems uniqueItems minProperties maxProperties minContains'
).split(' ')

const TEXTS = ['format', 'contentEncoding', 'contentMediaType'] as const
const LONGEST_TEXT = 100

/** Adds the limits of a schema to its draft, each only where it holds what it must. */
export function cleanLimits(raw: JsonSchema, node: Draft, work: Cleaning): void {
  for (const keyword of LIMITS) {
    const value = raw[keyword]
    if (value !== undefined && RULES.get(keyword)?.holds(value) === true) node[keyword] = value
    else if (value !== undefined) dropped(keyword, value, work)
  }
  // The limits of draft 4, and so of OpenAPI 3.0.
  exclude(raw, node, ['exclusiveMinimum', 'minimum'])
  exclude(raw, node, ['exclusiveMaximum', 'maximum'])
  for (const keyword of TEXTS) {
    const value = raw[keyword]
    if (typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT) node[keyword] = value
  }
  if (raw.pattern !== undefined) cleanPattern(raw.pattern, node, work)
}

function dropped(keyword: string, value: unknown, work: Cleaning): void {
  if (typeof value !== 'boolean' && value !== null)
    work.note(`a ${keyword} is not what it must be, so it does not count`)
}

function exclude(raw: JsonSchema, node: Draft, [exclusive, inclusive]: readonly [string, string]): void {
  if (raw[exclusive] !== true || node[inclusive] === undefined) return
  node[exclusive] = node[inclusive]
  delete node[inclusive]
}

function cleanPattern(pattern: unknown, node: Draft, work: Cleaning): void {
  const known = knownPattern(pattern)
  if (known !== undefined) node.pattern = known
  else work.note(`a pattern cannot be checked in linear time, so it does not count: ${wordsOf(pattern)}`)
}

function wordsOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern.slice(0, 60) : 'it is no text'
}

const known = new Map<string, string | undefined>()
const MOST_KEPT = 1_000
const LONGEST_PATTERN = 1_000

/**
 * A pattern of a document as JSON Schema wants it, if there is a form of it that takes time in proportion to the text;
 * undefined for all others, and for one with slashes around it, which is meant otherwise.
 */
export function knownPattern(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern.length > LONGEST_PATTERN || /^\/.*\/[a-z]*$/s.test(pattern))
    return undefined
  if (known.has(pattern)) return known.get(pattern)
  const forms = [pattern, withPlainEscapes(pattern)]
  const linear = forms.find((form) => linearPattern(form) !== undefined)
  if (known.size >= MOST_KEPT) known.clear()
  known.set(pattern, linear)
  return linear
}

/** Escapes of what needs none are an error in patterns for Unicode, and mean the character. */
function withPlainEscapes(pattern: string): string {
  return pattern.replaceAll(/\\([^A-Za-z0-9])/gs, (whole, character: string) => {
    if (character === '-') return '\\x2d'
    return SYNTAX.includes(character) ? whole : character
  })
}

const SYNTAX = '^$\\.*+?()[]{}|/'
