import { isDeepStrictEqual } from 'node:util'
import type { Told } from './answer.ts'

type Json = Readonly<Record<string, unknown>>

/** Statuses with which HTTP itself says what is wrong: the code in the body is then each server's own. */
const OF_HTTP: ReadonlySet<number> = new Set([405, 406, 413, 415])

/** Codes whose data the specification prescribes. */
const WITH_DATA: ReadonlySet<unknown> = new Set([-32_021, -32_022])

/**
 * What both answers must have in common. Left out is what the specification leaves to the server: the words of errors
 * and of failed tools, the code beside a status of HTTP itself, the id of an error that no request could be read for,
 * the order of members, the dialect that a schema names, counts that may be left out, and who the server says it is
 * beside each result.
 */
export function normalised({ status, messages }: Told): {
  readonly status: number
  readonly messages: readonly unknown[]
} {
  if (OF_HTTP.has(status)) return { status, messages: [] }
  return { status, messages: messages.map(normalMessage) }
}

/** Whether two answers say the same. */
export function agree(one: Told, other: Told): boolean {
  return isDeepStrictEqual(normalised(one), normalised(other))
}

function normalMessage(message: unknown): unknown {
  if (!isJson(message)) return message
  const { id, error, result, ...rest } = message
  return {
    ...rest,
    ...(id !== null && id !== undefined && { id }),
    ...(isJson(error) && { error: normalError(error) }),
    ...(isJson(result) && { result: normalResult(result) }),
  }
}

function normalError({ code, data }: Json): Json {
  return WITH_DATA.has(code) ? { code, data } : { code }
}

function normalResult(result: Json): Json {
  const { _meta: _, ...rest } = result
  if (rest.isError === true) return { isError: true }
  if (isJson(rest.completion)) return { ...rest, completion: { values: rest.completion.values } }
  return Array.isArray(rest.tools) ? { ...rest, tools: rest.tools.map(normalTool) } : rest
}

function normalTool(tool: Json): Json {
  return Object.fromEntries(
    Object.entries(tool).map(([key, value]) => {
      if (!key.endsWith('Schema') || !isJson(value)) return [key, value]
      const { $schema: _, ...schema } = value
      return [key, schema]
    }),
  )
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
