import type { ContentBlock } from '../protocol/content.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { encodeBase64, isBytes, toUint8Array } from './base64.ts'
import { isContentBlock } from './content-block.ts'
import { mediaTypeOf } from './media-type.ts'
import { MOST_CHARACTERS, plain, type Refuse } from './plain.ts'

/** Whose values are converted: the name for made-up URIs, and the errors that name it. */
export interface Source {
  readonly label: string
  readonly name: string
  readonly refuse: Refuse
}

/** Names a component for `toBlock` and `blocksOf`. */
export function sourceOf(label: string, name: string): Source {
  const refuse: Refuse = (path, problem) => new FastMCPError('RESULT_NOT_JSON', `${label}: result${path} ${problem}`)
  return { label, name, refuse }
}

/** A value that is content rather than data: one block, bytes, or a list with at least one block. */
export function blocksOf(value: unknown, source: Source): ContentBlock[] | undefined {
  if (isContentBlock(value) || isBytes(value)) return [toBlock(value, 0, source)]
  if (!Array.isArray(value) || !value.some(isContentBlock)) return undefined
  return value.filter((item) => item !== undefined).map((item: unknown, index) => toBlock(item, index, source))
}

/** One value as one block: blocks stay, strings are text, bytes a resource, anything else JSON text. */
export function toBlock(value: unknown, index: number, source: Source): ContentBlock {
  if (typeof value === 'string') return { type: 'text', text: value }
  if (isBytes(value)) {
    const resource = {
      uri: `tool://${source.name}/bytes/${index}`,
      mimeType: mediaTypeOf(toUint8Array(value)),
      blob: encodeBase64(value),
    }
    return { type: 'resource', resource }
  }
  const data = plain(value, source.refuse)
  // Plain copies keep the shape.
  return isContentBlock(value) ? (data as ContentBlock) : { type: 'text', text: textOf(data, source) }
}

/** Plain data as the words that a reader sees: a string as it is, the rest as JSON. */
export function textOf(data: unknown, source: Source): string {
  return typeof data === 'string' ? data : cap(JSON.stringify(data), source)
}

function cap(text: string, source: Source): string {
  if (text.length > MOST_CHARACTERS) throw tooLarge(source)
  return text
}

/** Throws when the blocks together are larger than 8 MiB of characters. */
export function checkSize(blocks: readonly ContentBlock[], source: Source): void {
  let size = 0
  for (const block of blocks) size += sizeOf(block)
  if (size > MOST_CHARACTERS) throw tooLarge(source)
}

function sizeOf(block: ContentBlock): number {
  switch (block.type) {
    case 'text':
      return block.text.length
    case 'image':
    case 'audio':
      return block.data.length
    case 'resource':
      return 'blob' in block.resource ? block.resource.blob.length : block.resource.text.length
    default:
      return 0
  }
}

function tooLarge({ label }: Source): FastMCPError {
  return new FastMCPError(
    'RESULT_TOO_LARGE',
    `${label}: the result is larger than ${MOST_CHARACTERS} characters; return a part of it, or a link() to a resource`,
  )
}
