import type { Context } from '../../engine/context.ts'
import type { Checked } from '../../schema/schema.ts'
import { hasDefault } from './check-change.ts'
import type { ArgPlan, PlannedArg } from './plan.ts'

type Args = Readonly<Record<string, unknown>>

/** Fills in what the caller left out, so that `run` sees every default under the names above. */
export async function fillAbove(given: Args, { args }: ArgPlan, context: Context): Promise<Args> {
  const filled: Record<string, unknown> = { ...given }
  for (const arg of args) {
    if (arg.above === undefined || Object.hasOwn(filled, arg.above)) continue
    if (hasDefault(arg.change)) put(filled, arg.above, await defaultOf(arg, context))
  }
  return filled
}

/** The arguments under the names below, with what is hidden. Names that nobody changed pass as they are. */
export async function toBelow(above: Args, { args }: ArgPlan, context: Context): Promise<Args> {
  const planned = new Map(args.flatMap((arg) => (arg.above === undefined ? [] : [[arg.above, arg.below] as const])))
  const below: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(above)) {
    const target = planned.get(name)
    // A hidden argument cannot be given under its old name either.
    if (target === undefined && args.some((arg) => arg.below === name)) continue
    if (value !== undefined) put(below, target ?? name, value)
  }
  for (const arg of args) {
    if (Object.hasOwn(below, arg.below) || !hasDefault(arg.change)) continue
    put(below, arg.below, await defaultOf(arg, context))
  }
  return below
}

/** The arguments as the other schemas of arguments give them; the first that does not fit is told. */
export async function checkEach(given: Args, { args }: ArgPlan): Promise<Checked> {
  let changed: Record<string, unknown> | undefined
  for (const { above, schema } of args) {
    if (schema === undefined || above === undefined || !Object.hasOwn(given, above)) continue
    const checked = await schema.check(given[above])
    if (!checked.ok) {
      return { ok: false, problems: checked.problems.map((each) => ({ ...each, path: [above, ...each.path] })) }
    }
    changed ??= { ...given }
    put(changed, above, checked.value)
  }
  return { ok: true, value: changed ?? given }
}

async function defaultOf({ change }: PlannedArg, context: Context): Promise<unknown> {
  return typeof change.default === 'function' ? change.default(context) : change.default
}

/** A member of its own, whatever it is called: plain assignment would set a prototype. */
function put(record: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
}
