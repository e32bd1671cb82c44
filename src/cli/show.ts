import type { Reading, ToolCallResult } from '../client/index.ts'

type Block = ToolCallResult['content'][number]
type Contents = Reading['contents'][number]

/** Content of a tool result or prompt as text; what is no text is described in brackets. */
export function showContent(blocks: readonly Block[]): string {
  return blocks.map(showBlock).join('\n')
}

/** What a resource holds, as text where it is text. */
export function showContents(contents: readonly Contents[]): string {
  return contents.map(showResource).join('\n')
}

/** The messages of a prompt, each below who says it. */
export function showMessages(messages: readonly { readonly role: string; readonly content: Block }[]): string {
  return messages.map(({ role, content }) => `${role}: ${showBlock(content)}`).join('\n\n')
}

/** A value as JSON with line breaks. */
export function showJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'null'
}

function showBlock(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'resource':
      return showResource(block.resource)
    case 'resource_link':
      return `[link to ${block.uri}: ${block.name}]`
    case 'image':
    case 'audio':
      return `[${block.type} ${block.mimeType}, ${size(block.data)}; --json shows it in base64]`
    default:
      return JSON.stringify(block)
  }
}

function showResource(contents: Contents): string {
  if ('text' in contents) return contents.text
  return `[${contents.uri} ${contents.mimeType ?? 'of no type'}, ${size(contents.blob)}; --json shows it in base64]`
}

function size(base64: string): string {
  return `${Math.floor((base64.replace(/=+$/, '').length * 3) / 4)} bytes`
}
