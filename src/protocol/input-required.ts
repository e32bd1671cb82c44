import type { Ask } from './asks.ts'

const INPUT_REQUIRED: unique symbol = Symbol.for('@fastmcp/ts/input-required')

/** What `inputRequired` takes. */
export interface InputRequiredParts {
  /** The questions, by keys of your choice: the answers come in `ctx.inputResponses` under the same. */
  readonly inputRequests: Readonly<Record<string, Ask>>
  /** JSON to find again in `ctx.requestState`; the client cannot read or change it. */
  readonly state?: unknown
}

/** What a handler returns that needs answers first; made by `inputRequired`. */
export interface InputRequired extends InputRequiredParts {
  readonly [INPUT_REQUIRED]: true
}

/**
 * Returned by a handler: asks the client, and the handler is run again from the top with the answers in
 * `ctx.inputResponses`. The form below `ctx.elicit` and its like, for handlers that want to see the
 * rounds; it works in both eras.
 *
 * @example
 * const answer = ctx.inputResponses.name
 * if (answer === undefined || !('action' in answer)) {
 *   return inputRequired({ inputRequests: { name: askForm('Your name?', z.object({ name: z.string() })) } })
 * }
 * return `Hello, ${answer.content?.name}!`
 */
export function inputRequired(parts: InputRequiredParts): InputRequired {
  return { ...parts, [INPUT_REQUIRED]: true }
}

/** Whether a handler returned what `inputRequired` makes. */
export function isInputRequired(value: unknown): value is InputRequired {
  return typeof value === 'object' && value !== null && INPUT_REQUIRED in value
}
