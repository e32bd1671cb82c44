import { DefinitionError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { nearest } from '../schema/nearest.ts'

/** Throws `DefinitionError` for what is no object, or has a key that nobody knows: what it was to do would not be done. */
export function checkKeys(label: string, value: unknown, known?: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new DefinitionError(label, 'give an object')
  const stray = known && Object.keys(value).find((key) => !known.includes(key))
  if (stray === undefined || known === undefined) return value
  const meant = nearest(stray, known)
  throw new DefinitionError(
    label,
    `there is no "${stray}"; ${meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`}`,
  )
}
