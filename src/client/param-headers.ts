import { valueAt } from '../protocol/value-at.ts'
import { type HeaderParam, readHeaderParams } from '../schema/header-params.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { headerValue } from './name-header.ts'

const known = new WeakMap<JsonSchema, readonly HeaderParam[]>()

/** The `Mcp-Param-*` headers of a call, by the schema of the tool's arguments (2026-07-28 server/tools, x-mcp-header). */
export function paramHeaders(schema: JsonSchema, args: unknown): Readonly<Record<string, string>> | undefined {
  const declared = declaredBy(schema)
  if (declared.length === 0) return undefined
  const headers: Record<string, string> = {}
  for (const { path, label } of declared) {
    const text = textOf(valueAt(args, path))
    if (text !== undefined) headers[`Mcp-Param-${label}`] = headerValue(text)
  }
  return headers
}

function declaredBy(schema: JsonSchema): readonly HeaderParam[] {
  const read = known.get(schema) ?? readHeaderParams(schema).params
  known.set(schema, read)
  return read
}

/** Numbers that JSON cannot tell exactly are told nowhere else either. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
}
