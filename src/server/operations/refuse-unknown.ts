import type { Components, Kind } from '../../components/component.ts'
import type { Call } from '../../engine/call.ts'
import { type ErrorCode, McpError } from '../../protocol/errors.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Serving } from './operation.ts'

/** What was asked for and is not there, or not for this caller: the error is the same. */
export interface Missing {
  /** Whose names are looked through for what was meant. */
  readonly kinds: readonly Kind[]
  readonly words: string
  readonly id: string
  /** Default `INVALID_PARAMS`. */
  readonly code?: ErrorCode
  readonly data?: unknown
}

/**
 * Throws the error of an unknown name or URI, with the nearest one if any is near. Only what the caller could
 * list is offered, so that nothing hidden shows.
 */
export function refuseUnknown(
  missing: Missing,
  { context }: Pick<Call, 'context'>,
  { provider }: Serving,
): Promise<never> {
  const lists: (Listed | Promise<Listed>)[] = missing.kinds.map((kind) => provider.list(kind, context))
  const known = lists.filter((list): list is Listed => !(list instanceof Promise))
  if (known.length === lists.length) throw unknown(missing, known, context.version)
  return Promise.all(lists).then((all) => {
    throw unknown(missing, all, context.version)
  })
}

type Listed = readonly Components[Kind][]

function unknown(
  { words, id, code = 'INVALID_PARAMS', data }: Missing,
  lists: readonly Listed[],
  version = '',
): McpError {
  const ids = lists.flatMap((list) => list.map((component) => component.id))
  const message = `${words}: ${id.slice(0, 200)}${hintFor(id, ids, version)}`
  return data === undefined ? new McpError(code, message) : new McpError(code, message, { data })
}

function hintFor(id: string, ids: readonly string[], version: string): string {
  if (version !== '' && ids.includes(id)) return `. It has no version ${JSON.stringify(version.slice(0, 60))}`
  const meant = nearest(id, ids)
  return meant === undefined ? '' : `. Did you mean ${JSON.stringify(meant)}?`
}
