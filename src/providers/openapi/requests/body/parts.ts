import { wellFormed } from '../texts.ts'
import type { Written } from './written.ts'

/** One part of a body: its header lines, and what it holds. */
export interface Part {
  readonly headers: readonly string[]
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** Writes parts one after another (RFC 2046, 5.1). */
export function writeParts(type: string, parts: readonly Part[]): Written {
  // Nobody can guess it, so nothing that is sent can hold it.
  const boundary = `----${crypto.randomUUID()}`
  const chunks: (string | Uint8Array<ArrayBuffer>)[] = []
  for (const { headers, body } of parts) {
    chunks.push(`--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`, body, '\r\n')
  }
  chunks.push(`--${boundary}--\r\n`)
  return { type: `${type}${rootType(type, parts)}; boundary=${boundary}`, body: joined(chunks) }
}

/** What `multipart/related` says of its first part (RFC 2387, 3.1). */
function rootType(type: string, [first]: readonly Part[]): string {
  if (type !== 'multipart/related') return ''
  const line = first?.headers.find((header) => header.startsWith('Content-Type: ')) ?? 'Content-Type: text/plain'
  return `; type="${line.slice('Content-Type: '.length).replace(/["\\]/g, '')}"`
}

const UTF8 = new TextEncoder()

/** One array, so that the body can be sent again and its length is known. */
function joined(chunks: readonly (string | Uint8Array<ArrayBuffer>)[]): Uint8Array<ArrayBuffer> {
  const all = chunks.map((chunk) => (typeof chunk === 'string' ? UTF8.encode(wellFormed(chunk)) : chunk))
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of all) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Says what a part is called, so that neither name can end the line or its quotes (WHATWG HTML, 4.10.21.8). */
export function dispositionLine(
  kind: string,
  names: { readonly name?: string; readonly filename?: string | undefined },
): string {
  const parameters = Object.entries(names).flatMap(([key, text]) =>
    text === undefined ? [] : [`; ${key}="${quotable(text)}"`],
  )
  return `Content-Disposition: ${kind}${parameters.join('')}`
}

function quotable(text: string): string {
  return text.replace(/["\\]|\p{Cc}/gu, (found) => encodeURIComponent(found))
}
