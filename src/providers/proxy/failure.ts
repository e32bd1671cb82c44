import { ClientError, ServerError } from '../../client/index.ts'
import { type ErrorCode, McpError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/json-rpc.ts'
import { AwayError } from '../away.ts'
import { endlessError, isEndless } from './chain.ts'

const LONGEST_MESSAGE = 10_000

/** Codes that say nothing of the call: what a server says with them is for its own operators. */
const OF_THE_SERVER: ReadonlySet<number> = new Set([-32_603, -32_000, -32_700])
/** Codes by which a server complains of how it was asked, which is not the caller's doing. */
const OF_THE_PROXY: ReadonlySet<ErrorCode | 'SERVER_ERROR'> = new Set([
  'HEADER_MISMATCH',
  'UNSUPPORTED_PROTOCOL_VERSION',
  'PARSE_ERROR',
])

/** Where a call at a server elsewhere failed, what is told of it. */
export interface FailedCall {
  /** The resource that was to be read. */
  readonly uri?: string | undefined
  /** Hears what went wrong between the two servers. */
  report(problem: Error): void
}

/**
 * What a caller is told of a call that failed elsewhere: what the other server says of the call itself, with its code and
 * data; that it could not be reached; nothing else. Everything else stays as it is, and is masked as errors of handlers are.
 */
export function failureFrom(problem: unknown, { uri, report }: FailedCall): unknown {
  if (problem instanceof ServerError) return spokenError(problem, uri)
  if (!(problem instanceof ClientError)) return problem
  switch (problem.code) {
    case 'TIMEOUT':
      return new McpError('TIMEOUT', 'The server behind this one did not answer in time', { cause: problem })
    case 'RATE_LIMITED': {
      const data = problem.retryAfter === undefined ? {} : { data: { retryAfterMs: problem.retryAfter } }
      return new McpError('RATE_LIMITED', 'The server behind this one wants fewer calls', { ...data, cause: problem })
    }
    case 'TOO_LARGE':
      return new McpError('TOO_LARGE', 'The answer of the server behind this one is too large', { cause: problem })
    case 'CONNECT_FAILED':
    case 'CONNECTION_CLOSED':
    case 'ERA_NOT_SPOKEN':
    case 'HTTP_ERROR':
    case 'UNAUTHORIZED':
      report(problem)
      return new AwayError('The server behind this one cannot be used now', { cause: problem })
    default:
      return problem
  }
}

function spokenError(problem: ServerError, uri: string | undefined): unknown {
  const { code, rpcCode, data } = problem
  if (isEndless(data)) return endlessError()
  if (OF_THE_SERVER.has(rpcCode) || OF_THE_PROXY.has(code)) return problem
  const message = problem.message.slice(0, LONGEST_MESSAGE)
  if (code === 'RESOURCE_NOT_FOUND') {
    return new McpError(code, message, { data: uri === undefined ? data : { uri }, cause: problem })
  }
  if (code === 'SERVER_ERROR') return new ForeignError(rpcCode, message, { data, cause: problem })
  // The stateful era has no code of its own for it.
  const isUnable = code === 'INVALID_REQUEST' && isRecord(data) && isRecord(data.requiredCapabilities)
  return new McpError(isUnable ? 'MISSING_CLIENT_CAPABILITY' : code, message, { data, cause: problem })
}

/** An error of a code that is none of the table: it goes on as it is. */
class ForeignError extends McpError {
  readonly #rpcCode: number

  constructor(rpcCode: number, message: string, options: ErrorOptions & { readonly data: unknown }) {
    super('INVALID_REQUEST', message, options)
    this.#rpcCode = rpcCode
  }

  override get rpcCode(): number {
    return this.#rpcCode
  }
}

/** What whoever asks for a list is told: others have theirs all the same, unless the proxies stand in a circle. */
export function listFailureFrom(problem: unknown, report: (problem: Error) => void): unknown {
  const known = failureFrom(problem, { report })
  if (known instanceof AwayError || (known instanceof McpError && isEndless(known.data))) return known
  report(known instanceof Error ? known : new Error(String(known)))
  const words = known instanceof McpError ? known.message : 'What the server behind this one has cannot be listed'
  return new AwayError(words, { cause: problem })
}

/** Whether a failure says that the connection is of no use any longer. */
export function endsSession(problem: unknown): boolean {
  if (problem instanceof ServerError) return problem.code === 'UNSUPPORTED_PROTOCOL_VERSION'
  return problem instanceof ClientError && (problem.code === 'UNAUTHORIZED' || problem.code === 'CONNECT_FAILED')
}

/** Whether a server complains of the headers that repeat arguments: the tool is another than it was. */
export function isHeaderMismatch(problem: unknown): boolean {
  return problem instanceof ServerError && problem.code === 'HEADER_MISMATCH'
}
