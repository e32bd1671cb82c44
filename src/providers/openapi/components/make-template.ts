import { prepareCompletion } from '../../../components/completion.ts'
import type { Template } from '../../../components/component.ts'
import { labelOf } from '../../../components/component-name.ts'
import { freezeTags, frozenCopy } from '../../../components/metadata.ts'
import { joinSteps, type Run } from '../../../components/run.ts'
import { checkTimeout, type TimeLimit } from '../../../components/time-limit.ts'
import { compileTemplate } from '../../../components/uri-template.ts'
import type { Context } from '../../../engine/context.ts'
import { McpError } from '../../../protocol/errors.ts'
import type { ReadResourceResult } from '../../../protocol/methods.ts'
import { resourceNotFound } from '../../../protocol/resource-not-found.ts'
import { explain } from '../../../schema/explain.ts'
import type { Route } from '../routes/route.ts'
import { RouteProblem } from '../routes/route-problem.ts'
import { describeVariables } from './describe-variables.ts'
import { checkReadable, offered, type ReadableFacts, type ReadOperation, showFacts } from './readable-facts.ts'
import { type Asked, type TemplateInput, templateInput, type Understood } from './template-input.ts'
import { type UriVariables, variablesOf } from './uri-variables.ts'

/**
 * Offers a GET as the template `resource://<name>/{a}/{b}{?page,limit}`: the parameters of its path in the order of the
 * path, then those of its query. Values come out of the URI as text, and are checked by the schema of the arguments
 * before anything is sent. Throws `RouteProblem` for an operation that cannot be read so.
 */
export function makeTemplate(route: Route, facts: ReadableFacts): Template {
  checkReadable(route, facts.plan)
  const variables = variablesOf(route, facts.plan)
  if (variables.path.length + variables.query.length === 0) {
    throw new RouteProblem('its address has no parameters; make it a resource')
  }
  return offered(() => define(route, facts, variables))
}

function define(route: Route, facts: ReadableFacts, variables: UriVariables): Template {
  const { name, plan, tags, read, timeout } = facts
  const start = `resource://${name}`
  const label = labelOf('template', start)
  const limit = { label, timeout: checkTimeout(label, timeout) }
  const input = templateInput(label, plan.schema, variables)
  const uriTemplate = uriTemplateOf(name, variables, input.lists)
  // What stands in a query leads nowhere, whatever it is.
  const unscreened = variables.query.map((variable) => variable.name)
  const { variables: known, match } = compileTemplate(uriTemplate, { unscreened })
  const run = runFor(limit, input, read)
  const description = describeVariables(facts.description, variables, input.json)

  return Object.freeze({
    kind: 'template',
    id: uriTemplate,
    definition: frozenCopy(label, { uriTemplate, ...showFacts(label, uriTemplate, { route, facts, description }) }),
    tags: freezeTags(label, tags),
    // A large API has hundreds of templates, and nearly all are ruled out by their beginning.
    matches: (uri: string) => uri.startsWith(start) && match(uri) !== undefined,
    read: (uri: string, context: Context) => {
      const values = match(uri)
      if (values === undefined) throw resourceNotFound(uri)
      return run({ uri, values } satisfies Asked, context, uri)
    },
    complete: prepareCompletion(input.choices, known, limit),
  })
}

function runFor(limit: TimeLimit, input: TemplateInput, read: ReadOperation): Run<ReadResourceResult> {
  return joinSteps<Understood, ReadResourceResult>({
    input,
    handler: ({ args, uri }, context) => read(args, uri, context),
    limit,
    refuse: (problems, values, uri) => {
      throw new McpError('INVALID_PARAMS', `${limit.label}: ${explain(problems, input.json, values)}`, {
        data: { uri },
      })
    },
    // Only `read` makes it, or an ask, which never gets here.
    convert: (returned) => returned as ReadResourceResult,
  })
}

function uriTemplateOf(name: string, { path, query }: UriVariables, lists: ReadonlySet<string>): string {
  const segments = path.map((variable) => `/{${variable.name}}`).join('')
  const pairs = query.map((variable) => (lists.has(variable.name) ? `${variable.name}*` : variable.name))
  return `resource://${name}${segments}${pairs.length > 0 ? `{?${pairs.join(',')}}` : ''}`
}
