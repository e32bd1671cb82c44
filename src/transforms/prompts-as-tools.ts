import { tool } from '../components/tool.ts'
import type { Context } from '../engine/context.ts'
import type { ContentBlock } from '../protocol/content.ts'
import type { PromptDefinition } from '../protocol/definitions.ts'
import { ToolError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import type { Provider, Transform } from '../providers/provider.ts'
import { withTools } from './added-tools.ts'
import { saidOutside } from './links.ts'
import { listed } from './listed.ts'

/** What the tools are called. */
export interface PromptsAsToolsOptions {
  /** Default `list_prompts`. */
  readonly list?: string
  /** Default `get_prompt`. */
  readonly get?: string
}

/**
 * Adds a tool that lists the prompts of a source, and one that gets them filled in, for clients whose model sees tools
 * alone. Whatever the caller may not get, these do not show either.
 *
 * @example
 * mcp.transform(promptsAsTools())
 */
export function promptsAsTools({ list = 'list_prompts', get = 'get_prompt' }: PromptsAsToolsOptions = {}): Transform {
  return (source) => {
    const hints = { readOnlyHint: true, openWorldHint: false }
    const lister = tool(
      list,
      {
        description: `Lists the prompts of this server, with their arguments: what ${get} fills in`,
        annotations: hints,
      },
      (_args, context) => listFor(source, context),
    )
    const getter = tool(
      get,
      {
        description: `Gets a prompt of this server filled in, as a conversation; ${list} gives names and arguments`,
        input: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            arguments: { type: 'object', additionalProperties: { type: 'string' }, description: 'By name; texts' },
          },
          required: ['name'],
        },
        annotations: hints,
      },
      () => undefined,
    )
    return withTools(source, [lister, { ...getter, call: (args, context) => getFor(args, context, list) }])
  }
}

/** Those of the source that the caller's own list shows, as it shows them. */
async function listFor(source: Provider, context: Context): Promise<readonly PromptDefinition[]> {
  const { server } = context
  const prompts = await source.list('prompt', context)
  const names = new Set(prompts.map(({ id }) => server.outside('prompt', id)))
  const pages = await listed(server, 'prompts/list')
  return pages.flatMap((page) => page.prompts).filter(({ name }) => names.has(name))
}

function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}

async function getFor(args: unknown, context: Context, list: string): Promise<CallToolResult> {
  const { name, arguments: given = {} } = (typeof args === 'object' && args !== null ? args : {}) as Asked
  if (typeof name !== 'string') throw new ToolError('VALIDATION_ERROR', `give a name that ${list} shows`)
  if (
    typeof given !== 'object' ||
    given === null ||
    !Object.values(given).every((value) => typeof value === 'string')
  ) {
    throw new ToolError('VALIDATION_ERROR', 'arguments must be an object of texts')
  }
  const filled = given as Readonly<Record<string, string>> // checked above
  const { messages } = await context.server
    .delegate('prompts/get', { name, arguments: filled })
    .catch((problem: unknown) => {
      if (!hasCode(problem, 'INVALID_PARAMS')) throw problem
      throw new ToolError('VALIDATION_ERROR', `${(problem as Error).message}; ${list} shows names and arguments`)
    })
  const content = messages.flatMap(({ role, content: block }): ContentBlock[] =>
    block.type === 'text'
      ? [{ ...block, text: `${role}: ${block.text}` }]
      : [{ type: 'text', text: `${role}:` }, block],
  )
  return saidOutside({ content })
}

/** What a model sent, unchecked. */
interface Asked {
  readonly name?: unknown
  readonly arguments?: unknown
}
