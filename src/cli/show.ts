import { columns, printable } from './table.ts'

type Block = Readonly<Record<string, unknown>> & { readonly type: string }

/** Content of a tool result or prompt as text; what is no text is described in brackets. */
export function showContent(blocks: readonly Block[]): string {
  return blocks.map(showBlock).join('\n')
}

/** What a resource holds, as text where it is text. */
export function showContents(contents: readonly Readonly<Record<string, unknown>>[]): string {
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
  const { type, text, data, mimeType, uri, name, resource } = block
  if (type === 'text' && typeof text === 'string') return text
  if (type === 'resource' && typeof resource === 'object' && resource !== null) return showResource({ ...resource })
  if (type === 'resource_link') return `[link to ${uri}: ${name}]`
  return `[${type} ${mimeType ?? ''}${size(data)}; --json shows it in base64]`
}

function showResource({ text, blob, uri, mimeType }: Readonly<Record<string, unknown>>): string {
  if (typeof text === 'string') return text
  return `[${uri} ${mimeType ?? 'bytes'}${size(blob)}; --json shows it in base64]`
}

function size(base64: unknown): string {
  return typeof base64 === 'string' ? `, ${Math.floor((base64.length * 3) / 4)} bytes` : ''
}

/** A titled table, with its number of rows; nothing for no rows. */
export function section(title: string, rows: readonly (readonly string[])[], width: number): string[] {
  if (rows.length === 0) return []
  return [`${printable(title)} (${rows.length})`, ...columns(rows, width - 2).map((line) => `  ${line}`), '']
}
