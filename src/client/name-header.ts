import type { JSONRPCMessage } from '@modelcontextprotocol/client'

/** The parameter that the `Mcp-Name` header repeats, by method of an extension. */
export type NameHeaders = Readonly<Record<string, string>>

/** The header for a request, where its method is one of `names` and the parameter is text. */
export function nameHeaderOf(message: JSONRPCMessage, names: NameHeaders): string | undefined {
  if (!('method' in message) || !Object.hasOwn(names, message.method)) return undefined
  const params: Readonly<Record<string, unknown>> = message.params ?? {}
  const value = params[names[message.method] ?? '']
  return typeof value === 'string' ? headerValue(value) : undefined
}

/** What goes into a header as it is; blanks at the ends would be lost. */
const PLAIN = /^(?:[!-~](?:[ -~]*[!-~])?)?$/
const WRAPPED = /^=\?base64\?.*\?=$/

/** A value as headers carry it (2026-07-28 transports/streamable-http, Value Encoding). */
export function headerValue(value: string): string {
  if (PLAIN.test(value) && !WRAPPED.test(value)) return value
  return `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}?=`
}
