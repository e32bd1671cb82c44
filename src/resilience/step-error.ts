import { McpError, ToolError } from '../protocol/errors.ts'

/** Which step failed, and what the steps before it gave. */
export interface StepFacts {
  readonly workflow: string
  readonly step: string
  readonly results: Readonly<Record<string, unknown>>
  /** Counts from 1. */
  readonly position: number
  readonly total: number
}

/**
 * A step of a workflow failed. The model reads which one, what a `ToolError` said, and in the details what the earlier
 * steps gave; any other error is masked as elsewhere, with the code `STEP_FAILED`, and operators are told of it.
 */
export class StepError extends ToolError {
  readonly step: string
  /** The masked error. */
  readonly unexpected: Error | undefined

  constructor(problem: unknown, { workflow, step, results, position, total }: StepFacts) {
    const known = problem instanceof ToolError || problem instanceof McpError ? problem : undefined
    const own = problem instanceof ToolError ? problem.details : undefined
    const words = `Step "${step}" (${position} of ${total}) failed`
    super(known?.code ?? 'STEP_FAILED', known === undefined ? words : `${words}: ${known.message}`, {
      workflow,
      step,
      results,
      ...(own && { details: own }),
      cause: problem,
    })
    this.step = step
    this.unexpected = known === undefined ? asError(problem) : undefined
  }
}

function asError(problem: unknown): Error {
  if (problem instanceof Error) return problem
  return new Error(`Something that is no Error was thrown: ${typeof problem}`, { cause: problem })
}
