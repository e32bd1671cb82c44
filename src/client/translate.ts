import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client'
import { FastMCPError } from '../protocol/errors.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import { ClientError, type ClientErrorCode, ServerError } from './errors.ts'

/** Turns whatever the official client or a transport threw into one of our errors; the one entrance. */
export function toClientError(problem: unknown): FastMCPError {
  if (problem instanceof FastMCPError) return problem
  if (ProtocolError.isInstance(problem)) return fromAnswer(problem)
  if (SdkHttpError.isInstance(problem)) return fromStatus(problem)
  if (problem instanceof UnauthorizedError) return new ClientError('UNAUTHORIZED', UNAUTHORIZED, { cause: problem })
  if (SdkError.isInstance(problem)) return fromSdk(problem)
  const words = describe(problem)
  if (isUnreadable(problem)) {
    return new ClientError('INVALID_ANSWER', `The server sent what is no MCP message: ${words}`, { cause: problem })
  }
  if (words === 'Not connected') {
    return new ClientError('CONNECTION_CLOSED', 'The connection is closed: connect again', { cause: problem })
  }
  return new ClientError('CONNECT_FAILED', `The server cannot be reached: ${words}`, { cause: problem })
}

const UNAUTHORIZED =
  'The server wants to know who is calling: pass headers with credentials it knows, or an authProvider'

/** A failure of our own that travelled through the official client as the answer to a request. */
function fromAnswer(problem: ProtocolError): FastMCPError {
  if (problem.data instanceof FastMCPError) return problem.data
  return new ServerError(problem.code, problem.message, { cause: problem, data: problem.data })
}

/** A refusal by status; the body may hold the protocol error that explains it. */
function fromStatus(problem: SdkHttpError): FastMCPError {
  const { status, statusText, text } = problem.data
  const error = typeof text === 'string' ? errorIn(text) : undefined
  if (error) return new ServerError(error.code, error.message, { cause: problem, data: error.data })
  if (status === 401 || status === 403) {
    return new ClientError('UNAUTHORIZED', UNAUTHORIZED, { cause: problem, status })
  }
  const words = `${status} ${statusText ?? ''}`.trim()
  return new ClientError('HTTP_ERROR', `The server answered ${words}: check the address`, { cause: problem, status })
}

function errorIn(text: string): { code: number; message: string; data?: unknown } | undefined {
  try {
    const error: unknown = JSON.parse(text)?.error
    if (!isRecord(error) || typeof error.code !== 'number' || typeof error.message !== 'string') return undefined
    return { code: error.code, message: error.message, data: error.data }
  } catch {
    return undefined
  }
}

const CODES: Readonly<Partial<Record<SdkErrorCode, ClientErrorCode>>> = {
  [SdkErrorCode.RequestTimeout]: 'TIMEOUT',
  [SdkErrorCode.NotConnected]: 'CONNECTION_CLOSED',
  [SdkErrorCode.ConnectionClosed]: 'CONNECTION_CLOSED',
  [SdkErrorCode.SendFailed]: 'CONNECTION_CLOSED',
  [SdkErrorCode.InvalidResult]: 'INVALID_ANSWER',
  [SdkErrorCode.UnsupportedResultType]: 'INVALID_ANSWER',
  [SdkErrorCode.ClientHttpUnexpectedContent]: 'INVALID_ANSWER',
  [SdkErrorCode.ListPaginationExceeded]: 'TOO_LARGE',
  [SdkErrorCode.InputRequiredRoundsExceeded]: 'TOO_MANY_ROUNDS',
  [SdkErrorCode.CapabilityNotSupported]: 'NOT_SUPPORTED',
  [SdkErrorCode.MethodNotSupportedByProtocolVersion]: 'NOT_SUPPORTED',
}

function fromSdk(problem: SdkError): FastMCPError {
  if (problem.code === SdkErrorCode.EraNegotiationFailed) return fromNegotiation(problem)
  const code = CODES[problem.code as SdkErrorCode] ?? 'CONNECT_FAILED' // typed as string by some of its subclasses
  return new ClientError(code, problem.message, { cause: problem })
}

function fromNegotiation(problem: SdkError): FastMCPError {
  if (problem.cause instanceof Error) return toClientError(problem.cause)
  const words = 'The server does not speak the stateless era: connect with era "auto" or "stateful"'
  return new ClientError('ERA_NOT_SPOKEN', words, { cause: problem })
}

/** JSON that does not parse, or that the official client's message schema refuses. */
function isUnreadable(problem: unknown): boolean {
  return problem instanceof SyntaxError || (problem instanceof Error && 'issues' in problem)
}

/** What went wrong in words, down to the socket: `fetch failed` alone helps nobody. */
function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem)
  const { cause } = problem
  if (!(cause instanceof Error)) return problem.message
  return `${problem.message}: ${cause.message || ('code' in cause ? String(cause.code) : cause.name)}`
}
