import { isRecord } from '../../../protocol/json-rpc.ts'
import { VALUE_ROOT } from '../../../protocol/structured.ts'

/** What an output schema is of: objects, or any value. Undefined where there is none. */
export type OutputRoot = 'object' | 'value' | undefined

/** The structured part of a result. */
export interface Structured {
  readonly structuredContent?: unknown
  readonly [VALUE_ROOT]?: true
}

/**
 * A value as the structured part of a result. Where a schema is shown there is always one, and where it is of objects it is
 * one, as clients refuse results without: `undefined` is then `{}` or `null`, and other values stand in `result`.
 */
export function structuredOf(value: unknown, root: OutputRoot): Structured {
  if (root === undefined) return value === undefined || typeof value === 'string' ? {} : { structuredContent: value }
  if (root === 'value') return { structuredContent: value === undefined ? null : value, [VALUE_ROOT]: true }
  if (value === undefined) return { structuredContent: {} }
  return { structuredContent: isRecord(value) ? value : { result: value } }
}
