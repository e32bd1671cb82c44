import { isDeepStrictEqual } from 'node:util'
import type { Told } from './answer.ts'

type Json = Readonly<Record<string, unknown>>

/** Statuses with which HTTP itself says what is wrong: the code in the body is then each server's own. */
const OF_HTTP: ReadonlySet<number> = new Set([405, 406, 413, 415])

/** Codes of what is no request, whose id may or may not have been found. */
const UNREAD: ReadonlySet<unknown> = new Set([-32_700, -32_600])

/** Codes whose data the specification prescribes. */
const WITH_DATA: ReadonlySet<unknown> = new Set([-32_021, -32_022])

/**
 * What both answers must have in common. Left out is what the specification leaves to the server: the words of errors
 * and of failed tools, the code beside a status of HTTP itself, the id of an error that says that there is no request,
 * the order of members, the dialect that a schema names, counts that may be left out, the description that a prompt
 * may repeat when it is got, who the server says it is beside each result, and which revisions with a handshake it names
 * among those that it supports.
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
  const isUnread = isJson(error) && UNREAD.has(error.code)
  return {
    ...rest,
    ...(!isUnread && id !== null && id !== undefined && { id }),
    ...(isJson(error) && { error: normalError(error) }),
    ...(isJson(result) && { result: normalResult(result) }),
  }
}

function normalError({ code, data }: Json): Json {
  return WITH_DATA.has(code) ? { code, data: normalVersions(data, 'supported') } : { code }
}

function normalResult(result: Json): Json {
  const { _meta: _, ...rest } = result
  if (rest.isError === true) return { isError: true }
  if (isJson(rest.completion)) return { ...rest, completion: { values: rest.completion.values } }
  if (Array.isArray(rest.messages)) return { ...rest, description: undefined }
  if (Array.isArray(rest.tools)) return { ...rest, tools: rest.tools.map(normalTool) }
  return normalVersions(rest, 'supportedVersions')
}

/** Without the revisions of the stateful era. */
function normalVersions<T>(value: T, member: string): T | Json {
  if (!isJson(value)) return value
  const versions = value[member]
  return Array.isArray(versions) ? { ...value, [member]: versions.filter((version) => version >= '2026') } : value
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
