import type { Tool } from '../../components/component.ts'
import { type ToolResult, toolResult } from '../../components/tool-result.ts'
import { backstageOf } from '../../engine/backstage.ts'
import type { Context } from '../../engine/context.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import type { ArgPlan } from './plan.ts'
import { toBelow } from './translate.ts'

/** What the tool below answered; return it, or a copy with other parts, or make something of its `data`. */
export interface Forwarded extends CallToolResult {
  /** What it returned: its structured content, or else its text. */
  readonly data: unknown
}

/** Calls the tool below. */
export interface Forward<Above = Record<string, unknown>, Below = Record<string, unknown>> {
  /** With arguments under their new names; hidden ones are filled in. */
  (args: Above): Promise<Forwarded>
  /** With arguments exactly as the tool below takes them. */
  raw(args: Below): Promise<Forwarded>
}

/** Makes `forward` for one call. */
export function createForward(tool: Tool, plan: ArgPlan): (context: Context) => Forward {
  return (context) => {
    const raw = async (args: Readonly<Record<string, unknown>>): Promise<Forwarded> =>
      forwarded(await tool.call(args, backstageOf(context).inner()))
    return Object.assign(async (args: Record<string, unknown>) => raw(await toBelow(args, plan, context)), { raw })
  }
}

const BELOW: unique symbol = Symbol('below')

/** What somebody made of a result that `forward` gave; undefined for anything else. */
export function forwardedIn(value: unknown): Made | undefined {
  return typeof value === 'object' && value !== null && BELOW in value ? (value as Made) : undefined // only `forwarded` has the key
}

/** A result of `forward`, or a copy of one with other parts. */
export interface Made extends Forwarded {
  /** The result of the tool below, where nothing was changed. */
  readonly [BELOW]: CallToolResult
}

/** The result of the tool below, if it is given back as it was. */
export function unchanged(made: Made): CallToolResult | undefined {
  const below = made[BELOW]
  return PARTS.every((part) => made[part] === below[part]) ? below : undefined
}

const PARTS = ['content', 'structuredContent', 'isError', '_meta'] as const

/** A result with its data in reach. Copies of it are known for what they are. */
export function forwarded(result: CallToolResult): Forwarded {
  const data = result.structuredContent === undefined ? textOf(result) : result.structuredContent
  return Object.freeze({ ...result, data, [BELOW]: result })
}

/** The parts of a result as a tool of its own gives them. `data` counts as structured where the tool has a schema of results. */
export function partsOf(
  { content, structuredContent, data, isError, _meta }: Made,
  isChecked: boolean,
): ToolResult<unknown> {
  const structured = structuredContent === undefined && isChecked ? data : structuredContent
  return toolResult<unknown>({
    content,
    ...(structured !== undefined && { structured }),
    ...(isError !== undefined && { isError }),
    ...(_meta !== undefined && { meta: _meta }),
  })
}

function textOf({ content }: CallToolResult): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}
