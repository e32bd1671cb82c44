/** The stable name of a protocol error. */
export type ErrorCode =
  | 'PARSE_ERROR'
  | 'INVALID_REQUEST'
  | 'METHOD_NOT_FOUND'
  | 'INVALID_PARAMS'
  | 'INTERNAL_ERROR'
  | 'RESOURCE_NOT_FOUND'
  | 'HEADER_MISMATCH'
  | 'MISSING_CLIENT_CAPABILITY'
  | 'UNSUPPORTED_PROTOCOL_VERSION'
  | 'CANCELLED'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'RATE_LIMITED'
  | 'OVERLOADED'

/**
 * The one table of codes: the JSON-RPC code an error travels under, and the HTTP status it has
 * when it is decided before a handler runs. Codes that the protocol does not define are ours and
 * stay outside its reserved range: 1000 plus the HTTP status they resemble.
 */
export const ERROR_CODES: Readonly<Record<ErrorCode, { readonly rpc: number; readonly http: number }>> = {
  PARSE_ERROR: { rpc: -32700, http: 400 },
  INVALID_REQUEST: { rpc: -32600, http: 400 },
  METHOD_NOT_FOUND: { rpc: -32601, http: 404 },
  INVALID_PARAMS: { rpc: -32602, http: 400 },
  INTERNAL_ERROR: { rpc: -32603, http: 500 },
  RESOURCE_NOT_FOUND: { rpc: -32602, http: 200 },
  HEADER_MISMATCH: { rpc: -32020, http: 400 },
  MISSING_CLIENT_CAPABILITY: { rpc: -32021, http: 400 },
  UNSUPPORTED_PROTOCOL_VERSION: { rpc: -32022, http: 400 },
  CANCELLED: { rpc: 1499, http: 499 },
  TIMEOUT: { rpc: 1504, http: 504 },
  TOO_LARGE: { rpc: 1413, http: 413 },
  RATE_LIMITED: { rpc: 1429, http: 429 },
  OVERLOADED: { rpc: 1503, http: 503 },
}

/** The codes of tool errors that every server means the same by: what went wrong, and what helps. */
export const TOOL_ERROR_CODES: {
  /** The arguments cannot be used; others could. */
  readonly VALIDATION_ERROR: 'VALIDATION_ERROR'
  /** A service behind the server failed; the same call may work later. */
  readonly API_ERROR: 'API_ERROR'
  /** What was asked for is not there, or not for this caller. */
  readonly NOT_FOUND: 'NOT_FOUND'
  /** The caller may not do this. */
  readonly UNAUTHORIZED: 'UNAUTHORIZED'
  /** Too many calls; `details.retryAfterMs` says when there may be another. */
  readonly RATE_LIMITED: 'RATE_LIMITED'
} = Object.freeze({
  VALIDATION_ERROR: 'VALIDATION_ERROR',
  API_ERROR: 'API_ERROR',
  NOT_FOUND: 'NOT_FOUND',
  UNAUTHORIZED: 'UNAUTHORIZED',
  RATE_LIMITED: 'RATE_LIMITED',
})

/** What a tool error may be called: one of `TOOL_ERROR_CODES`, or an upper-case word of your own. */
export type ToolErrorCode = keyof typeof TOOL_ERROR_CODES | (string & {})

/** The one base of all errors that this library throws. */
export class FastMCPError extends Error {
  /** Stable, for programs; the message is for people. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}

/** Extra facts of a protocol error. */
export interface McpErrorOptions extends ErrorOptions {
  /** Travels to the client as `error.data`; must be JSON. */
  readonly data?: unknown
}

/**
 * An error of the protocol itself: it answers the request with a JSON-RPC error.
 * For a failure that the model should read and act on, throw `ToolError`.
 *
 * @example
 * throw new McpError('INVALID_PARAMS', 'Unknown report: q5. Known: q1, q2, q3, q4')
 */
export class McpError extends FastMCPError {
  declare readonly code: ErrorCode
  readonly data: unknown

  constructor(code: ErrorCode, message: string, options?: McpErrorOptions) {
    super(code, message, options)
    this.data = options?.data
  }

  /** The JSON-RPC code it travels under. */
  get rpcCode(): number {
    return ERROR_CODES[this.code].rpc
  }
}

/**
 * A failure that the model reads: message, code and details reach it as they are.
 * Every other error is masked, so put nothing secret in here.
 *
 * @example
 * throw new ToolError('NOT_FOUND', `No user ${id}`, { id })
 */
export class ToolError extends FastMCPError {
  declare readonly code: ToolErrorCode
  /** JSON for the model; `cause` is taken out and stays here. */
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(
    code: ToolErrorCode,
    message: string,
    details?: { readonly cause?: unknown; readonly [key: string]: unknown },
  ) {
    const { cause, ...rest } = details ?? {}
    super(code, message, cause === undefined ? undefined : { cause })
    this.details = Object.keys(rest).length > 0 ? rest : undefined
  }
}

/**
 * A definition that cannot work: a bad name, a duplicate, a schema that is no object.
 * Thrown where the component is defined or registered; names it and the fix.
 */
export class DefinitionError extends FastMCPError {
  constructor(component: string, problem: string, options?: ErrorOptions) {
    super('DEFINITION_ERROR', `${component}: ${problem}`, options)
  }
}
