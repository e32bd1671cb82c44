import { DefinitionError } from '../protocol/errors.ts'
import { compileInput } from '../schema/compile.ts'
import { explain } from '../schema/explain.ts'
import type { AnySchema, CompiledSchema } from '../schema/schema.ts'
import { SchemaError } from '../schema/schema-error.ts'

/** Data read from the words of a model, or why there is none. */
export type ReadOutput =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly problem: string }

/** A schema for the answer of a model. */
export interface ModelOutput {
  /** What the model is told. */
  readonly instruction: string
  read(text: string): Promise<ReadOutput>
}

const known = new WeakMap<AnySchema, ModelOutput>()

/** Makes a schema ready for models, once per schema. Throws `DefinitionError` for a schema that cannot serve. */
export function modelOutput(schema: AnySchema): ModelOutput {
  let output = known.get(schema)
  if (output === undefined) {
    const compiled = compiledOf(schema)
    output = {
      instruction: `Answer with JSON only, without words around it, that fits this JSON Schema:\n${JSON.stringify(compiled.json)}`,
      read: (text) => read(compiled, text),
    }
    known.set(schema, output)
  }
  return output
}

async function read(compiled: CompiledSchema, text: string): Promise<ReadOutput> {
  const value = jsonIn(text)
  if (value === undefined) return { ok: false, problem: 'it is no JSON' }
  const checked = await compiled.check(value)
  return checked.ok
    ? { ok: true, data: checked.value }
    : { ok: false, problem: explain(checked.problems, compiled.json, value) }
}

/** The JSON in a text: all of it, what a code fence holds, or what is between the outermost brackets. */
function jsonIn(text: string): unknown {
  for (const candidate of [text, fenced(text), bracketed(text)]) {
    try {
      if (candidate !== undefined) return JSON.parse(candidate)
    } catch {
      // The next candidate may be what was meant.
    }
  }
  return undefined
}

const FENCE = '```'

function fenced(text: string): string | undefined {
  const opening = text.indexOf(FENCE)
  const line = opening < 0 ? -1 : text.indexOf('\n', opening)
  const closing = line < 0 ? -1 : text.indexOf(FENCE, line)
  return closing < 0 ? undefined : text.slice(line, closing)
}

function bracketed(text: string): string | undefined {
  const first = text.search(/[[{]/)
  const last = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  return first < 0 || last < first ? undefined : text.slice(first, last + 1)
}

function compiledOf(schema: AnySchema): CompiledSchema {
  try {
    return compileInput(schema)
  } catch (cause) {
    if (cause instanceof SchemaError) throw new DefinitionError('sampling output', cause.message, { cause })
    throw cause
  }
}
