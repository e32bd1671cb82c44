import { DefinitionError } from '../../protocol/errors.ts'

/** The error of a skill that cannot be served: it names the file and the fix. */
export function problem(path: string, words: string, options?: ErrorOptions): DefinitionError {
  return new DefinitionError(`skill ${path.slice(0, 200)}`, words, options)
}
