import type { AnyResult, Call, Handle } from '../engine/call.ts'
import { Unwinding } from '../engine/unwinding.ts'
import { FastMCPError, McpError, ToolError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'

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

function settle(problem: unknown, call: Call, report: Report): AnyResult {
  // No failure: the era asks the client and calls again.
  if (problem instanceof Unwinding) throw problem
  if (call.method === 'tools/call') return toolFailure(problem, call, report)
  throw toMcpError(problem, call, report)
}

function toolFailure(problem: unknown, call: Call, report: Report): CallToolResult {
  if (problem instanceof ToolError) return readable(problem)
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
  report(cause, { reference, method: call.method, name: nameOf(call), requestId: call.context.requestId })
  return new McpError('INTERNAL_ERROR', `Internal error (${reference})`, { cause })
}

/** What an author says to the model outside a tool: as a protocol error, words kept. */
function spoken(problem: ToolError): McpError {
  const code = problem.code === 'NOT_FOUND' ? 'RESOURCE_NOT_FOUND' : 'INVALID_PARAMS'
  return new McpError(code, problem.message, { data: { code: problem.code, details: problem.details }, cause: problem })
}

function nameOf(call: Call): string | undefined {
  if ('name' in call.params) return String(call.params.name).slice(0, 100)
  return 'uri' in call.params ? String(call.params.uri).slice(0, 200) : undefined
}

function newReference(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The default report: one line on standard error, with the stack below it. */
export function reportToStderr(problem: Error, facts: Readonly<Record<string, unknown>>): void {
  const code = problem instanceof FastMCPError ? `${problem.code} ` : ''
  console.error(`[fastmcp] ${code}${JSON.stringify(facts)}\n${problem.stack ?? problem.message}`)
}
