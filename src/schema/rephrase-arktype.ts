import type { Issue } from './problems.ts'
import type { Problem } from './schema.ts'
import { NO_FORM, UNKNOWN_KEY } from './words.ts'

/** Arktype's issues in plain words: its messages end in the value, `(was …)`, which must not be shown. */
export function rephraseArktype(issue: Issue, path: Problem['path']): readonly Problem[] {
  return [{ path, message: wordsOf(issue) }]
}

function wordsOf(issue: Issue): string {
  const { code, expected, message } = issue
  if (code === 'union') return unionWords(issue)
  if (code === 'required') return 'is required'
  if (typeof expected !== 'string' || expected === '' || !message.includes(`must be ${expected}`)) return message
  return expected === 'removed' ? UNKNOWN_KEY : `must be ${expected}`
}

/** The message of a union repeats those of all branches; only at one place do they make one rule. */
function unionWords({ errors }: Issue): string {
  const branches: unknown[] = Array.isArray(errors) ? errors : []
  const [first] = branches
  const wanted = branches.map((branch) => (samePlace(branch, first) ? expectedOf(branch) : undefined))
  return wanted.length > 0 && wanted.every((word) => word !== undefined) ? `must be ${wanted.join(' or ')}` : NO_FORM
}

function samePlace(one: unknown, other: unknown): boolean {
  return placeOf(one) === placeOf(other)
}

function placeOf(branch: unknown): string | undefined {
  return typeof branch === 'object' && branch !== null && 'path' in branch ? String(branch.path) : undefined
}

function expectedOf(branch: unknown): string | undefined {
  const isKnown =
    typeof branch === 'object' && branch !== null && 'expected' in branch && typeof branch.expected === 'string'
  return isKnown ? String(branch.expected) : undefined
}
