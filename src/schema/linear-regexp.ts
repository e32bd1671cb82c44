import { LinearMachine } from './linear-machine.ts'
import { compilePattern, PatternError } from './linear-program.ts'

/** How a pattern is read. */
export interface LinearOptions {
  /** Whether capitals do not count. */
  readonly ignoreCase?: boolean
}

/** Work that several tests share; a test that would take more throws. */
export interface Effort {
  left: number
}

/** A pattern that takes time in proportion to the text, whoever wrote it. */
export interface LinearRegExp {
  /** Whether the pattern is found in the text. Throws `PatternError` where that takes more than the effort. */
  test(text: string, effort?: Effort): boolean
}

const MOST_EFFORT = 20_000_000

/**
 * Makes a regular expression of JavaScript (flag `u`) one that never backtracks: literals, classes, escapes, anchors,
 * groups, alternatives and repetitions. Throws `PatternError` for what no such machine can do: looking around and back
 * references, or a pattern that is too large.
 *
 * @example
 * linearRegExp('^(a+)+$').test('a'.repeat(100_000) + '!') // false, within milliseconds
 */
export function linearRegExp(source: string, { ignoreCase = false }: LinearOptions = {}): LinearRegExp {
  const machine = new LinearMachine(compilePattern(source, ignoreCase ? 'iu' : 'u'))
  return {
    test(text, effort = { left: MOST_EFFORT }) {
      return machine.test(text, effort)
    },
  }
}

/**
 * The test for a pattern of somebody who is not trusted, in linear time; undefined for a pattern that has none: then
 * refuse it, or leave it unchecked.
 */
export function linearPattern(source: string): ((text: string) => boolean) | undefined {
  try {
    const pattern = linearRegExp(source)
    return (text) => pattern.test(text)
  } catch (problem) {
    if (problem instanceof PatternError) return undefined
    throw problem
  }
}
