import type { ContentBlock, Meta } from '../protocol/content.ts'

const TOOL_RESULT: unique symbol = Symbol.for('@fastmcp/ts/tool-result')

/** What `toolResult` takes. `content` left out is made from `structured`. */
export interface ToolResultParts<T> {
  readonly content?: string | ContentBlock | readonly (string | ContentBlock)[]
  readonly structured?: T
  readonly meta?: Meta
  readonly isError?: boolean
}

/** A tool result said part by part; made by `toolResult`. */
export interface ToolResult<T = unknown> extends ToolResultParts<T> {
  readonly [TOOL_RESULT]: true
}

/**
 * A result with parts of its own, where a plain return value says too little: other words for the
 * reader than for the program, metadata, or an error with content. A tool with `output` must give
 * `structured`, unless it `isError`.
 *
 * @example
 * return toolResult({ content: `${rows.length} rows`, structured: { rows }, meta: { 'example.com/took': 12 } })
 */
export function toolResult<T = never>(parts: ToolResultParts<T>): ToolResult<T> {
  return { ...parts, [TOOL_RESULT]: true }
}

/** Whether a handler returned what `toolResult` makes. */
export function isToolResult(value: unknown): value is ToolResult {
  return typeof value === 'object' && value !== null && TOOL_RESULT in value
}
