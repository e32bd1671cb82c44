import type { AnyResult, Call } from '../engine/call.ts'
import { Unwinding } from '../engine/unwinding.ts'
import { FastMCPError } from '../protocol/errors.ts'

/**
 * How a call ended: well, with an error that its caller reads, with one that it never sees, or not yet, because the client
 * is being asked.
 */
export type Outcome = 'ok' | 'error' | 'failure' | 'asked'

/** How a call that gave a result ended. */
export function outcomeOf(result: AnyResult): Outcome {
  return 'isError' in result && result.isError === true ? 'error' : 'ok'
}

/** How a call that threw ended. */
export function outcomeOfProblem(problem: unknown): Outcome {
  if (problem instanceof Unwinding) return 'asked'
  return problem instanceof FastMCPError ? 'error' : 'failure'
}

/** What a call is about: the name of a tool or prompt, or the URI of a resource. From outside, of any length. */
export function subjectOf({ params }: Call): string | undefined {
  if ('name' in params) return String(params.name)
  return 'uri' in params ? String(params.uri) : undefined
}
