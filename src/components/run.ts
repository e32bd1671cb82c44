import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import { DefinitionError } from '../protocol/errors.ts'
import type { Checked, CompiledSchema, Problem } from '../schema/schema.ts'
import { isThenable } from './thenable.ts'
import { limitTime, type TimeLimit } from './time-limit.ts'

/** What all components do with a call, in order: check, run, convert. */
export interface Steps<Args, R> {
  readonly input: CompiledSchema
  readonly handler: (args: Args, context: Context) => unknown
  readonly limit: TimeLimit
  /** Answers or throws when the arguments break the schema. */
  refuse(problems: readonly Problem[], args: unknown, id: string): R
  /** Makes what the handler returned into the protocol's result. */
  convert(returned: unknown, id: string): Awaitable<R>
}

/** Runs one call: its arguments, its context, and the name or URI that it asked for. */
export type Run<R> = (args: unknown, context: Context, id: string) => Awaitable<R>

/**
 * Joins the steps, once per component. A call stays synchronous where schema, handler and converter
 * are; what the handler throws is thrown on. Throws `DefinitionError` for a handler that is no function.
 */
export function joinSteps<Args, R>({ input, handler, limit, refuse, convert }: Steps<Args, R>): Run<R> {
  if (typeof handler !== 'function') {
    throw new DefinitionError(limit.label, 'the handler is missing; give a function as the third argument')
  }
  const proceed = (checked: Checked, args: unknown, context: Context, id: string): Awaitable<R> => {
    if (!checked.ok) return refuse(checked.problems, args, id)
    // The schema vouches for the type.
    const returned = handler(checked.value as Args, context)
    if (!isThenable(returned)) return convert(returned, id)
    return limitTime(returned, context, limit).then((value) => convert(value, id))
  }
  return (args, context, id) => {
    const checked = input.check(args)
    return checked instanceof Promise
      ? checked.then((known) => proceed(known, args, context, id))
      : proceed(checked, args, context, id)
  }
}
