import { DefinitionError, FastMCPError } from '../protocol/errors.ts'
import { isAsking } from './asking.ts'
import { StepError } from './step-error.ts'
import { type AnyStep, partOf, type SoFar, type Step, type WorkflowContext } from './workflow-step.ts'

/** What came of a workflow: results by the names of their steps, all of them or those up to where it stopped. */
export type WorkflowResult<Results> =
  | { readonly status: 'completed'; readonly results: Results }
  | { readonly status: 'stopped'; readonly stoppedAfter: keyof Results & string; readonly results: Partial<Results> }

/** The result of one step by its name. */
type Gave<Name extends string, Out> = { readonly [K in Name]: Out }
type NoResults = Readonly<Record<never, never>>
type Flat<T> = { readonly [K in keyof T]: T[K] }

/**
 * Makes a handler of one to eight steps, each with what the steps before it gave; a workflow may be a step of another.
 * Steps are done one after the other, each once: their results are kept by `ctx.once` when the handler is run again for
 * the answer to a question, so they must be JSON. A step that fails ends the workflow with a `StepError`, which tells the
 * model what the earlier steps gave.
 *
 * @example
 * mcp.tool('sign_up', { description: 'Signs a customer up', input: Customer }, workflow('sign_up', [
 *   { name: 'account', run: ({ email }) => createAccount(email) },
 *   { name: 'trial', input: ({ results }) => results.account.id, run: startTrial, continueIf: (trial) => trial.isNew },
 *   { name: 'welcome', input: ({ args, results }) => ({ to: args.email, until: results.trial.ends }), run: sendWelcome },
 * ]))
 */
export function workflow<
  Args,
  Ctx extends WorkflowContext,
  N1 extends string,
  O1,
  I1 = Args,
  N2 extends string = never,
  O2 = never,
  I2 = Args,
  N3 extends string = never,
  O3 = never,
  I3 = Args,
  N4 extends string = never,
  O4 = never,
  I4 = Args,
  N5 extends string = never,
  O5 = never,
  I5 = Args,
  N6 extends string = never,
  O6 = never,
  I6 = Args,
  N7 extends string = never,
  O7 = never,
  I7 = Args,
  N8 extends string = never,
  O8 = never,
  I8 = Args,
>(
  name: string,
  steps: readonly [
    Step<Args, NoResults, Ctx, N1, I1, O1>,
    Step<Args, Gave<N1, O1>, Ctx, N2, I2, O2>?,
    Step<Args, Gave<N1, O1> & Gave<N2, O2>, Ctx, N3, I3, O3>?,
    Step<Args, Gave<N1, O1> & Gave<N2, O2> & Gave<N3, O3>, Ctx, N4, I4, O4>?,
    Step<Args, Gave<N1, O1> & Gave<N2, O2> & Gave<N3, O3> & Gave<N4, O4>, Ctx, N5, I5, O5>?,
    Step<Args, Gave<N1, O1> & Gave<N2, O2> & Gave<N3, O3> & Gave<N4, O4> & Gave<N5, O5>, Ctx, N6, I6, O6>?,
    Step<
      Args,
      Gave<N1, O1> & Gave<N2, O2> & Gave<N3, O3> & Gave<N4, O4> & Gave<N5, O5> & Gave<N6, O6>,
      Ctx,
      N7,
      I7,
      O7
    >?,
    Step<
      Args,
      Gave<N1, O1> & Gave<N2, O2> & Gave<N3, O3> & Gave<N4, O4> & Gave<N5, O5> & Gave<N6, O6> & Gave<N7, O7>,
      Ctx,
      N8,
      I8,
      O8
    >?,
  ],
): (
  args: Args,
  ctx: Ctx,
) => Promise<
  WorkflowResult<
    Flat<
      Gave<N1, O1> &
        Gave<N2, O2> &
        Gave<N3, O3> &
        Gave<N4, O4> &
        Gave<N5, O5> &
        Gave<N6, O6> &
        Gave<N7, O7> &
        Gave<N8, O8>
    >
  >
> {
  // The signature has held every step against those before it; from here on they are all alike.
  const flow = new Flow(name, steps as unknown as readonly AnyStep[])
  return (args, ctx) => flow.run(args, ctx) as Promise<never>
}

// With that a workflow in a workflow still has keys that `ctx.once` takes.
const LONGEST_NAME = 24

type Results = Record<string, unknown>

class Flow {
  readonly #name: string
  readonly #steps: readonly AnyStep[]

  constructor(name: string, steps: readonly AnyStep[]) {
    checkNames(name, steps)
    this.#name = name
    this.#steps = [...steps]
  }

  async run(args: unknown, ctx: WorkflowContext): Promise<WorkflowResult<Results>> {
    const results: Results = {}
    const total = this.#steps.length
    for (const [index, step] of this.#steps.entries()) {
      ctx.signal.throwIfAborted()
      ctx.progress(index, total, step.name)
      const goesOn = await this.#take(index, { args, results }, ctx)
      if (!goesOn) return { status: 'stopped', stoppedAfter: step.name, results }
    }
    ctx.progress(total, total)
    return { status: 'completed', results }
  }

  /** Does one step, and puts its result to the others. Returns whether the next one follows. */
  async #take(index: number, so: SoFar<unknown, Results>, ctx: WorkflowContext): Promise<boolean> {
    const step = this.#steps[index] as AnyStep // indexes come from the list
    const key = `${this.#name}.${step.name}`
    // As it was ahead of this step, also for what looks at it later.
    const before = { args: so.args, results: { ...so.results } }
    try {
      const result = await ctx.once(key, () => {
        const input = step.input === undefined ? so.args : step.input(before)
        return step.run(input, ctx, partOf(ctx, { index, total: this.#steps.length, key }))
      })
      so.results[step.name] = result
      const isLast = index === this.#steps.length - 1
      return isLast || step.continueIf === undefined || (await step.continueIf(result, before))
    } catch (problem) {
      if (isAsking(problem) || ctx.signal.aborted || isForClient(problem)) throw problem
      throw new StepError(problem, {
        workflow: this.#name,
        step: step.name,
        results: { ...so.results },
        position: index + 1,
        total: this.#steps.length,
      })
    }
  }
}

/** Whether an error tells the client what it must be able to do, and so must reach it as it is. */
function isForClient(problem: unknown): boolean {
  return problem instanceof FastMCPError && problem.code === 'MISSING_CLIENT_CAPABILITY'
}

function checkNames(name: string, steps: readonly AnyStep[]): void {
  const label = `workflow "${name}"`
  const names = steps.map((step) => step.name)
  for (const each of [name, ...names]) {
    if (/^[\w-]+$/.test(each) && each.length <= LONGEST_NAME && each !== '__proto__') continue
    throw new DefinitionError(label, `"${each}" must be 1 to ${LONGEST_NAME} letters, digits, "_" and "-"`)
  }
  const twice = names.find((each, index) => names.indexOf(each) !== index)
  if (twice !== undefined) throw new DefinitionError(label, `two steps are called "${twice}"; give each its own name`)
  if (names.length === 0) throw new DefinitionError(label, 'give it one step at least')
}
