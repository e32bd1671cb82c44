import { WRITINGS } from './uri-expand.ts'
import { type Pairs, pairsOf, takePairs } from './uri-pairs.ts'
import { broken, type Expression, type Part, type Variable } from './uri-parse.ts'
import type { Take } from './uri-values.ts'

/** The place of one variable between two literals. */
interface Gap {
  /** Undefined for `{;x}` with nothing before it. */
  readonly name: string | undefined
  /** Whether the value may hold `/`. */
  readonly crossing: boolean
  /** Characters that the raw value cannot hold. */
  readonly stops: string
  /** What separates the items of a list; undefined for one value. */
  readonly listedBy: string | undefined
  /** Parameters of `{;x}` that may follow, in any order. */
  readonly matrix: Pairs | undefined
}

/** Literals and the gaps between them; there is one literal more than there are gaps. */
export interface Pattern {
  readonly literals: readonly string[]
  readonly gaps: readonly Gap[]
  /** The gap that takes what the others leave: the last that crosses `/`, or else the first. */
  readonly rest: number
}

/** Prepares the part of a template that is matched by position. Throws where two variables could not be told apart. */
export function compilePattern(template: string, parts: readonly Part[]): Pattern {
  const draft: Draft = { template, literals: [''], gaps: [] }
  for (const part of parts) {
    if (typeof part === 'string') append(draft, part)
    else if (part.operator === ';') addMatrix(draft, part)
    else addGaps(draft, part)
  }
  checkGaps(draft)
  return { literals: draft.literals, gaps: draft.gaps, rest: Math.max(draft.gaps.findLastIndex(crosses), 0) }
}

interface Draft {
  readonly template: string
  readonly literals: string[]
  readonly gaps: Gap[]
}

function append({ literals }: Draft, text: string): void {
  literals[literals.length - 1] += text
}

function addGaps(draft: Draft, expression: Expression): void {
  const { first, separator } = WRITINGS[expression.operator]
  for (const [index, variable] of expression.variables.entries()) {
    append(draft, index === 0 ? first : separator)
    open(draft, gapOf(variable, expression))
  }
}

function open({ template, literals, gaps }: Draft, gap: Gap): void {
  if (gaps.length > 0 && literals.at(-1) === '') {
    const names = `{${gaps.at(-1)?.name ?? ';…'}} and {${gap.name ?? ';…'}}`
    throw broken(template, `nothing stands between ${names}; put a separator such as "/" there`)
  }
  gaps.push(gap)
  literals.push('')
}

const crosses = (gap: Gap): boolean => gap.crossing

function gapOf({ name, explode }: Variable, { operator, variables }: Expression): Gap {
  const { reserved } = WRITINGS[operator]
  const crossing = reserved || (explode && operator !== '.')
  const within = operator === '' && variables.length > 1 ? ',' : ''
  return {
    name,
    crossing,
    stops: reserved ? '' : `${crossing ? '' : '/'}?#${within}`,
    listedBy: explode && (operator === '.' || operator === '/') ? operator : undefined,
    matrix: undefined,
  }
}

/** `{id}{;v}` is one gap: the value ends at the first `;`. */
function addMatrix(draft: Draft, { variables }: Expression): void {
  const { literals, gaps } = draft
  const before = literals.at(-1) === '' ? gaps.pop() : undefined
  if (before !== undefined) gaps.push({ ...before, matrix: pairsOf(variables, before.matrix) })
  else open(draft, { name: undefined, crossing: false, stops: '/?#', listedBy: undefined, matrix: pairsOf(variables) })
}

function checkGaps({ template, literals, gaps }: Draft): void {
  const first = gaps.findIndex(crosses)
  const between = gaps.slice(Math.max(first, 0), gaps.findLastIndex(crosses) + 1).find((gap) => !gap.crossing)
  if (between !== undefined) {
    const name = between.name ?? ';…'
    throw broken(template, `{${name}} stands between two variables that cross "/"; it cannot be told from them`)
  }
  const astray = gaps.some((gap, index) => gap.matrix && (gap.crossing || !/^(?:\/|$)/.test(literals[index + 1] ?? '')))
  if (astray)
    throw broken(
      template,
      '{;…} must not follow a variable that crosses "/", and only "/", a query or the end may follow it',
    )
}

/**
 * Matches in linear time, without trying again: literals before the last variable that crosses `/` are
 * found from the left, all others from the right, which finds a match wherever there is one. So where a
 * separator occurs twice, as the dot in `{name}.{ext}` for `a.tar.gz`, the last one counts.
 */
export function matchPattern(pattern: Pattern, text: string, take: Take): boolean {
  const spans = locate(pattern, text)
  return spans?.every((span, index) => fill(pattern.gaps[index], span, take)) ?? false
}

function locate({ literals, gaps, rest }: Pattern, text: string): string[] | undefined {
  const head = literals[0] ?? ''
  if (gaps.length === 0) return text === head ? [] : undefined
  const tail = literals.at(-1) ?? ''
  if (!text.startsWith(head) || !text.endsWith(tail)) return undefined
  const spans: string[] = []
  let from = head.length
  let to = text.length - tail.length
  for (let left = 0; left < rest; left++) {
    const literal = literals[left + 1] ?? ''
    const at = text.indexOf(literal, from + least(gaps[left]))
    if (at < 0) return undefined
    spans[left] = text.slice(from, at)
    from = at + literal.length
  }
  for (let right = gaps.length - 1; right > rest; right--) {
    const literal = literals[right] ?? ''
    const latest = to - least(gaps[right]) - literal.length
    const at = latest < from ? -1 : text.lastIndexOf(literal, latest)
    if (at < from) return undefined
    spans[right] = text.slice(at + literal.length, to)
    to = at
  }
  if (from > to) return undefined
  spans[rest] = text.slice(from, to)
  return spans
}

/** A variable takes at least one character; parameters may all be absent. */
function least(gap: Gap | undefined): number {
  return gap?.name === undefined ? 0 : 1
}

function fill(gap: Gap | undefined, span: string, take: Take): boolean {
  if (gap === undefined) return false
  for (const stop of gap.stops) if (span.includes(stop)) return false
  const semicolon = gap.matrix === undefined ? -1 : span.indexOf(';')
  const own = semicolon < 0 ? span : span.slice(0, semicolon)
  if (own.length < least(gap)) return false
  if (gap.name === undefined && own !== '') return false
  if (gap.name !== undefined && !take(gap.name, gap.listedBy === undefined ? own : own.split(gap.listedBy)))
    return false
  return (
    gap.matrix === undefined || takePairs(semicolon < 0 ? [] : span.slice(semicolon + 1).split(';'), gap.matrix, take)
  )
}
