import { FastMCPError } from '../../../protocol/errors.ts'

/** Runs a function of the author's while a document is taken in. Its error is told with what it was run for. */
export function attempt<T>(label: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw wrong(label, `failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

/** An option that cannot be. */
export function wrong(label: string, problem: string, cause?: unknown): FastMCPError {
  return new FastMCPError('SETTING', `openapi: ${label} ${problem}`, cause === undefined ? undefined : { cause })
}
