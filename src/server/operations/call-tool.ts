import type { Tool } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import type { Operation, Serving } from './operation.ts'
import { refuseUnknown } from './refuse-unknown.ts'

/** Finds the tool and calls it. */
export const callTool: Operation<'tools/call'> = (call, serving) => {
  const found = serving.provider.find('tool', call.params.name, call.context)
  return found instanceof Promise ? found.then((tool) => run(tool, call, serving)) : run(found, call, serving)
}

function run(tool: Tool | undefined, call: Call<'tools/call'>, serving: Serving): Awaitable<CallToolResult> {
  if (tool !== undefined) return tool.call(call.params.arguments, call.context)
  return refuseUnknown({ kinds: ['tool'], words: 'Unknown tool', id: call.params.name }, call, serving)
}
