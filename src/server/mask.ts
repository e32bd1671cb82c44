import { backstageOf } from '../engine/backstage.ts'
import type { AnyResult, Awaitable, Call, Handle } from '../engine/call.ts'
import type { Home } from '../engine/home.ts'
import { Unwinding } from '../engine/unwinding.ts'
import { FastMCPError, McpError, ToolError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { withoutSecrets } from '../protocol/secrets.ts'

/** Tells operators what went wrong; `facts.reference` is what the client saw instead. */
export type Report = (problem: Error, facts: Readonly<Record<string, unknown>>) => void

/**
 * The one entrance of errors: whatever is thrown inside, a tool call answers with a result that the
 * model can read, and any other call rejects with `McpError`. Unknown errors are masked behind a
 * reference and reported.
 */
export function maskErrors(handle: Handle, report: Report): Handle {
  return (call) => {
    try {
      const result = handle(call)
      return result instanceof Promise ? result.catch((problem: unknown) => settle(problem, call, report)) : result
    } catch (problem) {
      return settle(problem, call, report)
    }
  }
}

/**
 * As `maskErrors`, for calls that begin here: each is over with its result or error, and so is what it used, before
 * its client hears of it.
 */
export function endCalls(handle: Handle, report: Report, home: Home): Handle {
  const fail = (problem: unknown, call: Call): Awaitable<AnyResult> => {
    const ending = backstageOf(call.context).end(home)
    return ending === undefined ? settle(problem, call, report) : ending.then(() => settle(problem, call, report))
  }
  const succeed = (result: AnyResult, call: Call): Awaitable<AnyResult> => {
    const ending = backstageOf(call.context).end(home)
    return ending === undefined ? result : ending.then(() => result)
  }
  return (call) => {
    let result: Awaitable<AnyResult>
    try {
      result = handle(call)
    } catch (problem) {
      return fail(problem, call)
    }
    if (!(result instanceof Promise)) return succeed(result, call)
    return result.then(
      (known) => succeed(known, call),
      (problem: unknown) => fail(problem, call),
    )
  }
}

function settle(problem: unknown, call: Call, report: Report): AnyResult {
  // No failure: the era asks the client and calls again.
  if (problem instanceof Unwinding) throw problem
  if (call.method === 'tools/call') return toolFailure(problem, call, report)
  throw toMcpError(problem, call, report)
}

function toolFailure(problem: unknown, call: Call, report: Report): CallToolResult {
  if (problem instanceof ToolError) {
    if ('unexpected' in problem && problem.unexpected instanceof Error) report(problem.unexpected, factsOf(call))
    return readable(problem)
  }
  const known = toMcpError(problem, call, report)
  if (known.code !== 'INTERNAL_ERROR' && known.code !== 'TIMEOUT') throw known
  return { content: [{ type: 'text', text: known.message }], isError: true }
}

/** Message first and alone, so that it reads as it was written; code and details follow as JSON. */
function readable({ message, code, details }: ToolError): CallToolResult {
  const facts = JSON.stringify(details === undefined ? { code } : { code, details })
  return {
    content: [
      { type: 'text', text: message },
      { type: 'text', text: facts },
    ],
    isError: true,
  }
}

function toMcpError(problem: unknown, call: Call, report: Report): McpError {
  if (problem instanceof McpError) return problem
  if (problem instanceof ToolError) return spoken(problem)
  const cause =
    problem instanceof Error
      ? problem
      : new Error(`Something that is no Error was thrown: ${typeof problem}`, { cause: problem })
  const reference = newReference()
  report(cause, { reference, ...factsOf(call) })
  return new McpError('INTERNAL_ERROR', `Internal error (${reference})`, { cause })
}

/** What an author says to the model outside a tool: as a protocol error, words kept. */
function spoken(problem: ToolError): McpError {
  const code = problem.code === 'NOT_FOUND' ? 'RESOURCE_NOT_FOUND' : 'INVALID_PARAMS'
  return new McpError(code, problem.message, { data: { code: problem.code, details: problem.details }, cause: problem })
}

function factsOf(call: Call): Readonly<Record<string, unknown>> {
  return { method: call.method, name: nameOf(call), requestId: call.context.requestId }
}

function nameOf(call: Call): string | undefined {
  if ('name' in call.params) return String(call.params.name).slice(0, 100)
  return 'uri' in call.params ? String(call.params.uri).slice(0, 200) : undefined
}

function newReference(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The default report: one line on standard error, with the stack below it, without what looks secret in them. */
export function reportToStderr(problem: Error, facts: Readonly<Record<string, unknown>>): void {
  const code = problem instanceof FastMCPError ? `${problem.code} ` : ''
  console.error(withoutSecrets(`[fastmcp] ${code}${JSON.stringify(facts)}\n${problem.stack ?? problem.message}`))
}
