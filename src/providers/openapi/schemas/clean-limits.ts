import type { JsonSchema } from '../../../schema/json-schema.ts'
import { RULES } from '../../../schema/rules.ts'
import type { Cleaning, Draft } from './cleaning.ts'

/** What is held against values of some types, and means nothing where a schema is of others. */
const LIMITS: ReadonlyMap<string, readonly string[]> = new Map([
  ...of(['string'], 'minLength maxLength'),
  ...of(['number', 'integer'], 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...of(['array'], 'minItems maxItems uniqueItems minContains'),
  ...of(['object'], 'minProperties maxProperties'),
])

function of(types: readonly string[], keywords: string): [string, readonly string[]][] {
  return keywords.split(' ').map((keyword) => [keyword, types])
}

const TEXTS = ['format', 'contentEncoding', 'contentMediaType'] as const
const LONGEST_TEXT = 100

/** Adds the limits of a schema to its draft, each only where it means something and holds what it must. */
export function cleanLimits(raw: JsonSchema, node: Draft, work: Cleaning): void {
  const types = [node.type ?? []].flat()
  for (const [keyword, held] of LIMITS) {
    if (types.length > 0 && !held.some((type) => types.includes(type))) continue
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
  const known = work.patterns.formOf(pattern)
  if (known !== undefined) node.pattern = known
  else work.note(`a pattern cannot be checked in linear time, so it does not count: ${wordsOf(pattern)}`)
}

function wordsOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern.slice(0, 60) : 'it is no text'
}
