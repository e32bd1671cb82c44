import { ERROR_CODES, type ErrorCode, FastMCPError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import type { CallToolResult } from '../protocol/methods.ts'

/** What can go wrong between a client and its server, other than an answer that says no. */
export type ClientErrorCode =
  | 'BAD_TARGET'
  | 'CONNECT_FAILED'
  | 'CONNECTION_CLOSED'
  | 'ERA_NOT_SPOKEN'
  | 'HANDLER_FAILED'
  | 'HTTP_ERROR'
  | 'INVALID_ANSWER'
  | 'INVALID_ASK'
  | 'NAME_COLLISION'
  | 'NOT_SUPPORTED'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'TOO_MANY_ROUNDS'
  | 'UNAUTHORIZED'
  | 'UNKNOWN_NAME'

interface ClientErrorOptions extends ErrorOptions {
  readonly status?: number
  readonly retryAfter?: number
}

/** The server could not be reached, understood or waited for; `cause` holds what was seen below. */
export class ClientError extends FastMCPError {
  declare readonly code: ClientErrorCode
  /** The HTTP status, where the server answered with one. */
  readonly status: number | undefined
  /** Milliseconds that the server wants no request for, a minute at most, where it says so. */
  readonly retryAfter: number | undefined

  constructor(code: ClientErrorCode, message: string, options?: ClientErrorOptions) {
    super(code, message, options)
    this.status = options?.status
    this.retryAfter = options?.retryAfter
  }
}

/**
 * The server answered the request with a protocol error: an unknown tool, bad parameters, a
 * refusal. A missing resource has the code of the newest revision whatever the server sent.
 * `data` is as it sent it; do not trust its words.
 */
export class ServerError extends FastMCPError {
  declare readonly code: ErrorCode | 'SERVER_ERROR'
  readonly rpcCode: number
  readonly data: unknown

  constructor(rpcCode: number, message: string, options?: ErrorOptions & { readonly data?: unknown }) {
    super(isMissingResource(rpcCode, options?.data) ? 'RESOURCE_NOT_FOUND' : nameOf(rpcCode), message, options)
    this.rpcCode = rpcCode
    this.data = options?.data
  }
}

/**
 * A tool ran and said that it failed. A server of this library also tells the `code` and the
 * `details` of the `ToolError` that was thrown there; of any other the code is `TOOL_ERROR`.
 *
 * @example
 * const answer = await client.callTool('find', { id }).catch((problem) => {
 *   if (problem instanceof ToolCallError && problem.code === 'NOT_FOUND') return undefined
 *   throw problem
 * })
 */
export class ToolCallError extends FastMCPError {
  readonly tool: string
  readonly details: Readonly<Record<string, unknown>> | undefined
  /** The result as the server sent it, with `isError`. */
  readonly result: CallToolResult

  constructor(tool: string, result: CallToolResult) {
    const { code = 'TOOL_ERROR', message, details } = failureIn(result)
    super(code, message || `The tool ${tool} failed without saying why`)
    this.tool = tool
    this.details = details
    this.result = result
  }
}

interface Failure {
  readonly message: string
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** The message comes first; one more block of JSON with a `code` is meant for programs. */
function failureIn({ content }: CallToolResult): Failure {
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
  const [message = '', facts = ''] = texts
  const told = texts.length === 2 ? parse(facts) : undefined
  if (!isRecord(told) || typeof told.code !== 'string') return { message: texts.join('\n') }
  return { message, code: told.code, details: isRecord(told.details) ? told.details : undefined }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Older servers answer a missing resource with a code of its own, newer ones with `{ uri }` as the only data. */
function isMissingResource(rpcCode: number, data: unknown): boolean {
  if (rpcCode === -32002) return true
  if (rpcCode !== ERROR_CODES.RESOURCE_NOT_FOUND.rpc || typeof data !== 'object' || data === null) return false
  return Object.keys(data).length === 1 && 'uri' in data
}

const NAMES: ReadonlyMap<number, ErrorCode> = new Map(
  Object.entries(ERROR_CODES)
    .map(([name, { rpc }]) => [rpc, name as ErrorCode] as const) // the keys of ERROR_CODES are its codes
    .reverse(), // of two names for one code the first in the table is the general one: it is written last
)

function nameOf(rpcCode: number): ErrorCode | 'SERVER_ERROR' {
  return NAMES.get(rpcCode) ?? 'SERVER_ERROR'
}
