import type { Tool } from '../../components/component.ts'
import { ToolError } from '../../protocol/errors.ts'
import { PatternError } from '../../schema/linear-program.ts'
import { type LinearRegExp, linearRegExp } from '../../schema/linear-regexp.ts'
import type { Ranking } from './ranking.ts'
import { type ToolTexts, textsOf } from './texts.ts'

const MOST_EFFORT = 20_000_000
/** What is said of a tool, what tells most first. */
const FIELDS = ['name', 'title', 'tags', 'description', 'args'] as const

/** Finds tools by a regular expression, in any case; those with a match in their name come first. It never backtracks. */
export function matching(tools: readonly Tool[]): Ranking {
  let texts: readonly ToolTexts[] | undefined
  return (query) => {
    texts ??= tools.map(textsOf)
    const all = texts
    return understood(() => {
      const pattern = linearRegExp(query.replace(/^\(\?i\)/, ''), { ignoreCase: true })
      const effort = { left: MOST_EFFORT }
      const places = all.map((each) => placeOf(each, pattern, effort))
      return FIELDS.flatMap((_, field) => tools.filter((_tool, index) => places[index] === field))
    })
  }
}

/** The first field with a match; -1 where there is none. */
function placeOf(texts: ToolTexts, pattern: LinearRegExp, effort: { left: number }): number {
  return FIELDS.findIndex((field) => texts[field] !== '' && pattern.test(texts[field].slice(0, 20_000), effort))
}

function understood<T>(work: () => T): T {
  try {
    return work()
  } catch (problem) {
    if (!(problem instanceof PatternError)) throw problem
    throw new ToolError('VALIDATION_ERROR', `This query cannot be used: ${problem.message}`)
  }
}
