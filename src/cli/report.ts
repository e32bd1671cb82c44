import { inspect } from 'node:util'
import { withoutSecrets } from '../index.ts'
import { Failure } from './failure.ts'
import type { Output } from './output.ts'
import { indent, printable } from './table.ts'

/** How a failure is told. */
export interface Telling {
  readonly output: Pick<Output, 'note' | 'tint'>
  /** Whether stacks and causes are shown too. */
  readonly debug: boolean
}

/** Tells on standard error what went wrong and what to do next; gives the exit code. */
export function report(problem: unknown, { output, debug }: Telling): number {
  const { message, next, exitCode } = asFailure(problem)
  output.note(`${output.tint('red', 'error:')} ${printable(withoutSecrets(message))}`)
  if (next !== undefined) output.note(next.includes('\n') ? `\n${indent(printable(next))}\n` : indent(printable(next)))
  if (debug) output.note(withoutSecrets(inspect(problem)))
  return exitCode
}

/** What to do about an error, by the stable code that errors of this library have. */
const NEXT: ReadonlyMap<string, string> = new Map([
  ['CONNECT_FAILED', 'Is the target right, and does an MCP server run there?'],
  ['HTTP_ERROR', 'Is the target right, and does an MCP server run there?'],
  ['CONNECTION_CLOSED', 'The server ended the connection. What it wrote to standard error may say why.'],
  ['ERA_NOT_SPOKEN', 'Leave --era out, or give auto: the newest way that both know is then used.'],
  ['TIMEOUT', 'Give it longer with --timeout <seconds>.'],
  ['UNAUTHORIZED', 'Send credentials: --header "Authorization=Bearer …".'],
  ['RESOURCE_NOT_FOUND', 'fastmcp list shows the resources and templates of the server.'],
  ['METHOD_NOT_FOUND', 'The server does not offer this. fastmcp inspect shows what it does offer.'],
])

function asFailure(problem: unknown): Failure {
  if (problem instanceof Failure) return problem
  if (!(problem instanceof Error)) return new Failure(`Something that is no error was thrown: ${inspect(problem)}`)
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : undefined
  // Its message was written for people; of anything else only the stack tells what it is about.
  if (code !== undefined) return new Failure(problem.message, byStatus(statusOf(problem)) ?? NEXT.get(code))
  return new Failure(problem.message || problem.name, 'Run it again with --debug to see where this comes from.')
}

/** The HTTP status of a refusal; our own servers also send it as 1000 plus the status. */
function statusOf(problem: Error): number | undefined {
  if ('status' in problem && typeof problem.status === 'number') return problem.status
  return 'rpcCode' in problem && typeof problem.rpcCode === 'number' ? problem.rpcCode - 1000 : undefined
}

function byStatus(status: number | undefined): string | undefined {
  if (status === 401 || status === 403) return NEXT.get('UNAUTHORIZED')
  return status === 404 || status === 405 ? 'Is the path right? Most servers answer at /mcp.' : undefined
}
