import type { Issue } from './problems.ts'
import type { Problem } from './schema.ts'
import { NO_FORM, UNKNOWN_KEY, withArticle } from './words.ts'

/** Valibot's issues in plain words: its own messages end in the value, which must not be shown. */
export function rephraseValibot(issue: Issue, path: Problem['path']): readonly Problem[] {
  return [{ path, message: isValibots(issue) ? wordsOf(issue) : issue.message }]
}

/** A message of another form was written by the author. */
function isValibots({ message, received }: Issue): boolean {
  return message.startsWith('Invalid ') && typeof received === 'string' && message.endsWith(received)
}

function wordsOf(issue: Issue): string {
  const { kind, type, message, expected } = issue
  if (kind === 'schema' && message.startsWith('Invalid key')) return expected === 'never' ? UNKNOWN_KEY : 'is required'
  if (type === 'union' || type === 'intersect') return NO_FORM
  if (typeof expected !== 'string') return `must be a valid ${String(type).replaceAll('_', ' ')}`
  if (kind === 'schema')
    return `must be ${withArticle(expected.replace(/^\((.*)\)$/s, '$1').replaceAll(' | ', ' or '))}`
  const rule = /^Invalid (?<what>length|size|bytes|graphemes|words)/.exec(message)?.groups?.what
  if (rule !== undefined) return `must have a ${rule} of ${expected}`
  return expected.startsWith('/') ? `must match ${expected}` : `must be ${expected}`
}
