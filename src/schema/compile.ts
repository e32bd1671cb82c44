import { admitSchema } from './admit.ts'
import { InputSchema } from './input-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { libraryJson, type Side } from './library-json.ts'
import { rawPass } from './raw.ts'
import { recognize } from './recognize.ts'
import type { AnySchema, CompiledSchema } from './schema.ts'
import { type Pass, standardPass } from './standard.ts'

/** How arguments are checked. */
export interface InputOptions {
  /** Whether what models write by mistake is repaired, such as `"3"` for a number. True unless said. */
  readonly repair?: boolean
  /**
   * Whether every value came as text because it travels so, as arguments of prompts do. That `"3"` is no number is then
   * no mistake of the sender: the problems told are those that are left with the text read.
   */
  readonly fromText?: boolean
}

/**
 * Makes a schema of arguments ready: shown by its input side, so that a field with a default is
 * optional. Throws `SchemaError` for a schema that cannot serve. An error that a function inside the
 * schema throws comes out of `check`: it is no fault of the value.
 */
export function compileInput(schema: AnySchema, options: InputOptions = {}): CompiledSchema {
  const { json, pass } = read(schema, 'input')
  return new InputSchema(json, pass, { repair: options.repair ?? true, fromText: options.fromText ?? false })
}

/**
 * Makes a schema of results ready: shown by its output side, as JSON carries it. Dates are date-time
 * strings; bigints are integers where a number is exact, and strings of digits beyond. Raw JSON Schema
 * must be given values that are JSON already.
 */
export function compileOutput(schema: AnySchema): CompiledSchema {
  const { json, pass } = read(schema, 'output')
  return { json, check: pass }
}

interface Read {
  readonly json: JsonSchema
  readonly pass: Pass
}

function read(schema: AnySchema, side: Side): Read {
  const known = recognize(schema)
  if (known.kind === 'library') {
    const { library } = known
    const json = admitSchema(libraryJson(library.vendor, library.jsonSchema, side), 'library')
    return { json, pass: standardPass(library) }
  }
  const json = admitSchema(known.json, 'raw')
  return { json, pass: rawPass(json, { defaults: side === 'input' }) }
}
