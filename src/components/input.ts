import { DefinitionError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { compileInput, type InputOptions } from '../schema/compile.ts'
import type { AnySchema, Checked, CompiledSchema } from '../schema/schema.ts'

/** What a handler without `input` is given. */
const NOTHING: Readonly<Record<string, never>> = Object.freeze({})
const TAKEN: Checked = Object.freeze({ ok: true, value: NOTHING })

/** The schema of a component that takes no arguments: an object without members, checked by hand. */
export const NO_INPUT: CompiledSchema = {
  json: { type: 'object', properties: {}, additionalProperties: false },
  check(value) {
    if (!isRecord(value)) return { ok: false, problems: [{ path: [], message: 'must be an object' }] }
    const strays = Object.keys(value)
    if (strays.length === 0) return TAKEN
    return {
      ok: false,
      problems: strays.map((key) => ({ path: [key], message: 'is not an argument; there are none' })),
    }
  },
}

/** Makes an input schema ready. Throws `DefinitionError` for one that cannot work. */
export function prepareInput(label: string, schema: AnySchema | undefined, options: InputOptions = {}): CompiledSchema {
  return schema === undefined ? NO_INPUT : definedBy(label, 'input', () => compileInput(schema, options))
}

/** Does a step of a definition; what it throws becomes a `DefinitionError` that names component and option. */
export function definedBy<T>(label: string, option: string, step: () => T): T {
  try {
    return step()
  } catch (cause) {
    if (cause instanceof DefinitionError) throw cause
    throw new DefinitionError(label, `${option}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
