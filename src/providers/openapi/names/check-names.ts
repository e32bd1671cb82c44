import { isRecord } from '../../../protocol/json-rpc.ts'
import { nearest } from '../../../schema/nearest.ts'
import type { OpenApiOptions } from '../options.ts'
import { wrong } from '../reporting/setting-problem.ts'
import type { Api } from '../routes/api.ts'

/** Throws `SETTING` for a name that no operation would get: the operation would be shown under another without a word. */
export function checkNames(names: OpenApiOptions['names'], { routes, skipped }: Pick<Api, 'routes' | 'skipped'>): void {
  if (names === undefined || typeof names === 'function') return
  if (!isRecord(names)) throw wrong('names', 'must be names by operationId, or a function')
  const ids = new Set([...routes, ...skipped].flatMap(({ operationId }) => operationId ?? []))
  for (const [id, name] of Object.entries(names)) {
    const label = `names: "${id.slice(0, 60)}"`
    if (typeof name !== 'string' || name === '') throw wrong(label, 'must have a text as its name')
    if (!ids.has(id)) throw wrong(label, `is no operationId of the document${hint(id, [...ids])}`)
  }
}

const AT_ONCE = 500

function hint(id: string, ids: readonly string[]): string {
  if (ids.length === 0) return ', which has none; give a function'
  const near = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }).flatMap(
    (_, part) => nearest(id, ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE)) ?? [],
  )
  const found = nearest(id, near)
  return found === undefined ? '' : `; did you mean "${found}"?`
}
