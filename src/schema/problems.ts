import type { StandardSchemaV1 } from '@standard-schema/spec'
import { scrub } from './quote.ts'
import { rephraseArktype } from './rephrase-arktype.ts'
import { rephraseValibot } from './rephrase-valibot.ts'
import { rephraseZod } from './rephrase-zod.ts'
import type { Problem } from './schema.ts'

/** What a library says about a broken rule, beside the members that the standard names. */
export type Issue = StandardSchemaV1.Issue & { readonly [detail: string]: unknown }

/** Says an issue of one library in this room's words: usually one problem, for some issues several. */
export type Rephrase = (issue: Issue, path: Problem['path']) => readonly Problem[]

/** More problems than this nobody reads. */
const MOST = 1000

const REPHRASE: ReadonlyMap<string, Rephrase> = new Map([
  ['zod', rephraseZod],
  ['arktype', rephraseArktype],
  ['valibot', rephraseValibot],
])

/**
 * The issues of a library as problems: the rule in plain words, messages that an author wrote kept, and
 * no long text of the value shown, whatever the library puts into its messages.
 */
export function toProblems(
  vendor: string,
  issues: readonly StandardSchemaV1.Issue[],
  value: unknown,
): readonly Problem[] {
  const rephrase = REPHRASE.get(vendor) ?? asSaid
  return issues
    .slice(0, MOST)
    .flatMap((issue) => rephrase(issue as Issue, pathOf(issue))) // libraries add details to their issues
    .map(({ path, message }) => ({ path, message: scrub(message, value) }))
}

/** The keys to where an issue is. */
export function pathOf({ path = [] }: StandardSchemaV1.Issue): Problem['path'] {
  // Not `path.map`: a library's own kind of array would make another of its kind.
  return Array.from(path, (step) => {
    const key = typeof step === 'object' ? step.key : step
    return typeof key === 'symbol' ? String(key) : key
  })
}

function asSaid({ message }: Issue, path: Problem['path']): readonly Problem[] {
  return [{ path, message }]
}
