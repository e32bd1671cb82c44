import type { Tool } from '../../components/component.ts'
import { McpError } from '../../protocol/errors.ts'
import type { Operation } from './operation.ts'

/** Finds the tool and calls it. */
export const callTool: Operation<'tools/call'> = (call, { provider }) => {
  const { name } = call.params
  const found = provider.find('tool', name, call.context)
  return found instanceof Promise
    ? found.then((tool) => known(tool, name).call(call.params.arguments, call.context))
    : known(found, name).call(call.params.arguments, call.context)
}

function known(tool: Tool | undefined, name: string): Tool {
  if (tool === undefined) throw new McpError('INVALID_PARAMS', `Unknown tool: ${name.slice(0, 100)}`)
  return tool
}
