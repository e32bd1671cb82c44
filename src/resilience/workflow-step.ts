import type { Awaitable } from '../schema/awaitable.ts'

/** What a workflow needs of the context it is called with; the `ctx` of every handler is that. */
export interface WorkflowContext {
  readonly signal: AbortSignal
  /** Tells how far the work is. */
  progress(done: number, total?: number, message?: string): void
  /** Does work once, however often the handler is run again. */
  once<T>(key: string, work: () => Awaitable<T>): Promise<T>
}

/** What is known when a step begins. */
export interface SoFar<Args, Results> {
  readonly args: Args
  /** What the steps before gave, by their names. */
  readonly results: Results
}

/** One step of a workflow. `Before` holds the results of the steps ahead of it. */
export type Step<Args, Before, Ctx, Name extends string, In, Out> = StepParts<Args, Before, Ctx, Name, In, Out> &
  // Without `input` the arguments go into `run`, so they must fit there.
  ([Args] extends [In] ? unknown : { readonly input: (so: SoFar<Args, Before>) => In })

interface StepParts<Args, Before, Ctx, Name extends string, In, Out> {
  /** What its result, its progress and its failure are called. */
  readonly name: Name
  /** Makes what `run` gets, from the arguments and earlier results; left out, `run` gets the arguments. */
  readonly input?: (so: SoFar<Args, Before>) => In
  /**
   * Does the work. Its result must be JSON: it is kept when the handler is run again for the answer to a question.
   * `step` is a context whose progress is that of this step; a workflow inside takes it for its own.
   */
  readonly run: (input: In, ctx: Ctx, step: WorkflowContext) => Awaitable<Out>
  /** Whether to go on to the next step; left out, always. */
  readonly continueIf?: (result: Out, so: SoFar<Args, Before>) => Awaitable<boolean>
}

/** A step whose types are of no matter. */
export interface AnyStep {
  readonly name: string
  readonly input?: (so: SoFar<unknown, Readonly<Record<string, unknown>>>) => unknown
  readonly run: (input: unknown, ctx: WorkflowContext, step: WorkflowContext) => unknown
  readonly continueIf?: (result: unknown, so: SoFar<unknown, Readonly<Record<string, unknown>>>) => Awaitable<boolean>
}

/** The part of the work that one step is: reports as if it were the whole, and keeps under names of its own. */
export function partOf(ctx: WorkflowContext, at: { index: number; total: number; key: string }): WorkflowContext {
  return {
    get signal() {
      return ctx.signal
    },
    progress(done, total = 1, message) {
      const fraction = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0
      ctx.progress(at.index + fraction, at.total, message)
    },
    once: (key, work) => ctx.once(`${at.key}.${key}`, work),
  }
}
