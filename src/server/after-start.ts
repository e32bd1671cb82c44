import type { Call, Handle } from '../engine/call.ts'
import { later } from '../engine/timer.ts'
import { FastMCPError, McpError, ToolError } from '../protocol/errors.ts'
import type { Report } from './mask.ts'

/** Has calls wait until the server has begun, and fail with its start. */
export function afterStart(handle: Handle, begin: () => Promise<void>, report: Report): Handle {
  return (call) =>
    TELLING.has(call.method)
      ? soon(begin(), call, report).then(() => handle(call))
      : begin().then(() => handle(call), fail)
}

/**
 * Who the server is can be told all the same. A client that hears nothing for long, or an error, would take it for
 * another kind of server.
 */
const TELLING: ReadonlySet<string> = new Set(['initialize', 'server/discover'])
const TELLING_MS = 3_000

/** Resolves once the server has begun, cannot, or is slow to. */
function soon(begun: Promise<void>, { method }: Call, report: Report): Promise<void> {
  return new Promise((resolve) => {
    const timer = later(resolve, TELLING_MS)
    const goOn = (): void => {
      clearTimeout(timer)
      resolve()
    }
    begun.then(goOn, (problem: unknown) => {
      report(toError(problem), { during: 'the start', method })
      goOn()
    })
  })
}

/** No client may read why a server could not begin, whatever kind of error it is. */
function fail(problem: unknown): never {
  if (!(problem instanceof ToolError || problem instanceof McpError)) throw problem
  throw new FastMCPError('START_FAILED', `The server could not begin: ${problem.message}`, { cause: problem })
}

function toError(problem: unknown): Error {
  return problem instanceof Error ? problem : new Error(`${typeof problem} was thrown`, { cause: problem })
}
