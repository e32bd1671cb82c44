import { FastMCPError } from '../protocol/errors.ts'

/** Whether an error is none: it leads out of a handler that has asked its client and is run again with the answer. */
export function isAsking(problem: unknown): boolean {
  return problem instanceof FastMCPError && problem.code === 'INPUT_REQUIRED'
}
