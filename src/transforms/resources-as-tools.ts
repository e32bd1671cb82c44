import { tool } from '../components/tool.ts'
import { backstageOf } from '../engine/backstage.ts'
import type { Context } from '../engine/context.ts'
import type { ContentBlock, ResourceContents } from '../protocol/content.ts'
import type { ResourceDefinition } from '../protocol/definitions.ts'
import { ToolError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import type { Provider, Transform } from '../providers/provider.ts'
import { withTools } from './added-tools.ts'
import { saidOutside } from './links.ts'
import { listed } from './listed.ts'

/** What the tools are called. */
export interface ResourcesAsToolsOptions {
  /** Default `list_resources`. */
  readonly list?: string
  /** Default `read_resource`. */
  readonly read?: string
}

/**
 * Adds a tool that lists the resources and templates of a source, and one that reads them, for clients whose model sees
 * tools alone. Whatever the caller may not read, these do not show either.
 *
 * @example
 * mcp.transform(resourcesAsTools())
 */
export function resourcesAsTools({
  list = 'list_resources',
  read = 'read_resource',
}: ResourcesAsToolsOptions = {}): Transform {
  return (source) => {
    const lister = tool(
      list,
      {
        // Without the name of the other tool: it is another one in a namespace.
        description: 'Lists the resources of this server: what can be read, by its URI or URI template',
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      (_args, context) => listFor(source, context),
    )
    const reader = tool(
      read,
      {
        description:
          'Reads a resource of this server by its URI, as the list of resources gives it; fill in the {variables} of a template',
        input: {
          type: 'object',
          properties: { uri: { type: 'string', description: 'Such as config://app' } },
          required: ['uri'],
        },
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      () => undefined,
    )
    return withTools(source, [lister, { ...reader, call: (args, context) => readFor(args, context, list) }])
  }
}

interface Listed {
  readonly uri?: string
  readonly uriTemplate?: string
  readonly name: string
  readonly description?: string | undefined
  readonly mimeType?: string | undefined
}

/** Those of the source that the caller's own lists show, as they show them. */
async function listFor(source: Provider, context: Context): Promise<readonly Listed[]> {
  const { server } = backstageOf(context)
  const [resources, templates] = await Promise.all([source.list('resource', context), source.list('template', context)])
  const uris = new Set([...resources, ...templates].map(({ id }) => server.outside('resource', id)))
  const [resourcePages, templatePages] = await Promise.all([
    listed(server, 'resources/list'),
    listed(server, 'resources/templates/list'),
  ])
  return [
    ...resourcePages
      .flatMap((page) => page.resources)
      .flatMap(({ uri, ...rest }) => (uris.has(uri) ? [{ uri, ...faceOf(rest) }] : [])),
    ...templatePages
      .flatMap((page) => page.resourceTemplates)
      .flatMap(({ uriTemplate, ...rest }) => (uris.has(uriTemplate) ? [{ uriTemplate, ...faceOf(rest) }] : [])),
  ]
}

type Face = Pick<ResourceDefinition, 'name' | 'description' | 'mimeType'>

function faceOf({ name, description, mimeType }: Face): Listed {
  return { name, ...(description !== undefined && { description }), ...(mimeType !== undefined && { mimeType }) }
}

async function readFor(args: unknown, context: Context, name: string): Promise<CallToolResult> {
  const { server } = backstageOf(context)
  const list = server.outside('tool', name)
  const uri = typeof args === 'object' && args !== null && 'uri' in args ? args.uri : undefined
  if (typeof uri !== 'string') throw new ToolError('VALIDATION_ERROR', `give a uri, a text that ${list} shows`)
  const { contents } = await server.delegate('resources/read', { uri }).catch((problem: unknown) => {
    throw notFound(problem, uri, list)
  })
  return saidOutside({ content: contents.map(blockOf) })
}

/** A model reads text, and hands on the rest. */
function blockOf(resource: ResourceContents): ContentBlock {
  return 'text' in resource ? { type: 'text', text: resource.text } : { type: 'resource', resource }
}

function notFound(problem: unknown, uri: string, list: string): unknown {
  const isUnknown = problem instanceof Error && 'code' in problem && problem.code === 'RESOURCE_NOT_FOUND'
  if (!isUnknown) return problem
  return new ToolError('NOT_FOUND', `There is no resource ${uri.slice(0, 200)}; ${list} shows what there is`)
}
