import { nameInPair } from '../../../upstream/query-pair.ts'
import type { Arguments } from './arguments.ts'
import { writeOne } from './one-writer.ts'
import { type Parameters, type Piece, piecesOf, writePieces } from './path.ts'
import { queryWriter } from './query.ts'

/** The parameters of a route by where they stand. */
export interface QueryParts {
  /** What the address of the server and the path of the document have after their `?`. */
  readonly given: string
  /** Parameters of the path, which may stand in there too. */
  readonly path: Parameters
  readonly query: Parameters
}

/** Compiles a query, which is written without its `?`. */
export function compileQuery({ given, path, query }: QueryParts): (args: Arguments) => string {
  const fixed = given.split('&').filter((part) => part !== '')
  // `?page={page}` of a parameter of the query itself is written as the document declares that.
  const kept = fixed.filter((part) => !part.includes('{') || piecesOf(part, path, () => '').some(isVariable))
  const pieces = kept.map((part) => piecesOf(part, path, () => ''))
  const names = new Set(kept.map(nameInPair))
  const taken = new Set([...names, ...query.map(([, { name }]) => name)])
  // What the path of the document says of a name is what makes it this operation.
  const open = query.filter(([, parameter]) => parameter.in === 'querystring' || !names.has(parameter.name))
  const writers = open.map(([argument, parameter]) => ({ argument, write: queryWriter(parameter, taken) }))
  const isConstant = pieces.every((part) => !part.some(isVariable))
  const start = isConstant ? pieces.map((part) => part.join('')).join('&') : undefined
  return (args) => {
    let text = start ?? pieces.map((part) => writePieces(part, args)).join('&')
    for (const writer of writers) {
      const part = writeOne(writer, args)
      if (part !== undefined && part !== '') text = text === '' ? part : `${text}&${part}`
    }
    return text
  }
}

function isVariable(piece: Piece): boolean {
  return typeof piece !== 'string'
}
