import { imageTypeOf, mediaTypeOf as typeOfBytes } from '../../../components/media-type.ts'
import { charsetOf, mediaTypeOf } from '../../../upstream/content-type.ts'
import { type Errand, useless } from '../../../upstream/failures.ts'
import { parseJson } from '../../../upstream/parse-json.ts'
import type { UpstreamResponse } from '../../../upstream/upstream-response.ts'
import { decodeText, textIn } from './decode-text.ts'
import { withExactNumbers } from './exact-numbers.ts'
import { mediaKindOf } from './media-kind.ts'
import { readStream } from './read-stream.ts'

/** The body of an answer, as what it is. */
export type Answer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'json'; readonly mediaType: string; readonly value: unknown }
  /** `cutAfter` says in words why there may be more of it. */
  | { readonly kind: 'text' | 'page'; readonly mediaType: string; readonly text: string; readonly cutAfter?: string }
  | { readonly kind: 'image' | 'audio' | 'bytes'; readonly mediaType: string; readonly bytes: Uint8Array }

/** What is known of the answers of an operation. */
export interface Reading {
  /** Whether the document says that it is JSON. */
  readonly isJson: boolean
  /** The media types that the document names. */
  readonly types: ReadonlySet<string>
  /** Whether numbers stay numbers, even those that lose digits by it. */
  readonly asNumbers: boolean
  /** Whether there is nothing in any of its answers. */
  readonly isHead: boolean
}

const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * Reads the body of an answer by its media type, and where that says nothing or another than the document by what it
 * holds. Rejects with `UpstreamError` for a body that is too large, too slow, or no JSON where it says to be.
 */
export async function readAnswer(response: UpstreamResponse, errand: Errand, reading: Reading): Promise<Answer> {
  const { status, headers } = response
  if (reading.isHead || EMPTY.has(status)) {
    response.discard()
    return NOTHING
  }
  const mediaType = mediaTypeOf(headers)
  const kind = mediaKindOf(mediaType)
  if (kind === 'stream') return readStream(response, mediaType)
  const bytes = await response.bytes()
  if (bytes.length === 0) return NOTHING
  if (kind === 'image' || kind === 'audio' || kind === 'bytes') return { kind, mediaType, bytes }
  const isNamed = mediaType !== '' && reading.types.has(mediaType)
  if (kind === 'unknown' && (isNamed || !reading.isJson)) return ofBytes(bytes, mediaType)
  const text = decodeText(bytes, charsetOf(headers))
  if (kind !== 'json') {
    const value = reading.isJson && !isNamed ? disguised(text, reading) : undefined
    if (value !== undefined) return { kind: 'json', mediaType: 'application/json', value }
    if (kind === 'unknown') return ofBytes(bytes, mediaType)
    if (kind === 'text') return { kind, mediaType, text }
    if (reading.isJson && !isNamed) throw useless(errand, 'not_json', { words: PAGE, status })
    return { kind, mediaType, text }
  }
  if (text.trim() === '') return NOTHING
  const value = parse(text, reading)
  if (value === undefined) throw useless(errand, 'not_json', { words: 'with what is no JSON', status })
  return { kind, mediaType, value }
}

const NOTHING: Answer = { kind: 'nothing' }
const PAGE = 'with a web page instead of JSON'

/** Many APIs send their JSON under the name that their server has for everything. */
function disguised(text: string, reading: Reading): unknown {
  // A list or an object: anything else may as well be text.
  return /^\s*[[{]/.test(text.slice(0, 1_000)) ? parse(text, reading) : undefined
}

function parse(text: string, { asNumbers }: Reading): unknown {
  return parseJson(asNumbers ? text : withExactNumbers(text))
}

/** Bytes whose type says nothing: without any, they may be text. */
function ofBytes(bytes: Uint8Array, mediaType: string): Answer {
  const text = mediaType === '' ? textIn(bytes) : undefined
  if (text !== undefined) return { kind: 'text', mediaType: 'text/plain', text }
  const isPicture = mediaType === '' && imageTypeOf(bytes) !== undefined
  return { kind: isPicture ? 'image' : 'bytes', mediaType: typeOfBytes(bytes), bytes }
}
