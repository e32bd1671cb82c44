import { tool } from '../components/tool.ts'
import { backstageOf } from '../engine/backstage.ts'
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
        // Without the name of the other tool: it is another one in a namespace.
        description: 'Lists the prompts of this server, with the arguments that fill them in',
        annotations: hints,
      },
      (_args, context) => listFor(source, context),
    )
    const getter = tool(
      get,
      {
        description:
          'Gets a prompt of this server filled in, as a conversation; the list of prompts gives names and arguments',
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
  const { server } = backstageOf(context)
  const prompts = await source.list('prompt', context)
  const names = new Set(prompts.map(({ id }) => server.outside('prompt', id)))
  const pages = await listed(server, 'prompts/list')
  return pages.flatMap((page) => page.prompts).filter(({ name }) => names.has(name))
}

function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}

async function getFor(args: unknown, context: Context, lister: string): Promise<CallToolResult> {
  const { server } = backstageOf(context)
  const list = server.outside('tool', lister)
  const { name, arguments: asked = {} } = (typeof args === 'object' && args !== null ? args : {}) as Asked
  const given = typeof asked === 'string' ? parsed(asked) : asked
  if (typeof name !== 'string') throw new ToolError('VALIDATION_ERROR', `give a name that ${list} shows`)
  if (
    typeof given !== 'object' ||
    given === null ||
    !Object.values(given).every((value) => typeof value === 'string')
  ) {
    throw new ToolError('VALIDATION_ERROR', 'arguments must be an object of texts')
  }
  const filled = given as Readonly<Record<string, string>> // checked above
  const { messages } = await server.delegate('prompts/get', { name, arguments: filled }).catch((problem: unknown) => {
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

/** Models write arguments as text where the schema does not say what is in them. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a model sent, unchecked. */
interface Asked {
  readonly name?: unknown
  readonly arguments?: unknown
}
