import type { Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import type { ServerCapabilities } from '../../protocol/capabilities.ts'
import type { DescribeResult } from '../../protocol/methods.ts'
import type { Serving } from './operation.ts'

/** Tells who the server is and what it can do; an era adds how to speak with it. */
export async function describe({ context }: Pick<Call, 'context'>, serving: Serving): Promise<DescribeResult> {
  const { identity, instructions } = serving
  const capabilities = await capabilitiesOf(serving, context)
  return instructions === undefined
    ? { serverInfo: identity, capabilities }
    : { serverInfo: identity, capabilities, instructions }
}

async function capabilitiesOf({ catalog, declared }: Serving, context: Context): Promise<ServerCapabilities> {
  const [tools, resources, templates, prompts] = await Promise.all([
    catalog.has('tool', context),
    catalog.has('resource', context),
    catalog.has('template', context),
    catalog.has('prompt', context),
  ])
  return {
    logging: {},
    ...(tools && { tools: { listChanged: true } }),
    ...((resources || templates) && { resources: { subscribe: true, listChanged: true } }),
    ...(prompts && { prompts: { listChanged: true } }),
    ...((prompts || templates) && { completions: {} }),
    ...declared,
  }
}
