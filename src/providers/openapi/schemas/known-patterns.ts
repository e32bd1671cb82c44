import { linearPattern } from '../../../schema/linear-regexp.ts'

const LONGEST = 1_000
/** To compile one takes about as long as to clean a hundred schemas. */
const MOST = { patterns: 5_000, defaults: 10_000 }

/** The patterns of one document, each looked at once. */
export class KnownPatterns {
  readonly #known = new Map<string, string | undefined>()
  #defaults = 0

  /**
   * A pattern as JSON Schema wants it, if there is a form of it that takes time in proportion to the text; undefined for all
   * others, for one with slashes around it, which is meant otherwise, and for all but the first 5,000.
   */
  formOf(pattern: unknown): string | undefined {
    if (typeof pattern !== 'string' || pattern.length > LONGEST || /^\/.*\/[a-z]*$/s.test(pattern)) return undefined
    if (this.#known.has(pattern)) return this.#known.get(pattern)
    if (this.#known.size >= MOST.patterns) return undefined
    const form = [pattern, withPlainEscapes(pattern)].find((each) => linearPattern(each) !== undefined)
    this.#known.set(pattern, form)
    return form
  }

  /** Whether a default surely has a form; of many in one document only the first are looked at. */
  fits(form: string, text: string): boolean {
    return this.#defaults++ < MOST.defaults && linearPattern(form)?.(text) === true
  }
}

/** Escapes of what needs none are an error in patterns for Unicode, and mean the character. */
function withPlainEscapes(pattern: string): string {
  return pattern.replaceAll(/\\([^A-Za-z0-9])/gs, (whole, character: string) => {
    if (character === '-') return '\\x2d'
    return SYNTAX.includes(character) ? whole : character
  })
}

const SYNTAX = '^$\\.*+?()[]{}|/'
