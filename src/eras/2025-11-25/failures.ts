import { McpError } from '../../protocol/errors.ts'
import type { RequestId } from '../../protocol/json-rpc.ts'
import { failureText } from '../encode.ts'
import type { Reply } from '../exchange.ts'
import { turnedAway } from '../turned-away.ts'

/** Codes that are other ones in this era, or that it has none for (2025-11-25 server/resources, Error Handling). */
const CODES: ReadonlyMap<string, number> = new Map([
  ['RESOURCE_NOT_FOUND', -32002],
  ['MISSING_CLIENT_CAPABILITY', -32600],
  ['HEADER_MISMATCH', -32600],
  ['UNSUPPORTED_PROTOCOL_VERSION', -32600],
])

/** The text of a bad answer, with the code that this era knows it by. Data that is no JSON is left out. */
export function problemText(id: RequestId | undefined, problem: McpError): string {
  const code = CODES.get(problem.code) ?? problem.rpcCode
  try {
    return failureText(id, problem, code)
  } catch {
    return failureText(id, new McpError(problem.code, problem.message), code)
  }
}

/** An answer that refuses the whole exchange. */
export function refuse(status: number, problem: McpError, id?: RequestId): Reply {
  return { status, body: problemText(id, problem), ...turnedAway(problem) }
}

/** An invalid request, in words. */
export function invalidRequest(message: string): McpError {
  return new McpError('INVALID_REQUEST', message)
}

/** Whatever was thrown, as an error that may leave; what nobody meant for the client is masked. */
export function toProblem(thrown: unknown, report: (cause: Error) => void): McpError {
  if (thrown instanceof McpError) return thrown
  const cause = thrown instanceof Error ? thrown : new Error('Something that is no Error was thrown', { cause: thrown })
  report(cause)
  return new McpError('INTERNAL_ERROR', 'Internal error', { cause })
}
