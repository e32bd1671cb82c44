import type { Kind } from '../../components/component.ts'
import type { Awaitable, Call } from '../../engine/call.ts'
import type { Context } from '../../engine/context.ts'
import { later } from '../../engine/timer.ts'
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

/** A source that cannot be asked now may have anything. */
function mayHave(problem: unknown): true {
  if (problem instanceof AwayError) return true
  throw problem
}

/** Clients do not wait long for a server to tell of itself. */
const PATIENCE_MS = 2_000

/** The same, or true for a source that takes its time. */
async function soon(known: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof later> | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = later(() => resolve(true), PATIENCE_MS)
  })
  try {
    return await Promise.race([known, late])
  } finally {
    clearTimeout(timer)
  }
}

async function capabilitiesOf({ catalog, held }: Serving, context: Context): Promise<ServerCapabilities> {
  const has = (kind: Kind): Awaitable<boolean> => {
    const known = held(kind) || catalog.has(kind, context)
    return known instanceof Promise ? soon(known.catch(mayHave)) : known
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
