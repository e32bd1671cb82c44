import type { Call } from '../engine/call.ts'
import type { ContentBlock } from '../protocol/content.ts'
import { McpError, ToolError } from '../protocol/errors.ts'
import type { CallToolResult, Method } from '../protocol/methods.ts'
import { checkNumber } from '../resilience/setting.ts'
import { forAnyMethod, type Layer } from './layer.ts'

/** How large results may be. */
export interface ResponseLimitOptions {
  /** Bytes of the result as JSON, in UTF-8; at least 1,024. */
  readonly maxBytes: number
}

const LEAST = 1024
/** What stays free for the notes. */
const NOTES = 256
/** Lists come in pages, and nobody could ask for less of a greeting. */
const LIMITED: ReadonlySet<Method> = new Set(['tools/call', 'resources/read', 'prompts/get'])
const encoder = new TextEncoder()

/**
 * Keeps results small enough for a model to read. Plain text of a tool that is too long is cut, with a note that says
 * so, and other content that does not fit is left out with a note. Whatever would be broken by a cut is an error
 * instead that says how large it was: JSON, structured content, resources and prompts.
 *
 * @example
 * mcp.use('tools/call', responseLimit({ maxBytes: 200_000 }))
 */
export function responseLimit({ maxBytes }: ResponseLimitOptions): Layer {
  checkNumber('responseLimit: maxBytes', maxBytes, { least: LEAST, whole: true })
  return forAnyMethod(async function responseLimit(call, next) {
    const result = await next()
    if (!LIMITED.has(call.method)) return result
    const size = sizeOf(result, maxBytes)
    if (size <= maxBytes) return result
    if (call.method === 'tools/call') return shorten(result as CallToolResult, size, maxBytes) // the result of this method
    throw new McpError('TOO_LARGE', tooLarge(call, size, maxBytes), { data: { bytes: size, maxBytes } })
  })
}

/** Bytes of a value as JSON; encoded only where the length in characters does not settle it. */
function sizeOf(value: unknown, most: number): number {
  const text = JSON.stringify(value) ?? ''
  return text.length * 3 <= most ? text.length : encoder.encode(text).length
}

function tooLarge({ method }: Pick<Call, 'method'>, size: number, most: number): string {
  return `The result of ${method} has ${size} bytes, and at most ${most} are allowed. Ask for less: narrow it down, or take it in parts`
}

function shorten(result: CallToolResult, size: number, most: number): CallToolResult {
  const { content, structuredContent, ...rest } = result
  if (structuredContent !== undefined || content.some(isJsonText)) {
    const words = tooLarge({ method: 'tools/call' }, size, most)
    throw new ToolError('TOO_LARGE', words, { bytes: size, maxBytes: most })
  }
  let left = most - NOTES - sizeOf({ ...rest, content: [] }, 0)
  const notes: string[] = []
  const shown: ContentBlock[] = []
  for (const block of content) {
    const bytes = sizeOf(block, 0) + 1
    const fitting = bytes <= left ? block : cutBlock(block, left)
    left -= fitting === undefined ? 0 : Math.min(bytes, left)
    if (fitting !== undefined) shown.push(fitting)
    if (fitting !== block) notes.push(block.type)
  }
  return { ...rest, content: [...shown, { type: 'text', text: noteOf(notes, size, most) }] }
}

/** The beginning of a text; nothing of what means nothing in part. */
function cutBlock(block: ContentBlock, bytes: number): ContentBlock | undefined {
  if (block.type !== 'text') return undefined
  const room = bytes - sizeOf({ ...block, text: '' }, 0) - 1
  const text = beginning(block.text, room)
  return text === '' ? undefined : { ...block, text }
}

/** As much of a text as fits into so many bytes of JSON. */
function beginning(text: string, bytes: number): string {
  let left = bytes
  let end = 0
  for (const character of text) {
    left -= bytesOf(character)
    if (left < 0) break
    end += character.length
  }
  return text.slice(0, end)
}

/** Bytes of one character in a JSON string. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return SHORT_ESCAPES.includes(character) ? 2 : 6
  if (code < 0x80) return character === '"' || character === '\\' ? 2 : 1
  if (code < 0x800) return 2
  // Half a character is written as an escape.
  if (code >= 0xd800 && code <= 0xdfff) return 6
  return code < 0x10000 ? 3 : 4
}

const SHORT_ESCAPES = '\b\t\n\f\r'

function isJsonText(block: ContentBlock): boolean {
  if (block.type !== 'text' || !/^\s*[[{][\s\S]*[\]}]\s*$/.test(block.text)) return false
  try {
    JSON.parse(block.text)
    return true
  } catch {
    return false
  }
}

function noteOf(cut: readonly string[], size: number, most: number): string {
  const kinds = [...new Set(cut)].join(', ')
  return `[Cut short (${kinds}): the whole result has ${size} bytes, and at most ${most} are allowed. Ask for less to see the rest.]`
}
