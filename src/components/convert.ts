import type { Awaitable } from '../engine/call.ts'
import type { ContentBlock, Meta } from '../protocol/content.ts'
import { FastMCPError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { VALUE_ROOT } from '../protocol/structured.ts'
import { explain } from '../schema/explain.ts'
import type { Checked, CompiledSchema } from '../schema/schema.ts'
import { plain } from './plain.ts'
import { andThen } from './thenable.ts'
import { blocksOf, checkSize, type Source, sourceOf, textOf, toBlock } from './to-block.ts'
import { isToolResult, type ToolResult } from './tool-result.ts'

/** The output schema of a tool, made ready. */
export interface Output {
  readonly schema: CompiledSchema
  /** Raw JSON Schema knows only JSON, so values are made plain before the check; other schemas see them as returned. */
  readonly plainFirst: boolean
  /** Whether the root of the schema is an object. */
  readonly objectRoot: boolean
}

/** Makes what a handler returned into the protocol's result. */
export type Convert = (returned: unknown) => Awaitable<CallToolResult>

/** The converter of one tool, made once. */
export function createConvert(label: string, name: string, output?: Output): Convert {
  const source = sourceOf(label, name)
  if (output === undefined) return (returned) => convertFree(returned, source)
  return (returned) => convertChecked(returned, source, output)
}

/** Without `output`: strings are text, content is content, and everything else is data, shown both as text and structured. */
function convertFree(returned: unknown, source: Source): CallToolResult {
  if (typeof returned === 'string') return result([{ type: 'text', text: returned }], source)
  if (returned === undefined) return { content: [] }
  if (isToolResult(returned)) return joinParts(returned, source, structuredOf(returned, source))
  const blocks = blocksOf(returned, source)
  if (blocks !== undefined) return result(blocks, source)
  const data = plain(returned, source.refuse)
  const text = textBlock(data, source)
  return typeof data === 'string' ? result([text], source) : result([text], source, { structuredContent: data })
}

/** With `output`: the checked value is what is sent, so defaults and transforms count. */
function convertChecked(returned: unknown, source: Source, output: Output): Awaitable<CallToolResult> {
  const parts = isToolResult(returned) ? returned : undefined
  if (parts?.isError === true) return joinParts(parts, source, structuredOf(parts, source))
  const value = parts ? parts.structured : returned
  const checked = output.schema.check(output.plainFirst ? plain(value, source.refuse) : value)
  return andThen(checked, (known) => {
    const structured = { ...accept(known, value, source, output), ...(!output.objectRoot && MARKED) }
    if (parts) return joinParts(parts, source, structured)
    return result([textBlock(structured.structuredContent, source)], source, structured)
  })
}

function accept(checked: Checked, value: unknown, source: Source, { schema }: Output): Structured {
  if (!checked.ok) {
    const words = explain(checked.problems, schema.json, value)
    throw new FastMCPError('OUTPUT_MISMATCH', `${source.label}: the result does not fit the output schema. ${words}`)
  }
  const data = plain(checked.value, source.refuse)
  if (data === undefined)
    throw source.refuse('', 'is undefined, but there is an output schema; return null, or leave output out')
  return { structuredContent: data }
}

const MARKED: { readonly [VALUE_ROOT]: true } = { [VALUE_ROOT]: true }
type Structured = { readonly structuredContent?: unknown; readonly [VALUE_ROOT]?: true }

function structuredOf({ structured }: ToolResult, source: Source): Structured {
  return structured === undefined ? {} : { structuredContent: plain(structured, source.refuse) }
}

function joinParts({ content, isError, meta }: ToolResult, source: Source, structured: Structured): CallToolResult {
  const rest = {
    ...structured,
    ...(isError !== undefined && { isError }),
    // A plain copy of a record is a record.
    ...(meta && { _meta: plain(meta, source.refuse) as Meta }),
  }
  if (content === undefined) {
    const data = structured.structuredContent
    return result(data === undefined ? [] : [textBlock(data, source)], source, rest)
  }
  const blocks = Array.isArray(content) ? content : [content]
  return result(
    blocks.map((block: unknown, index) => toBlock(block, index, source)),
    source,
    rest,
  )
}

function textBlock(data: unknown, source: Source): ContentBlock {
  return { type: 'text', text: textOf(data, source) }
}

function result(
  content: readonly ContentBlock[],
  source: Source,
  rest?: Omit<CallToolResult, 'content'>,
): CallToolResult {
  checkSize(content, source)
  return rest === undefined ? { content } : { content, ...rest }
}
