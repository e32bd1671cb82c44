import type { Tool } from '../../components/component.ts'
import { tool } from '../../components/tool.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import { McpError, ToolError } from '../../protocol/errors.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import { saidOutside } from '../links.ts'

/** What the two tools are called. */
export interface FinderNames {
  readonly call: string
  readonly search: string
}

/** A tool that calls another by its name, as the caller could do it themselves. */
export function callFound(names: FinderNames): Tool {
  const made = tool(
    names.call,
    {
      // Without the name of the other tool: it is another one in a namespace.
      description: 'Calls a tool of this server that the search for tools found, by its name, with its own arguments',
      input: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'As the search gives it' },
          arguments: { type: 'object', description: 'As the inputSchema of the tool says' },
        },
        required: ['name'],
      },
    },
    () => undefined,
  )
  return Object.freeze({ ...made, call: (args: unknown, context: Context) => forward(args, context, names) })
}

async function forward(args: unknown, context: Context, names: FinderNames): Promise<CallToolResult> {
  const { name, arguments: given } = (typeof args === 'object' && args !== null ? args : {}) as Asked
  const backstage = backstageOf(context)
  const { server } = backstage
  const [own, finder] = [server.outside('tool', names.call), server.outside('tool', names.search)]
  if (typeof name !== 'string') throw new ToolError('VALIDATION_ERROR', `give a name, as ${finder} gives it`)
  if (name === own) throw new ToolError('VALIDATION_ERROR', `${own} cannot call itself; give the name of another tool`)
  backstage.beginRun()
  const result = await server
    .delegate('tools/call', { name, arguments: readArguments(given) })
    .catch((problem: unknown) => unknownTool(problem, name, finder))
  return saidOutside(result)
}

/** What a model sent, unchecked. */
interface Asked {
  readonly name?: unknown
  readonly arguments?: unknown
}

/** Models write arguments as text where the schema does not say what is in them. */
function readArguments(given: unknown): Readonly<Record<string, unknown>> {
  const read = typeof given === 'string' ? parsed(given) : (given ?? {})
  if (typeof read === 'object' && read !== null && !Array.isArray(read))
    return read as Readonly<Record<string, unknown>> // any object is one
  throw new ToolError('VALIDATION_ERROR', 'arguments must be an object, such as { "id": 1 }')
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unknownTool(problem: unknown, name: string, finder: string): never {
  // Other errors of the same code come from tools that are there.
  if (!(problem instanceof McpError) || problem.code !== 'INVALID_PARAMS') throw problem
  if (!problem.message.startsWith('Unknown tool')) throw problem
  throw new ToolError('NOT_FOUND', `There is no tool ${name.slice(0, 200)}; ${finder} shows what there is`)
}
