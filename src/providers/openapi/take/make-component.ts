import type { AnyComponent, Tool } from '../../../components/component.ts'
import { fixedArguments } from '../arguments/fixed-arguments.ts'
import { makeResource } from '../components/make-resource.ts'
import { makeTemplate } from '../components/make-template.ts'
import { makeTool } from '../components/make-tool.ts'
import { isInUri, type ReadableFacts } from '../components/readable-facts.ts'
import type { RouteType } from '../options.ts'
import type { Route } from '../routes/route.ts'
import type { PreparedRoute } from './prepare-route.ts'

/** What an operation is to become. */
export interface Wanted {
  readonly type: Exclude<RouteType, 'exclude'>
  readonly name: string
  readonly tags: readonly string[]
  readonly prepared: PreparedRoute
}

/** A component, with what is to be said about it. */
export interface Made {
  readonly component: AnyComponent
  readonly notes: readonly string[]
}

/** Makes the component of an operation. Throws `RouteProblem` where it cannot be what it is to become. */
export function makeComponent(route: Route, { type, name, tags, prepared }: Wanted): Made {
  if (type === 'tool') return { component: toolOf({ name, tags, prepared }), notes: NONE }
  const facts = factsOf({ name, tags, prepared })
  if (type === 'resource') {
    return needsValues(prepared)
      ? { component: makeTemplate(route, facts), notes: ['It is a template, as it needs values'] }
      : { component: makeResource(route, facts), notes: NONE }
  }
  return hasValues(prepared)
    ? { component: makeTemplate(route, facts), notes: NONE }
    : { component: makeResource(route, facts), notes: ['It is a resource, as it takes no values'] }
}

function toolOf({ name, tags, prepared }: Named): Tool {
  const { plan, reader, call, title, description, annotations, timeout } = prepared
  return makeTool({
    name,
    title,
    description,
    annotations,
    tags,
    inputSchema: plan.schema,
    outputSchema: reader.outputSchema,
    timeout,
    call,
  })
}

function factsOf({ name, tags, prepared }: Named): ReadableFacts {
  const { plan, call, title, description, timeout } = prepared
  return {
    name,
    plan,
    tags,
    title,
    description,
    timeout,
    read: (args, uri, context) => call.contents(uri, args, context),
  }
}

type Named = Pick<Wanted, 'name' | 'tags' | 'prepared'>

const NONE: readonly string[] = []

function hasValues({ plan }: PreparedRoute): boolean {
  const fixed = fixedArguments(plan)
  return [...plan.parameters].some(([argument, parameter]) => isInUri(parameter.in) && !fixed.has(argument))
}

function needsValues({ plan: { schema, parameters } }: PreparedRoute): boolean {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return [...parameters].some(([argument, parameter]) => isInUri(parameter.in) && required.has(argument))
}
