/** The rule that a member broke by being there. */
export const UNKNOWN_KEY = 'is not a known key'
/** The rule that a value broke by fitting no branch of a union. */
export const NO_FORM = 'matches none of the allowed forms'

const NOUNS: ReadonlyMap<string, string> = new Map([
  ['null', 'null'],
  ['undefined', 'left out'],
  ['never', 'left out'],
  ['int', 'an integer'],
  ['nan', 'not a number'],
])

/** A number of things. */
export function countOf(count: unknown, plural: string): string {
  return `${String(count)} ${count === 1 || count === 1n ? plural.replace(/ies$/, 'y').replace(/s$/, '') : plural}`
}

/** The name of a type as libraries write it, with its article. */
export function withArticle(type: string): string {
  const known = NOUNS.get(type)
  if (known !== undefined) return known
  if (/^(?:an?|the) |["'<>=!(\d]/.test(type)) return type
  const noun = /^[A-Z][a-z]+$/.test(type) ? type.toLowerCase() : type
  return /^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`
}
