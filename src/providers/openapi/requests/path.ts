import { ToolError } from '../../../protocol/errors.ts'
import type { Parameter, ParameterStyle } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { bareName } from '../routes/split-path.ts'
import { type Arguments, argumentOf } from './arguments.ts'
import { pathWriter } from './path-writing.ts'
import { encodeUnreserved } from './percent-encoding.ts'
import { refusalOf } from './unsendable.ts'

/** Parameters by the arguments that give them. */
export type Parameters = readonly (readonly [argument: string, parameter: Parameter])[]

/** A text that stands in every address, or what writes a value into it. */
export type Piece = string | { readonly argument: string; readonly write: (value: unknown) => string }

/** Splits a template into pieces. An expression that no parameter fills in is given to `orElse`. */
export function piecesOf(template: string, parameters: Parameters, orElse: (name: string) => string): readonly Piece[] {
  // Odd ones are what stood in braces.
  return template.split(/\{([^{}]*)\}/).map((text, index) => {
    if (index % 2 === 0) return encodeStatic(text)
    const exact = parameters.find(([, { name }]) => name === text)
    const found = exact ?? parameters.find(([, { name }]) => name === bareName(text))
    if (found === undefined) return orElse(text)
    const [argument, parameter] = found
    const style = exact === undefined ? OPERATORS.get(text.charAt(0)) : undefined
    return { argument, write: pathWriter(style === undefined ? parameter : { ...parameter, style }) }
  })
}

/** Styles that RFC 6570 has a sign for. */
const OPERATORS: ReadonlyMap<string, ParameterStyle> = new Map([
  ['.', 'label'],
  [';', 'matrix'],
])

/** Writes the pieces of one address. */
export function writePieces(pieces: readonly Piece[], args: Arguments): string {
  let text = ''
  for (const piece of pieces) text += typeof piece === 'string' ? piece : fill(piece, args)
  return text
}

function fill({ argument, write }: Exclude<Piece, string>, args: Arguments): string {
  try {
    return write(argumentOf(args, argument))
  } catch (problem) {
    throw refusalOf(problem, argument)
  }
}

/** Compiles the path below `base`. Throws `RouteProblem` for one that is none. */
export function compilePath(template: string, parameters: Parameters, base: URL): (args: Arguments) => string {
  const prefix = base.origin + base.pathname.replace(/\/+$/, '')
  const pieces = piecesOf(template.startsWith('/') ? template : `/${template}`, parameters, (name) => {
    throw new RouteProblem(`its path has {${name.slice(0, 60)}}, and no parameter of that name`)
  })
  const sample = pieces.map((piece) => (typeof piece === 'string' ? piece : 'x')).join('')
  if (DOTS.test(sample)) throw new RouteProblem('its path leads to another one by "." or ".."')
  if (pieces.every((piece) => typeof piece === 'string')) {
    const text = prefix + sample
    return () => text
  }
  const slashes = countSlashes(sample)
  return (args) => {
    const path = writePieces(pieces, args)
    const isOther = path.includes('.') && DOTS.test(path)
    if (isOther || countSlashes(path) !== slashes) throw new ToolError('VALIDATION_ERROR', OTHER_PATH)
    return prefix + path
  }
}

const OTHER_PATH = 'The arguments make another path: no part of it may be "." or ".."'

/**
 * A segment that is `.` or `..`, or more dots, also to a server that decodes before it looks, ends at a NUL, overlooks
 * spaces, or takes what follows `;`, `?` or `#` for something else.
 */
const DOTS = /(?:\/|%2f|%5c)(?:\.|%2e)(?:\.|%2e|%20)*(?:\/|%2f|%5c|;|%3b|%3f|%23|%00|$)/i

function countSlashes(text: string): number {
  let count = 0
  for (let at = text.indexOf('/'); at !== -1; at = text.indexOf('/', at + 1)) count++
  return count
}

/** A part of a template as it stands in an address; triplets stay. */
export function encodeStatic(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}|%|[^\w\-.~!$&()*+,;=:@/%]+/g, (found) =>
    /^%[0-9A-Fa-f]/.test(found) ? found : encodeUnreserved(found),
  )
}
