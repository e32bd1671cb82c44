import type { Kind } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import type { ServerCapabilities } from '../../protocol/capabilities.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import { AwayError } from '../../providers/away.ts'
import type { Serving } from './operation.ts'

/** Tells who the server is and what it can do; an era adds how to speak with it. */
export async function describe(
  { method, context }: Pick<Call, 'method' | 'context'>,
  serving: Serving,
): Promise<DescribeResult> {
  const { identity, instructions } = serving
  // Whoever shakes hands is never told the types of results.
  const declared = serving.declared({ resultTypes: method !== 'initialize' })
  const capabilities = { ...(await capabilitiesOf(serving, context)), ...declared }
  return instructions === undefined
    ? { serverInfo: identity, capabilities }
    : { serverInfo: identity, capabilities, instructions }
}

async function capabilitiesOf({ catalog, held }: Serving, context: Context): Promise<ServerCapabilities> {
  const has = (kind: Kind): Awaitable<boolean> => held(kind) || hasOrMay(kind)
  // A source that cannot be asked now may have any of them.
  const hasOrMay = async (kind: Kind): Promise<boolean> => {
    try {
      return await catalog.has(kind, context)
    } catch (problem) {
      if (problem instanceof AwayError) return true
      throw problem
    }
  }
  const [tools, resources, templates, prompts] = await Promise.all([
    has('tool'),
    has('resource'),
    has('template'),
    has('prompt'),
  ])
  return {
    logging: {},
    ...(tools && { tools: { listChanged: true } }),
    ...((resources || templates) && { resources: { subscribe: true, listChanged: true } }),
    ...(prompts && { prompts: { listChanged: true } }),
    ...((prompts || templates) && { completions: {} }),
  }
}
