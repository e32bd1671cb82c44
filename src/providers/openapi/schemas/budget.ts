/**
 * What may still be done with the schemas of one document, for all of its operations together. It is written once, and
 * each of thousands of operations may refer to all of it.
 */
export interface Budget {
  /** Of the schemas of arguments, also those that are cut away again. */
  characters: number
  /** Of bodies that are laid out flat. */
  members: number
}

/** About three times what the arguments of the largest real documents take, and more than any model could read. */
const MOST_CHARACTERS = 16 * 1024 * 1024
const CHARACTERS_PER_OPERATION = 8_192
const MOST_MEMBERS = 2_000_000

/** What may be done with a document of so many operations. */
export function budgetFor(operations: number): Budget {
  return { characters: Math.max(MOST_CHARACTERS, operations * CHARACTERS_PER_OPERATION), members: MOST_MEMBERS }
}
