import type {
  Annotations,
  AudioContent,
  EmbeddedResource,
  Icon,
  ImageContent,
  Meta,
  ResourceLink,
  TextContent,
} from '../protocol/content.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { type Bytes, encodeBase64, isBase64, toUint8Array } from './base64.ts'
import { audioTypeOf, imageTypeOf, mediaTypeOf, TELLING_BYTES } from './media-type.ts'

/** What any piece of content may carry. */
export interface ContentOptions {
  readonly annotations?: Annotations
  readonly meta?: Meta
}

/** Options of `image` and `audio`. */
export interface MediaOptions extends ContentOptions {
  /** Needed only where the first bytes do not tell it. */
  readonly mimeType?: string
}

/** What `file` carries: text or bytes. */
export type FileOptions = ContentOptions & { readonly mimeType?: string } & (
    | { readonly text: string; readonly bytes?: never }
    | { readonly bytes: Bytes; readonly text?: never }
  )

/** What `link` tells of the resource. */
export interface LinkOptions extends ContentOptions {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  /** Bytes. */
  readonly size?: number
  readonly icons?: readonly Icon[]
}

/**
 * A piece of text with annotations; a plain string does where there are none.
 *
 * @example
 * text('for the model only', { annotations: { audience: ['assistant'] } })
 */
export function text(value: string, options: ContentOptions = {}): TextContent {
  return { type: 'text', text: value, ...carried(options) }
}

/**
 * A picture from bytes or base64 (no `data:` URL). The type of png, jpeg, gif and webp is found by
 * itself; for any other give `mimeType`.
 *
 * @example
 * mcp.tool('chart', { description: 'Draws a chart' }, async () => image(await draw()))
 */
export function image(data: Bytes | string, options: MediaOptions = {}): ImageContent {
  const { base64, start } = encoded(data, 'image')
  const mimeType = options.mimeType ?? imageTypeOf(start)
  if (mimeType === undefined) throw unknownFormat('image', 'png, jpeg, gif or webp')
  return { type: 'image', data: base64, mimeType, ...carried(options) }
}

/**
 * Sound from bytes or base64. The type of wav, mp3 and ogg is found by itself; for any other give `mimeType`.
 *
 * @example
 * mcp.tool('say', { description: 'Speaks', input }, async ({ words }) => audio(await speak(words)))
 */
export function audio(data: Bytes | string, options: MediaOptions = {}): AudioContent {
  const { base64, start } = encoded(data, 'audio')
  const mimeType = options.mimeType ?? audioTypeOf(start)
  if (mimeType === undefined) throw unknownFormat('audio', 'wav, mp3 or ogg')
  return { type: 'audio', data: base64, mimeType, ...carried(options) }
}

/**
 * A whole file that travels with the result.
 *
 * @example
 * file('report://2024/q1', { text: '# Report', mimeType: 'text/markdown' })
 */
export function file(uri: string, options: FileOptions): EmbeddedResource {
  checkUri('file', uri)
  const { text, bytes, mimeType } = options
  const resource =
    text === undefined
      ? { uri, mimeType: mimeType ?? mediaTypeOf(toUint8Array(bytes)), blob: encodeBase64(bytes) }
      : { uri, mimeType: mimeType ?? 'text/plain', text }
  return { type: 'resource', resource, ...carried(options) }
}

/**
 * A reference to a resource that the client may read later.
 *
 * @example
 * link('report://2024/q1', { name: 'q1', description: 'First quarter' })
 */
export function link(uri: string, options: LinkOptions): ResourceLink {
  checkUri('link', uri)
  const { annotations, meta, ...told } = options
  return { type: 'resource_link', uri, ...told, ...carried(options) }
}

function carried({ annotations, meta }: ContentOptions): { annotations?: Annotations; _meta?: Meta } {
  return { ...(annotations && { annotations }), ...(meta && { _meta: meta }) }
}

/** 24 characters hold the telling bytes. */
const TELLING_CHARACTERS = 24

function encoded(data: Bytes | string, what: string): { base64: string; start: Uint8Array } {
  if (typeof data !== 'string') {
    return { base64: encodeBase64(data), start: toUint8Array(data).subarray(0, TELLING_BYTES) }
  }
  if (!isBase64(data)) {
    throw new FastMCPError(
      'BAD_CONTENT',
      `${what}(): the string is not base64; give base64 without "data:" before it, or bytes`,
    )
  }
  const start = Uint8Array.from(atob(data.slice(0, TELLING_CHARACTERS)), (character) => character.charCodeAt(0))
  return { base64: data, start }
}

function unknownFormat(what: string, known: string): FastMCPError {
  return new FastMCPError('BAD_CONTENT', `${what}(): the bytes are not ${known}; say what they are with { mimeType }`)
}

function checkUri(what: string, uri: string): void {
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) return
  throw new FastMCPError(
    'BAD_CONTENT',
    `${what}(): "${uri.slice(0, 80)}" is no URI; begin it with a scheme, as in "report://q1"`,
  )
}
