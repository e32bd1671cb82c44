import { ToolError } from '../../../protocol/errors.ts'

/** A value that no request can hold. Says what is wrong as the end of a sentence that begins with its name. */
export class Unsendable extends Error {}

/** What the caller is told of a value that could not be written. Never shows the value: it may be long, or secret. */
export function refusalOf(problem: unknown, argument: string): ToolError {
  if (problem instanceof ToolError) return problem
  return new ToolError('VALIDATION_ERROR', `"${argument.slice(0, 100)}" ${wordsFor(problem)}`, { cause: problem })
}

function wordsFor(problem: unknown): string {
  if (problem instanceof Unsendable) return problem.message
  if (problem instanceof URIError) return 'is no well-formed text: it has half a character'
  if (problem instanceof RangeError) return 'nests too deep, or is too long, to be sent'
  return 'holds what cannot be sent'
}
