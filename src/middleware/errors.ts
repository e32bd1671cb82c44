import { FastMCPError } from '../protocol/errors.ts'
import { forAnyMethod, type Layer } from './layer.ts'

/** A class of errors. */
export type ErrorClass<E extends Error = Error> = abstract new (...args: never[]) => E

/** One row of the table: errors of this class, or of a class derived from it, become what `become` gives. */
export interface ErrorRule<E extends Error = Error> {
  readonly when: ErrorClass<E>
  readonly become: (problem: E) => FastMCPError
}

/** Writes a row with its types joined. */
export function on<E extends Error>(when: ErrorClass<E>, become: (problem: E) => FastMCPError): ErrorRule {
  // A row is only ever called with an instance of its own class, which `errors` checks first.
  return { when, become: become as (problem: Error) => FastMCPError }
}

/**
 * Turns errors of your domain into errors that a client may see. The first row whose class fits
 * wins, looking at the error and then at its `cause`s. What no row names is masked as ever.
 *
 * @example
 * mcp.use(errors([
 *   on(NotFound, (problem) => new ToolError('NOT_FOUND', problem.message)),
 *   on(Denied, () => new ToolError('UNAUTHORIZED', 'You may not do this')),
 * ]))
 */
export function errors(rules: readonly ErrorRule[]): Layer {
  return forAnyMethod(async function errors(_call, next) {
    try {
      return await next()
    } catch (problem) {
      throw translate(problem, rules) ?? problem
    }
  })
}

const DEEPEST_CAUSE = 8

function translate(problem: unknown, rules: readonly ErrorRule[]): FastMCPError | undefined {
  let current = problem
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error; depth++) {
    if (current instanceof FastMCPError) return undefined
    const found: Error = current
    const rule = rules.find(({ when }) => found instanceof when)
    if (rule) return rule.become(found)
    current = found.cause
  }
  return undefined
}
