import { hasMembers, jsonOf, textOf, wellFormed } from '../texts.ts'
import { Unsendable } from '../unsendable.ts'
import { looksLikeFile, readFileValue } from './file.ts'
import type { FileFacts } from './file-schema.ts'
import { type MediaKind, mediaKind } from './media-kind.ts'
import type { Written } from './written.ts'

/** Writes a body that is one value. Throws `Unsendable` for what its media type cannot hold. */
export type ValueWriter = (value: unknown) => Written

/** Compiles a body that is one value of a media type, which may be a range like `image/*`. */
export function valueWriter(type: string, { isFile, isEncoded }: FileFacts): ValueWriter {
  const kind = mediaKind(type)
  if (kind === 'json') return asJson(concrete(type, 'application/json'))
  if (kind === 'bytes' || isFile) return isEncoded ? asBase64(type) : asBytes(type)
  const write =
    kind === 'lines'
      ? asLines(type)
      : kind === 'xml'
        ? asText(type, kind)
        : kind === 'text'
          ? asText(type, kind)
          : byValue(type)
  const writeBytes = asBytes(type)
  return (value) => (looksLikeFile(value) ? writeBytes(value) : write(value))
}

function concrete(type: string, fallback: string): string {
  return type.includes('*') ? fallback : type
}

function asJson(type: string): ValueWriter {
  return (value) => ({ type, body: jsonOf(value) })
}

function asBytes(type: string): ValueWriter {
  return (value) => {
    const { bytes, contentType } = readFileValue(value)
    return { type: concrete(type, contentType ?? 'application/octet-stream'), body: bytes }
  }
}

/** The base64 itself, where the document says that the API decodes it. */
function asBase64(type: string): ValueWriter {
  const check = asBytes(type)
  return (value) => ({ ...check(value), body: looksLikeFile(value) ? value.base64 : String(value) })
}

function asText(type: string, kind: MediaKind): ValueWriter {
  const named = concrete(type, 'text/plain')
  // What `fetch` sends of a text is always UTF-8, which not every reader takes for granted.
  const told = named.startsWith('text/') ? `${named}; charset=utf-8` : named
  return (value) => {
    if (kind === 'xml' && typeof value === 'object') throw new Unsendable('is to be XML: give it as text')
    return { type: told, body: wellFormed(textOf(value)) }
  }
}

/** One JSON text in each line, or after each record separator (RFC 7464). */
function asLines(type: string): ValueWriter {
  const first = type.endsWith('json-seq') ? '\u001e' : ''
  return (value) => {
    if (typeof value === 'string') return { type, body: wellFormed(value) }
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return { type, body: items.map((item) => `${first}${jsonOf(item)}\n`).join('') }
  }
}

/** Nothing is known of the type: a text is sent as it is, and everything else as JSON. */
function byValue(type: string): ValueWriter {
  const [writeText, writeJson] = [asText(type, 'any'), asJson(concrete(type, 'application/json'))]
  return (value) => (hasMembers(value) || Array.isArray(value) ? writeJson(value) : writeText(value))
}
