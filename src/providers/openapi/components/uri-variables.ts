import { fixedArguments } from '../arguments/fixed-arguments.ts'
import type { ArgumentPlan } from '../arguments/plan.ts'
import type { Parameter, Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'

/** An argument as a variable of a URI template. */
export interface UriVariable {
  /** Of letters, digits, `_` and `.`, as templates want it. */
  readonly name: string
  readonly argument: string
  readonly parameter: Parameter
}

/** What of the arguments stands in a URI. */
export interface UriVariables {
  /** In the order of the path. */
  readonly path: readonly UriVariable[]
  /** In the order of the document. */
  readonly query: readonly UriVariable[]
}

const MOST = 256

/** The variables of a route, each with a name of its own. Throws `RouteProblem` where there are too many. */
export function variablesOf({ path }: Route, plan: ArgumentPlan): UriVariables {
  const names = new Set<string>()
  const fixed = fixedArguments(plan)
  const open = [...plan.parameters].filter(([argument]) => !fixed.has(argument))
  const variables = open.map(([argument, parameter]) => ({ argument, parameter }))
  const within = (places: readonly string[]): Omit<UriVariable, 'name'>[] =>
    variables.filter(({ parameter }) => places.includes(parameter.in))
  const inPath = within(['path']).toSorted(
    (one, other) => placeOf(path, one.parameter) - placeOf(path, other.parameter),
  )
  const inQuery = within(['query', 'querystring'])
  if (inPath.length + inQuery.length > MOST) {
    throw new RouteProblem(`it has more than ${MOST} parameters in its address; make it a tool`)
  }
  const named = (variable: Omit<UriVariable, 'name'>): UriVariable => ({
    ...variable,
    name: nameFor(variable.argument, names),
  })
  return { path: inPath.map(named), query: inQuery.map(named) }
}

function placeOf(path: string, { name }: Parameter): number {
  return path.indexOf(`{${name}}`)
}

const SPEAKABLE = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/

function nameFor(argument: string, taken: Set<string>): string {
  const isFine = SPEAKABLE.test(argument) && argument !== '__proto__'
  const wanted = isFine ? argument : argument.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '') || 'value'
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
  taken.add(name)
  return name
}
