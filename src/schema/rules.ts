/** What the value of a keyword must be: a test, and the words for it. */
export interface Rule {
  readonly holds: (value: unknown) => boolean
  readonly words: string
}

const TYPES: ReadonlySet<unknown> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isType = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((name) => TYPES.has(name)) : TYPES.has(value)
const isMapOfTexts = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isTexts)

const text: Rule = { holds: isText, words: 'must be a string' }
const number: Rule = { holds: isNumber, words: 'must be a number' }
const count: Rule = { holds: isCount, words: 'must be a whole number, 0 or more' }
const flag: Rule = { holds: isFlag, words: 'must be true or false' }
const pattern: Rule = { holds: isPattern, words: 'must be a regular expression of JavaScript, valid with the flag u' }

/** What the keywords of raw JSON Schema must hold, so that a slip fails at registration and not at a call. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['type', { holds: isType, words: `must be one of ${[...TYPES].join(', ')}, or a list of them` }],
  ['enum', { holds: Array.isArray, words: 'must be a list of values' }],
  ['required', { holds: isTexts, words: 'must be a list of property names' }],
  ['dependentRequired', { holds: isMapOfTexts, words: 'must map names to lists of names' }],
  ['multipleOf', { holds: (value) => isNumber(value) && Number(value) > 0, words: 'must be a number above 0' }],
  ['pattern', pattern],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name): [string, Rule] => [name, number]),
  ...['minLength', 'maxLength', 'minItems', 'maxItems'].map((name): [string, Rule] => [name, count]),
  ...['minProperties', 'maxProperties', 'minContains', 'maxContains'].map((name): [string, Rule] => [name, count]),
  ...['$ref', '$dynamicRef', '$recursiveRef', '$id', '$anchor', '$dynamicAnchor', '$schema'].map(
    (name): [string, Rule] => [name, text],
  ),
  ['format', text],
  ['uniqueItems', flag],
])

/** The rule for the keys of `patternProperties`. */
export const PATTERN_RULE: Rule = pattern

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    new RegExp(value, 'u')
    return true
  } catch {
    return false
  }
}
