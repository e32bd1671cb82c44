import type { Resource } from '../../../components/component.ts'
import { labelOf } from '../../../components/component-name.ts'
import { NO_INPUT } from '../../../components/input.ts'
import { freezeTags, frozenCopy } from '../../../components/metadata.ts'
import { joinSteps } from '../../../components/run.ts'
import { checkTimeout } from '../../../components/time-limit.ts'
import type { Context } from '../../../engine/context.ts'
import type { ReadResourceResult } from '../../../protocol/methods.ts'
import { resourceNotFound } from '../../../protocol/resource-not-found.ts'
import type { Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { checkReadable, isInUri, offered, type ReadableFacts, showFacts } from './readable-facts.ts'

/**
 * Offers a GET that needs no arguments as the resource `resource://<name>`. Throws `RouteProblem` for an operation
 * that cannot be read so.
 */
export function makeResource(route: Route, facts: ReadableFacts): Resource {
  checkReadable(route, facts.plan)
  const { schema, parameters } = facts.plan
  const needed = Array.isArray(schema.required) ? schema.required : []
  const missing = [...parameters].find(([argument, { in: place }]) => isInUri(place) && needed.includes(argument))
  if (missing !== undefined) throw new RouteProblem(`it needs "${missing[1].name}"; make it a resourceTemplate`)
  return offered(() => define(route, facts))
}

function define(route: Route, facts: ReadableFacts): Resource {
  const uri = `resource://${facts.name}`
  const label = labelOf('resource', uri)
  const { tags, description, read, timeout } = facts
  const run = joinSteps<unknown, ReadResourceResult>({
    input: NO_INPUT,
    handler: (_args, context) => read(NO_ARGUMENTS, uri, context),
    limit: { label, timeout: checkTimeout(label, timeout) },
    refuse: () => {
      throw resourceNotFound(uri)
    },
    // Only `read` makes it, or an ask, which never gets here.
    convert: (returned) => returned as ReadResourceResult,
  })
  return Object.freeze({
    kind: 'resource',
    id: uri,
    definition: frozenCopy(label, { uri, ...showFacts(label, uri, { route, facts, description }) }),
    tags: freezeTags(label, tags),
    read: (asked: string, context: Context) => run(NO_ARGUMENTS, context, asked),
  })
}

const NO_ARGUMENTS = Object.freeze({})
