import type { OutputUnit } from '@cfworker/json-schema'
import { listWords } from './describe.ts'
import { guardedFormat } from './guarded-patterns.ts'
import { isSchemaObject, unescapeStep } from './keywords.ts'
import { isContainer } from './locate.ts'
import type { Node, Prepared } from './prepare.ts'
import { quote } from './quote.ts'
import type { Problem } from './schema.ts'
import { countOf, NO_FORM, UNKNOWN_KEY, withArticle } from './words.ts'

const MOST = 1000

/** Errors that only say that there are others below. */
const WRAPPERS: ReadonlySet<string> = new Set(
  '$ref properties patternProperties additionalProperties items prefixItems additionalItems allOf if unevaluatedProperties unevaluatedItems dependentSchemas'.split(
    ' ',
  ),
)
/** Errors that say enough: those below belong to branches that need not fit. */
const UNIONS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not', 'contains', 'propertyNames'])

/** What the validator found as problems: rules in words, and never the value. */
export function rawProblems(errors: readonly OutputUnit[], prepared: Prepared, value: unknown): readonly Problem[] {
  const unions = errors.filter(({ keyword }) => UNIONS.has(keyword)).map(({ keywordLocation }) => `${keywordLocation}/`)
  const told = errors.filter(
    ({ keyword, keywordLocation }) =>
      !WRAPPERS.has(keyword) && !unions.some((union) => keywordLocation.startsWith(union)),
  )
  const problems = told.slice(0, MOST).flatMap((error) => problemsOf(error, prepared, value))
  return distinct(problems.length > 0 ? problems : [{ path: [], message: 'is not valid' }])
}

function problemsOf(
  { keyword, keywordLocation, instanceLocation, error }: OutputUnit,
  prepared: Prepared,
  value: unknown,
): Problem[] {
  const path = pathTo(instanceLocation, value)
  const rule = ruleAt(keywordLocation, prepared)
  if (keyword === 'required' && Array.isArray(rule)) return missing(rule, path, value)
  if (keyword === 'format' && rule === guardedFormat()) {
    const source = ruleAt(keywordLocation.replace(/format$/, 'source'), prepared)
    return [{ path, message: `must match the pattern ${String(source)}` }]
  }
  if (keyword === 'dependentRequired' || keyword === 'dependencies') return [{ path, message: dependencyWords(error) }]
  return [{ path, message: wordsFor(keyword, rule) }]
}

/** What a value must be that broke a keyword. */
export function wordsFor(keyword: string, rule: unknown): string {
  return WORDS[keyword]?.(rule) ?? 'is not valid'
}

const WORDS: Readonly<Record<string, (rule: unknown) => string>> = {
  type: (rule) =>
    `must be ${[rule]
      .flat()
      .map((type) => withArticle(String(type)))
      .join(' or ')}`,
  const: (rule) => `must be ${quote(rule)}`,
  enum: (rule) => `must be ${listWords([rule].flat())}`,
  minimum: (rule) => `must be at least ${String(rule)}`,
  maximum: (rule) => `must be at most ${String(rule)}`,
  exclusiveMinimum: (rule) => `must be more than ${String(rule)}`,
  exclusiveMaximum: (rule) => `must be less than ${String(rule)}`,
  multipleOf: (rule) => `must be a multiple of ${String(rule)}`,
  minLength: (rule) => `must have at least ${countOf(rule, 'characters')}`,
  maxLength: (rule) => `must have at most ${countOf(rule, 'characters')}`,
  pattern: (rule) => `must match the pattern ${String(rule)}`,
  format: (rule) => `must be a valid ${String(rule)}`,
  minItems: (rule) => `must have at least ${countOf(rule, 'items')}`,
  maxItems: (rule) => `must have at most ${countOf(rule, 'items')}`,
  uniqueItems: () => 'must not have the same item twice',
  contains: () => 'has no item of the kind that it must contain',
  minContains: (rule) => `must contain at least ${String(rule)} items of a certain kind`,
  maxContains: (rule) => `must contain at most ${String(rule)} items of a certain kind`,
  minProperties: (rule) => `must have at least ${countOf(rule, 'members')}`,
  maxProperties: (rule) => `must have at most ${countOf(rule, 'members')}`,
  propertyNames: () => 'has a key that is not allowed',
  anyOf: () => NO_FORM,
  oneOf: () => 'matches none of the allowed forms, or more than one',
  not: () => 'is of a form that is not allowed',
  false: () => UNKNOWN_KEY,
}

/** The validator says one missing member per error; which, only in its text. */
function missing(required: readonly unknown[], path: Problem['path'], value: unknown): Problem[] {
  const object = path.reduce<unknown>((at, key) => (isContainer(at) ? at[key] : undefined), value)
  if (!isContainer(object)) return [{ path, message: 'is not valid' }]
  const keys = required.filter((key) => typeof key === 'string').filter((key) => !Object.hasOwn(object, key))
  return keys.map((key) => ({ path: [...path, key], message: 'is required' }))
}

/** Both names come from the schema. */
function dependencyWords(error: string): string {
  const names = /^Instance has "(?<one>.*)" but does not have "(?<other>.*)"\.$/s.exec(error)?.groups
  return names === undefined ? 'is not valid' : `needs "${names.other}" where it has "${names.one}"`
}

function pathTo(location: string, value: unknown): Problem['path'] {
  let at: unknown = value
  return stepsOf(location).map((step) => {
    const key = Array.isArray(at) ? Number(step) : step
    at = isContainer(at) ? at[key] : undefined
    return key
  })
}

/** What the keyword at `location` holds, references followed. */
function ruleAt(location: string, { root, targets }: Prepared): unknown {
  let at: unknown = root
  for (const step of stepsOf(location)) {
    if (!isContainer(at)) return undefined
    at = step === '$ref' && isSchemaObject(at) ? targetOf(at, targets) : at[step]
  }
  return at
}

function targetOf(node: { readonly $ref?: unknown }, targets: Prepared['targets']): Node | undefined {
  return typeof node.$ref === 'string' ? targets[node.$ref] : undefined
}

function stepsOf(location: string): string[] {
  return location
    .split('/')
    .slice(1)
    .map((step) => unescapeStep(decodeURIComponent(step)))
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}
