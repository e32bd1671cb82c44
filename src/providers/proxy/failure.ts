import { ClientError, ServerError } from '../../client/index.ts'
import { type ErrorCode, McpError } from '../../protocol/errors.ts'

/** Codes of a server elsewhere that say something about the call and nothing about that server. */
const SPOKEN: ReadonlyMap<number, ErrorCode> = new Map([
  [-32_602, 'INVALID_PARAMS'],
  [-32_601, 'METHOD_NOT_FOUND'],
  [1429, 'RATE_LIMITED'],
  [1503, 'OVERLOADED'],
])

const LONGEST_MESSAGE = 2_000

/**
 * What a caller is told of a call that failed elsewhere: what the other server says of the call itself. Everything else stays
 * as it is, and is masked as errors of handlers are.
 */
export function failureFrom(problem: unknown, uri?: string): unknown {
  if (problem instanceof ClientError && problem.code === 'TIMEOUT') {
    return new McpError('TIMEOUT', 'The server behind this one did not answer in time', { cause: problem })
  }
  if (!(problem instanceof ServerError)) return problem
  const code = problem.code === 'RESOURCE_NOT_FOUND' ? problem.code : SPOKEN.get(problem.rpcCode)
  if (code === undefined) return problem
  const data = code === 'RESOURCE_NOT_FOUND' && uri !== undefined ? { data: { uri } } : {}
  return new McpError(code, problem.message.slice(0, LONGEST_MESSAGE), { ...data, cause: problem })
}
