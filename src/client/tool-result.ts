import type { ContentBlock } from '../protocol/content.ts'
import type { ToolDefinition } from '../protocol/definitions.ts'
import { isRecord } from '../protocol/json-rpc.ts'
import type { CallToolResult } from '../protocol/methods.ts'

/** What a tool gave back, from the handiest form to the raw one. */
export interface ToolCallResult<T = unknown> {
  /**
   * The value that the tool returned: its structured content without any wrapping, else the
   * text of a single text block, else the content. The type is what you claim, not what was checked.
   */
  readonly data: T
  readonly content: readonly ContentBlock[]
  /** The structured content as sent; undefined if there was none. */
  readonly structured: unknown
  /** All text blocks, joined by line breaks. */
  readonly text: string
  readonly isError: boolean
  /** The result as sent. */
  readonly raw: CallToolResult
}

/** Marks an output schema whose `result` member is the real value (a revision that wants an object). */
const WRAPS = 'x-fastmcp-wrap-result'

/** Whether a tool's structured content is wrapped in an object for its revision. */
export function wrapsResult(tool: ToolDefinition): boolean {
  return tool.outputSchema?.[WRAPS] === true
}

/** Reads a result; `wrapped` says what the tool's definition says about wrapping. */
export function readToolResult<T>(raw: CallToolResult, wrapped: boolean): ToolCallResult<T> {
  const { content, structuredContent: structured, isError = false } = raw
  const text = textOf(content)
  const data = structured === undefined ? plain(content) : unwrap(structured, wrapped || saysWrapped(raw))
  return { data: data as T, content, structured, text, isError, raw } // the caller's claim, see `data`
}

function saysWrapped({ _meta }: CallToolResult): boolean {
  const mark = _meta?.fastmcp
  return isRecord(mark) && mark.wrap_result === true
}

function unwrap(structured: unknown, wrapped: boolean): unknown {
  return wrapped && isRecord(structured) && Object.hasOwn(structured, 'result') ? structured.result : structured
}

function plain(content: readonly ContentBlock[]): unknown {
  const [first, second] = content
  if (first === undefined) return undefined
  return first.type === 'text' && second === undefined ? first.text : content
}

function textOf(content: readonly ContentBlock[]): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}
