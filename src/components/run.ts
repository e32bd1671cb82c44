import { type Backstage, backstageOf } from '../engine/backstage.ts'
import type { Awaitable } from '../engine/call.ts'
import type { Context } from '../engine/context.ts'
import type { Watched } from '../engine/watch.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { isInputRequired } from '../protocol/input-required.ts'
import type { Checked, CompiledSchema, Problem } from '../schema/schema.ts'
import { isStream, type Stream } from './stream.ts'
import { isThenable } from './thenable.ts'
import { limitTime, type TimeLimit } from './time-limit.ts'

/** What all components do with a call, in order: check, run, convert. */
export interface Steps<Args, R> {
  readonly input: CompiledSchema
  readonly handler: (args: Args, context: Context) => unknown
  readonly limit: TimeLimit
  /** Answers or throws when the arguments break the schema. */
  refuse(problems: readonly Problem[], args: unknown, id: string): R
  /** Leads a handler that makes its result part by part to the whole; left out where none may. */
  follow?(stream: Stream, context: Context): Promise<unknown>
  /** Makes what the handler returned into the protocol's result. */
  convert(returned: unknown, id: string): Awaitable<R>
}

/** Runs one call: its arguments, its context, and the name or URI that it asked for. */
export type Run<R> = (args: unknown, context: Context, id: string) => Awaitable<R>

/**
 * Joins the steps, once per component. A call stays synchronous where schema, handler and converter
 * are; what the handler throws is thrown on. Throws `DefinitionError` for a handler that is no function.
 */
export function joinSteps<Args, R>({ input, handler, limit, refuse, follow, convert }: Steps<Args, R>): Run<R> {
  if (typeof handler !== 'function') {
    throw new DefinitionError(limit.label, 'the handler is missing; give a function as the third argument')
  }
  const { label } = limit
  const handling: Watched<Args, unknown> = { label, work: handler }
  const following: Watched<Stream, Promise<unknown>> | undefined = follow && { label, work: follow }

  const settle = (value: unknown, backstage: Backstage, id: string): Awaitable<R> => {
    if (isInputRequired(value)) throw backstage.origin.require(value)
    backstage.checkUnwinding()
    return convert(value, id)
  }
  const finish = (returned: unknown, backstage: Backstage, id: string): Awaitable<R> =>
    following !== undefined && isStream(returned)
      ? limitTime(watchedRun(following, returned, backstage), backstage.context, limit).then((whole) =>
          settle(whole, backstage, id),
        )
      : settle(returned, backstage, id)
  const proceed = (checked: Checked, args: unknown, context: Context, id: string): Awaitable<R> => {
    if (!checked.ok) return refuse(checked.problems, checked.repaired ?? args, id)
    const backstage = backstageOf(context)
    backstage.beginRun()
    // The schema vouches for the type.
    const returned = watchedRun(handling, checked.value as Args, backstage)
    if (!isThenable(returned)) return finish(returned, backstage, id)
    return limitTime(returned, context, limit).then((value) => finish(value, backstage, id))
  }
  return (args, context, id) => {
    const checked = input.check(args)
    return checked instanceof Promise
      ? checked.then((known) => proceed(known, args, context, id))
      : proceed(checked, args, context, id)
  }
}

/** Runs a function of the author's; somebody looks on where the server wants that. */
function watchedRun<Args, R>(watched: Watched<Args, R>, args: Args, { context, origin }: Backstage): R {
  const { watch } = origin.application
  if (watch !== undefined) return watch.run(watched, args, context)
  const { work } = watched
  return work(args, context)
}
