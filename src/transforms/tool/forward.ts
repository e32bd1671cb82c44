import type { Tool } from '../../components/component.ts'
import type { Context } from '../../engine/context.ts'
import type { CallToolResult } from '../../protocol/methods.ts'
import type { ArgPlan } from './plan.ts'
import { toBelow } from './translate.ts'

/** What the tool below answered; return it as it is, or make something of its `data`. */
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
      forwarded(await tool.call(args, context.inner()))
    return Object.assign(async (args: Record<string, unknown>) => raw(await toBelow(args, plan, context)), { raw })
  }
}

const RESULTS = new WeakMap<object, CallToolResult>()

/** The very result that `forward` gave as `value`; undefined for anything else. */
export function resultOf(value: unknown): CallToolResult | undefined {
  return typeof value === 'object' && value !== null ? RESULTS.get(value) : undefined
}

/** A result with its data in reach. */
export function forwarded(result: CallToolResult): Forwarded {
  const data = result.structuredContent === undefined ? textOf(result) : result.structuredContent
  const given = { ...result, data }
  RESULTS.set(given, result)
  return given
}

function textOf({ content }: CallToolResult): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}
