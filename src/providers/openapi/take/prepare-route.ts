import type { ToolAnnotations } from '../../../protocol/definitions.ts'
import type { ArgumentPlan } from '../arguments/plan.ts'
import { planArguments } from '../arguments/plan-arguments.ts'
import { compileCall, type RouteCall } from '../call/compile-call.ts'
import { createTurnstile } from '../call/turnstile.ts'
import { describeRoute } from '../names/describe-route.ts'
import { labelOf, oneLine } from '../reporting/label.ts'
import { wrong } from '../reporting/setting-problem.ts'
import { compileWriter } from '../requests/compile-writer.ts'
import { compileReader, type Reader } from '../responses/compile-reader.ts'
import type { Api } from '../routes/api.ts'
import type { Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { compileProof } from '../security/compile-proof.ts'
import { redirectsOf, serverOf } from '../security/server.ts'
import type { PreparedHabits, PreparedOptions } from './prepare-options.ts'
import { withoutGiven } from './without-given.ts'

/** An operation that can be called, before it is known as what it is shown. */
export interface PreparedRoute {
  readonly plan: ArgumentPlan
  readonly notes: readonly string[]
  readonly title?: string
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly call: RouteCall
  readonly reader: Reader
  /** Milliseconds for a call with all its requests. */
  readonly timeout: number
  /** Security schemes without a credential. */
  readonly missing: readonly string[]
}

/** What operations are prepared with. */
export interface Preparing {
  readonly api: Api
  readonly options: PreparedOptions
  readonly habits: PreparedHabits
}

/** Works out everything that calls of an operation have in common. Throws `RouteProblem` where it cannot be offered. */
export function prepareRoute(route: Route, { api, options, habits }: Preparing): PreparedRoute {
  if (route.method === 'TRACE') throw new RouteProblem('TRACE cannot be sent')
  const { given, settings } = options
  const { limits, limiter, pick, paginate } = habits
  const open = withoutGiven(route, api, given)
  const { plan, notes } = planArguments(open, api)
  const { base, fetch } = serverOf(route, api, given)
  const { auth, missing } = compileProof(route, api, given)
  const reader = compileReader(route, api, { output: given.output ?? 'lenient', pick, paginate })
  const limiters = [limiter, options.limiter].flatMap((each) => each ?? [])
  const call = compileCall(route, {
    write: compileWriter(open, plan, base),
    settings: {
      ...settings,
      ...limits,
      ...redirectsOf(route, given),
      base,
      fetch,
      name: oneLine(api.title) || settings.name,
    },
    reader,
    auth,
    forward: options.forward,
    turnstile: createTurnstile(limiters, limits.timeout),
    ...(paginate?.by === 'cursor' && { pageArgument: argumentFor(paginate.parameter, plan, route) }),
  })
  return {
    plan,
    notes: [...notes, ...reader.notes],
    ...describeRoute(route),
    call,
    reader,
    timeout: wholeTime(limits),
    missing,
  }
}

/** The argument that becomes a parameter of the request, or a member of its body. */
function argumentFor(name: string, { parameters, body }: ArgumentPlan, route: Route): string {
  const named = [...parameters].filter(([, parameter]) => parameter.name === name)
  const [found = named[0]] = named.filter(([, { in: place }]) => place === 'query')
  if (found !== undefined) return found[0]
  const properties = body?.kind === 'properties' ? [...body.properties] : []
  const member = properties.find(([, property]) => property === name)
  if (member !== undefined) return member[0]
  throw wrong(`habits for ${labelOf(route)}`, `paginate.parameter "${name.slice(0, 60)}" is none that can be set`)
}

const LEAST_WHOLE = 60_000
const MOST_WHOLE = 30 * 60_000

/** Long enough for every try of a request, and for the pauses between them. */
function wholeTime({ timeout, retry }: PreparedHabits['limits']): number {
  const pauses = retry === undefined ? 0 : retry.retries * (timeout + retry.maxDelay)
  return Math.min(Math.max(2 * timeout + pauses, LEAST_WHOLE), MOST_WHOLE)
}
