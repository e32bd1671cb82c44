import { showReadable } from '../../../components/readable.ts'
import type { Awaitable } from '../../../engine/call.ts'
import type { Context } from '../../../engine/context.ts'
import { DefinitionError } from '../../../protocol/errors.ts'
import type { ReadResourceResult } from '../../../protocol/methods.ts'
import type { ArgumentPlan } from '../arguments/plan.ts'
import type { Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { mimeTypeOf } from './mime-type.ts'

/** Calls an operation for whoever reads a URI. The arguments are checked, and by the names of the plan. */
export type ReadOperation = (
  args: Readonly<Record<string, unknown>>,
  uri: string,
  context: Context,
) => Awaitable<ReadResourceResult>

/** What a resource or template is made of, besides its route. */
export interface ReadableFacts {
  /** Unique among all names of the document, 1 to 64 of `[A-Za-z0-9_.-]`: the URI begins with it. */
  readonly name: string
  readonly plan: ArgumentPlan
  readonly read: ReadOperation
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly tags?: readonly string[]
  /** Default: what the document says that a success holds. */
  readonly mimeType?: string | undefined
  /** Milliseconds for the whole read; default 60,000. */
  readonly timeout?: number | undefined
}

/** The part of a definition that resources and templates of routes share. */
export function showFacts(label: string, uri: string, { route, facts, description }: Showing): Shown {
  const { name, title } = facts
  const mimeType = facts.mimeType ?? mimeTypeOf(route)
  return showReadable(label, uri, {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && description !== '' && { description }),
    ...(mimeType !== undefined && { mimeType }),
  })
}

type Shown = ReturnType<typeof showReadable>

interface Showing {
  readonly route: Route
  readonly facts: ReadableFacts
  readonly description: string | undefined
}

/** Throws `RouteProblem` unless the operation can be called with nothing but a URI. */
export function checkReadable(route: Route, { schema, parameters, body }: ArgumentPlan): void {
  if (route.method !== 'GET') {
    throw new RouteProblem(`${route.method} is not for reading, and a resource is only read; make it a tool`)
  }
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  for (const [argument, parameter] of parameters) {
    if (required.has(argument) && !isInUri(parameter.in)) {
      throw new RouteProblem(`it needs the ${parameter.in} "${parameter.name}", which no URI holds; make it a tool`)
    }
  }
  const ofBody = body?.kind === 'whole' ? [body.argument] : [...(body?.properties.keys() ?? [])]
  if ((body?.kind === 'properties' && body.required) || ofBody.some((argument) => required.has(argument))) {
    throw new RouteProblem('it needs a body, which no URI holds; make it a tool')
  }
}

/** Whether values of a place stand in the address of a request, and so in a URI. */
export function isInUri(place: string): boolean {
  return place === 'path' || place === 'query' || place === 'querystring'
}

/** Makes what is wrong with a definition a reason not to offer its operation. */
export function offered<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof DefinitionError) throw new RouteProblem(cause.message, { cause })
    throw cause
  }
}
