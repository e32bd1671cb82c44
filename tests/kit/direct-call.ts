import type { FastMCP } from '@fastmcp/ts'
import type { Application } from '../../src/engine/application.ts'
import { contextOf } from '../../src/engine/backstage.ts'
import type { AnyResult, Call } from '../../src/engine/call.ts'
import type { Origin } from '../../src/engine/origin.ts'
import type { Method, ParamsOf, ResultOf } from '../../src/protocol/methods.ts'
import { originOf } from './origin.ts'
import { application } from './stateless.ts'

/** What an era would serve of a server, so that layers can ask for definitions. */
function applicationOf(mcp: FastMCP): Application {
  return {
    ...application(),
    handle: mcp.handle,
    toolNamed: async (name, context) => (await mcp.provider.find('tool', name, context))?.definition,
  }
}

/** Calls a server as an era does, without any wire; `part` says what is different about the request. */
export async function callDirectly<M extends Method>(
  mcp: FastMCP,
  [method, params]: readonly [method: M, params: ParamsOf<M>],
  part: Partial<Origin> = {},
): Promise<ResultOf<M>> {
  const context = contextOf(originOf({ application: applicationOf(mcp), ...part }))
  const result: AnyResult = await mcp.handle({ method, params, context } as Call)
  return result as ResultOf<M>
}
