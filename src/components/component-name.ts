import { DefinitionError } from '../protocol/errors.ts'

const NAME = /^[A-Za-z0-9_.-]{1,64}$/
/** Of a tool or prompt, for clients that take no longer ones. */
export const LONGEST_NAME = 64

/** How messages name a component: its kind and its id, cut where it is long. */
export function labelOf(kind: string, id: unknown): string {
  const text = String(id)
  return `${kind} "${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`
}

/** Throws unless every client can call a component by this name. Returns the label for further messages. */
export function checkName(kind: 'tool' | 'prompt', name: unknown): string {
  const label = labelOf(kind, name)
  if (typeof name !== 'string' || name === '')
    throw new DefinitionError(label, 'give it a name, a string that is not empty')
  if (NAME.test(name)) return label
  const better = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').slice(0, LONGEST_NAME)
  throw new DefinitionError(label, `a name is 1 to ${LONGEST_NAME} of A-Z a-z 0-9 _ . -; call it "${better}"`)
}
