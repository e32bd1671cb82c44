import type { AnyResult, Awaitable, Call, Handle } from '../engine/call.ts'
import { McpError } from '../protocol/errors.ts'
import type { Params } from '../protocol/json-rpc.ts'
import type { Method } from '../protocol/methods.ts'
import { callTool } from './operations/call-tool.ts'
import { complete } from './operations/complete.ts'
import { describe } from './operations/describe.ts'
import { getPrompt } from './operations/get-prompt.ts'
import { listOf } from './operations/list.ts'
import type { Operation, Serving } from './operations/operation.ts'
import { readResource } from './operations/read-resource.ts'

/** The operation of every method, as data. */
const OPERATIONS: { readonly [M in Method]: Operation<M> } = {
  initialize: describe,
  'server/discover': describe,
  'tools/list': listOf('tool'),
  'tools/call': callTool,
  'resources/list': listOf('resource'),
  'resources/templates/list': listOf('template'),
  'resources/read': readResource,
  'prompts/list': listOf('prompt'),
  'prompts/get': getPrompt,
  'completion/complete': complete,
}

/** The innermost function: finds the operation of a call and runs it. */
export function createDispatch(serving: Serving): Handle {
  // Each operation is only ever run with a call of its own method, which the key guarantees.
  const operations = new Map(Object.entries(OPERATIONS) as [Method, Operation<Method>][])
  return (call: Call) => {
    const operation = operations.get(call.method)
    return operation === undefined ? callAdded(call, serving) : operation(call, serving)
  }
}

/** Methods of extensions come the same way as all others, though the types of calls do not list them. */
function callAdded({ method, params, context }: Call, { extensions }: Serving): Awaitable<AnyResult> {
  const added = extensions.method(method)
  if (added === undefined) throw new McpError('METHOD_NOT_FOUND', `Method not found: ${String(method).slice(0, 100)}`)
  return added.call(params as Params, context) as Awaitable<AnyResult>
}
