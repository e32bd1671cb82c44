import type { Pairs } from './uri-pairs.ts'
import { parseTemplate } from './uri-parse.ts'
import { compilePattern, type Pattern } from './uri-pattern.ts'
import { compileQuery, cutZones } from './uri-query.ts'

/** What of a template decides which URIs it matches. */
export interface Shape {
  readonly path: Pattern
  readonly query: Pairs | undefined
  readonly fragment: Pattern | undefined
}

/** The shape of a template. Throws `DefinitionError` for a text that is none. */
export function shapeOf(template: string): Shape {
  const zones = cutZones(template, parseTemplate(template))
  return {
    path: compilePattern(template, zones.path),
    query: zones.query && compileQuery(template, zones.query),
    fragment: zones.fragment && compilePattern(template, zones.fragment),
  }
}

/** Whether there is a URI that two templates match. Wrong only for templates too long to compare: then false. */
export function overlap(one: Shape, other: Shape): boolean {
  if (!queriesMeet(one.query, other.query) || !queriesMeet(other.query, one.query)) return false
  if ((one.fragment === undefined) !== (other.fragment === undefined)) return false
  const fragmentsMeet = one.fragment === undefined || other.fragment === undefined
  return meet(one.path, other.path) && (fragmentsMeet || meet(one.fragment, other.fragment))
}

/** Templates that are compared with one another as they come. */
export interface Overlaps {
  /** Adds a template; gives the first one there that matches a URI that it matches too, if there is one. */
  add(template: string): string | undefined
  remove(template: string): void
}

const MOST_COMPARED = 1_000

/** Makes an empty collection. */
export function createOverlaps(): Overlaps {
  const shapes = new Map<string, Shape>()
  return {
    add(template) {
      const shape = knownShape(template)
      if (shape === undefined || shapes.has(template) || shapes.size >= MOST_COMPARED) return undefined
      const first = [...shapes].find(([, other]) => overlap(shape, other))
      shapes.set(template, shape)
      return first?.[0]
    },
    remove: (template) => void shapes.delete(template),
  }
}

/** A template that was not made here may be written in a way of its own. */
function knownShape(template: string): Shape | undefined {
  try {
    return shapeOf(template)
  } catch {
    return undefined
  }
}

/** Whether whatever a query demands is something that the other can have. */
function queriesMeet(query: Pairs | undefined, other: Pairs | undefined): boolean {
  const fixed = [...(query?.fixed ?? [])].every(([name, value]) =>
    other?.fixed.has(name) ? other.fixed.get(name) === value : other?.named.has(name),
  )
  const isKnown = (name: string): boolean => other !== undefined && (other.named.has(name) || other.fixed.has(name))
  return fixed && [...(query?.named ?? [])].every(([name, { required }]) => !required || isKnown(name))
}

/** One step through a pattern: a character, or one more character of a gap, which may end where `optional`. */
type Step = { readonly character: string } | { readonly stops: string; readonly optional: boolean }

const MOST_PAIRS = 50_000

/** Walks both patterns at once, over all pairs of places that one text could lead to. */
function meet(one: Pattern, other: Pattern): boolean {
  const [first = '', second = ''] = [one.literals[0], other.literals[0]]
  if (!first.startsWith(second) && !second.startsWith(first)) return false
  const [left, right] = [stepsOf(one), stepsOf(other)]
  const width = right.length + 1
  const seen = new Set<number>([0])
  // A set may grow while it is walked.
  for (const pair of seen) {
    const [p, q] = [Math.floor(pair / width), pair % width]
    if (p === left.length && q === right.length) return true
    if (seen.size > MOST_PAIRS) return false
    for (const [nextP, nextQ] of next([left[p], p], [right[q], q])) seen.add(nextP * width + nextQ)
  }
  return false
}

type Place = readonly [step: Step | undefined, at: number]

function next([one, p]: Place, [other, q]: Place): (readonly [number, number])[] {
  const ends: (readonly [number, number])[] = []
  if (isOptional(one)) ends.push([p + 1, q])
  if (isOptional(other)) ends.push([p, q + 1])
  if (one !== undefined && other !== undefined && agree(one, other)) {
    ends.push([isOptional(one) ? p : p + 1, isOptional(other) ? q : q + 1])
  }
  return ends
}

function isOptional(step: Step | undefined): boolean {
  return step !== undefined && 'optional' in step && step.optional
}

/** Whether some character suits both. */
function agree(one: Step, other: Step): boolean {
  if ('character' in one) {
    return 'character' in other ? one.character === other.character : !other.stops.includes(one.character)
  }
  return 'character' in other ? agree(other, one) : true
}

/** A gap is one character that must be there, unless it may be empty, and then as many more as come. */
function stepsOf({ literals, gaps }: Pattern): readonly Step[] {
  return literals.flatMap((literal, index): Step[] => {
    const text = [...literal].map((character) => ({ character }))
    const gap = gaps[index]
    if (gap === undefined) return text
    const more = { stops: gap.stops, optional: true }
    return gap.name === undefined ? [...text, more] : [...text, { ...more, optional: false }, more]
  })
}
