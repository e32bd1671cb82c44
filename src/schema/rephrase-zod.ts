import { listWords } from './describe.ts'
import type { Issue } from './problems.ts'
import type { Problem } from './schema.ts'
import { countOf, NO_FORM, UNKNOWN_KEY, withArticle } from './words.ts'

type Path = Problem['path']

/** Zod's issues in plain words. A message that is none of zod's own was written by the author, and is kept. */
export function rephraseZod(issue: Issue, path: Path): readonly Problem[] {
  const { code, message } = issue
  if (code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
    return issue.keys.map((key) => ({ path: [...path, String(key)], message: UNKNOWN_KEY }))
  }
  if (code === 'invalid_union' && message.startsWith('Invalid ')) return unionProblems(issue, path)
  return [{ path, message: isZods(message) ? wordsOf(issue) : message }]
}

/** The beginnings of the messages that zod makes itself, in its own language. */
function isZods(message: string): boolean {
  return /^(?:Invalid |Too (?:small|big): |Unrecognized key)/.test(message)
}

function wordsOf(issue: Issue): string {
  const { code, message } = issue
  if (code === 'invalid_type' && typeof issue.expected === 'string') return `must be ${withArticle(issue.expected)}`
  if (code === 'too_small')
    return boundWords(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least')
  if (code === 'too_big') return boundWords(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most')
  if (code === 'invalid_value' && Array.isArray(issue.values)) return `must be ${listWords(issue.values)}`
  if (code === 'invalid_key') return `is not a valid key${innerWords(issue)}`
  const rule = /^Invalid [^:]*: (?<rule>must .*)$/s.exec(message)?.groups?.rule
  if (rule !== undefined) return rule
  const noun = /^Invalid (?<noun>[^:]+)$/.exec(message)?.groups?.noun
  return noun === undefined || noun === 'input' ? 'is not valid' : `must be a valid ${noun}`
}

const UNITS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'items',
  set: 'items',
  map: 'entries',
  file: 'bytes',
}

function boundWords({ origin, exact }: Issue, bound: unknown, words: string): string {
  const relation = exact === true ? 'exactly' : words
  const unit = UNITS[String(origin)]
  if (unit !== undefined) return `must have ${relation} ${countOf(bound, unit)}`
  if (origin === 'date') return `must be ${relation} ${dateWords(bound)}`
  return `must be ${relation} ${String(bound)}`
}

function dateWords(bound: unknown): string {
  const date = new Date(bound instanceof Date || typeof bound === 'number' ? bound : Number.NaN)
  return Number.isNaN(date.getTime()) ? String(bound) : date.toISOString()
}

function innerWords({ issues }: Issue): string {
  const [first]: unknown[] = Array.isArray(issues) ? issues : []
  return isIssue(first) ? `: it ${isZods(first.message) ? wordsOf(first) : first.message}` : ''
}

/**
 * If one branch of a union was plainly meant, since it breaks no rule of shape, its own problems say
 * more than those of the union.
 */
function unionProblems(issue: Issue, path: Path): readonly Problem[] {
  if (Array.isArray(issue.options)) return [{ path, message: `must be ${listWords(issue.options)}` }]
  const branches: unknown[] = Array.isArray(issue.errors) ? issue.errors : []
  const meant = branches.filter(
    (branch) => Array.isArray(branch) && branch.every((inner) => isIssue(inner) && !isShape(inner)),
  )
  const [only] = meant
  if (meant.length !== 1 || !Array.isArray(only) || only.length === 0) return [{ path, message: NO_FORM }]
  return only.filter(isIssue).flatMap((inner) => rephraseZod(inner, [...path, ...keysOf(inner)]))
}

const SHAPE: ReadonlySet<unknown> = new Set([
  'invalid_type',
  'invalid_value',
  'invalid_union',
  'unrecognized_keys',
  'invalid_key',
])

function isShape({ code }: Issue): boolean {
  return SHAPE.has(code)
}

function keysOf({ path }: Issue): Path {
  return (path ?? []).map((key) => (typeof key === 'number' ? key : String(key)))
}

function isIssue(value: unknown): value is Issue {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
}
