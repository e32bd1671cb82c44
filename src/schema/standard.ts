import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Awaitable } from './awaitable.ts'
import { toProblems } from './problems.ts'
import type { Checked } from './schema.ts'

/** One look at a value, without repair. */
export type Pass = (value: unknown) => Awaitable<Checked>

/** The check of a schema library: synchronous where the library is. */
export function standardPass(library: StandardSchemaV1.Props): Pass {
  return (value) => {
    const result = library.validate(value)
    // Most libraries answer at once; some answer with a thenable that is no Promise.
    if (!('then' in result)) return settle(library, result, value)
    return Promise.resolve(result).then((late) => settle(library, late, value))
  }
}

function settle({ vendor }: StandardSchemaV1.Props, result: StandardSchemaV1.Result<unknown>, value: unknown): Checked {
  if (!result.issues) return { ok: true, value: result.value }
  return { ok: false, problems: toProblems(vendor, result.issues, value) }
}
