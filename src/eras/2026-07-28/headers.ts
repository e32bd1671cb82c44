import { McpError } from '../../protocol/errors.ts'
import type { Params } from '../../protocol/json-rpc.ts'
import type { Exchange } from '../exchange.ts'

/** Where headers are read from: an HTTP exchange. A connection has none. */
export type Headers = Pick<Exchange, 'header'>

/** A message that has a method. */
interface Named {
  readonly method: string
  readonly params?: Params
}

/** Methods whose `Mcp-Name` header repeats a parameter, and which (transports/streamable-http, Standard Request Headers). */
const NAME_SOURCES: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** A header without the blanks around it. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers.header(name)
  return value === undefined ? undefined : trimBlanks(value)
}

/** The header may name no other revision than `_meta`. Throws `HEADER_MISMATCH`; an absent header contradicts nothing. */
export function checkVersionHeader(version: string | undefined, headers: Headers): void {
  const said = headerOf(headers, 'mcp-protocol-version')
  if (said !== undefined && version !== undefined && said !== version)
    throw disagreement('MCP-Protocol-Version', said, version)
}

/** The header may name no other method than the body. Throws `HEADER_MISMATCH`; an absent header contradicts nothing. */
export function checkMethodHeader(message: Named, headers: Headers): void {
  const method = headerOf(headers, 'mcp-method')
  if (method !== undefined && method !== message.method) throw disagreement('Mcp-Method', method, message.method)
}

/** What a request must say in headers, it says, and truly. Throws `HEADER_MISMATCH`. */
export function checkPresence(message: Named, headers: Headers): void {
  if (headers.header('mcp-protocol-version') === undefined) throw absence('MCP-Protocol-Version')
  if (headers.header('mcp-method') === undefined) throw absence('Mcp-Method')
  const source = NAME_SOURCES.get(message.method)
  if (source !== undefined) checkName(message.params?.[source], headers)
}

/** The `Mcp-Name` header must be there and say what the body says. Throws `HEADER_MISMATCH`. */
export function checkName(value: unknown, headers: Headers): void {
  const said = headerOf(headers, 'mcp-name')
  // A body without the name is for the check of parameters to refuse.
  if (said === undefined && typeof value !== 'string') return
  if (said === undefined) throw absence('Mcp-Name')
  const decoded = decodeValue(said)
  if (decoded === undefined) throw unreadable('Mcp-Name')
  if (typeof value === 'string' && decoded !== value) throw disagreement('Mcp-Name', decoded, value)
}

/** The error of a required header that is not there. */
export function absence(name: string): McpError {
  return new McpError('HEADER_MISMATCH', `The ${name} header is required and must repeat the value of the body`)
}

/** The error of a header that holds characters, or an encoding, that it may not. */
export function unreadable(name: string): McpError {
  return new McpError('HEADER_MISMATCH', `The ${name} header is neither plain ASCII nor =?base64?...?= of UTF-8`)
}

/** The error of a header that says something else than the body. */
export function disagreement(name: string, said: string, meant: string): McpError {
  return new McpError('HEADER_MISMATCH', `The ${name} header says ${excerpt(said)}, the body says ${excerpt(meant)}`)
}

/** The same of an argument, whose value errors do not repeat. */
export function contradiction(name: string): McpError {
  return new McpError('HEADER_MISMATCH', `The ${name} header does not say what the argument in the body says`)
}

function excerpt(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value)
}

const OPENING = '=?base64?'
const CLOSING = '?='
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The value that a header stands for: its text, or what `=?base64?...?=` holds. Undefined for
 * characters that a header may not have and for anything but canonical base64 of valid UTF-8.
 */
export function decodeValue(text: string): string | undefined {
  if (!isPlain(text)) return undefined
  if (!text.startsWith(OPENING) || !text.endsWith(CLOSING)) return text
  const payload = text.slice(OPENING.length, -CLOSING.length)
  try {
    const binary = atob(payload)
    // `atob` is lenient; what encodes to another text was not canonical.
    if (btoa(binary) !== payload || text.length < OPENING.length + CLOSING.length) return undefined
    return UTF8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

const TAB = 9
const SPACE = 32
const TILDE = 126

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < SPACE && code !== TAB) || code > TILDE) return false
  }
  return true
}

/** Takes off blanks and tabs, and nothing else, in linear time. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return end - start === text.length ? text : text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
