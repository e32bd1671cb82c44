import type { ResourceContents } from '../protocol/content.ts'
import type { ReadResourceResult } from '../protocol/methods.ts'
import { ClientError } from './errors.ts'

/** What reading a resource gave. `text`, `bytes` and `json` are of the first of its contents. */
export interface Reading {
  readonly contents: readonly ResourceContents[]
  /** The text; bytes are decoded as UTF-8. */
  readonly text: string
  /** The bytes; text is encoded as UTF-8. */
  readonly bytes: Uint8Array
  readonly mimeType: string | undefined
  /** The text as JSON. Throws `INVALID_ANSWER` when it is none; the type is what you claim. */
  json<T = unknown>(): T
  /** The result as sent. */
  readonly raw: ReadResourceResult
}

/** Reads the result of `resources/read`; decodes only what is asked for. */
export function readContents(uri: string, raw: ReadResourceResult): Reading {
  const first = raw.contents[0]
  if (first === undefined) throw new ClientError('INVALID_ANSWER', `The server answered ${uri} with no contents`)
  return {
    contents: raw.contents,
    mimeType: first.mimeType,
    get text() {
      return 'text' in first ? first.text : new TextDecoder().decode(fromBase64(first.blob, uri))
    },
    get bytes() {
      return 'text' in first ? new TextEncoder().encode(first.text) : fromBase64(first.blob, uri)
    },
    json<T>() {
      try {
        return JSON.parse(this.text) as T // the caller's claim
      } catch (cause) {
        throw new ClientError('INVALID_ANSWER', `The contents of ${uri} are not JSON`, { cause })
      }
    },
    raw,
  }
}

function fromBase64(blob: string, uri: string): Uint8Array {
  try {
    return Uint8Array.from(atob(blob), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new ClientError('INVALID_ANSWER', `The contents of ${uri} are not base64`, { cause })
  }
}
