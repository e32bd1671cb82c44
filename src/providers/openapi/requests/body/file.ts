import { isBase64 } from '../../../../components/base64.ts'
import { hasMembers } from '../texts.ts'
import { Unsendable } from '../unsendable.ts'

/** A file as an argument says it. */
export interface FileValue {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly filename: string | undefined
  readonly contentType: string | undefined
}

/** Whether a value says by its shape that it is a file: `{ base64, filename?, contentType? }`. */
export function looksLikeFile(value: unknown): value is { readonly base64: string } {
  if (!hasMembers(value) || typeof value.base64 !== 'string') return false
  return Object.keys(value).every((key) => key === 'base64' || key === 'filename' || key === 'contentType')
}

/** Reads a file: its bytes as base64, or an object with that and what is known of it. Throws `Unsendable` for anything else. */
export function readFileValue(value: unknown): FileValue {
  if (typeof value === 'string') return { bytes: bytesOf(value), filename: undefined, contentType: undefined }
  if (!hasMembers(value) || typeof value.base64 !== 'string') {
    throw new Unsendable('is no file: give base64, or { base64, filename, contentType }')
  }
  const { base64, filename, contentType } = value
  return {
    bytes: bytesOf(base64),
    filename: typeof filename === 'string' ? baseName(filename) : undefined,
    contentType: typeof contentType === 'string' && contentType !== '' ? checkMediaType(contentType) : undefined,
  }
}

/** The bytes of base64 with padding (RFC 4648, 4), by the fastest way that the runtime has. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  if (!isBase64(base64) || !isCanonical(base64)) throw new Unsendable('is not base64 with padding')
  return decode(base64)
}

/** The bits of the last character that belong to no byte are zero, as every encoder leaves them. */
function isCanonical(base64: string): boolean {
  if (base64.endsWith('==')) return 'AQgw'.includes(base64.charAt(base64.length - 3))
  return base64.endsWith('=') ? 'AEIMQUYcgkosw048'.includes(base64.charAt(base64.length - 2)) : true
}

const decode: (base64: string) => Uint8Array<ArrayBuffer> = chooseDecoder()

function chooseDecoder(): (base64: string) => Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { readonly Buffer?: BufferFace }
  if (Buffer === undefined) return (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  return (base64) => new Uint8Array(Buffer.from(base64, 'base64'))
}

/** The part of Node's `Buffer` that is used here. */
interface BufferFace {
  from(text: string, encoding: 'base64'): Uint8Array
}

/** Directories are not part of the name of a file that is sent (RFC 7578, 4.2). */
function baseName(filename: string): string | undefined {
  const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
  if (name.length > LONGEST_NAME) throw new Unsendable(`has a filename of more than ${LONGEST_NAME} characters`)
  return /^\.*$/.test(name) ? undefined : name
}

const LONGEST_NAME = 255

const MEDIA_TYPE =
  /^[A-Za-z0-9!#$&^_.+-]{1,127}\/[A-Za-z0-9!#$&^_.+-]{1,127}(?: ?; ?[A-Za-z0-9!#$&^_.+-]{1,64}=(?:[A-Za-z0-9!#$&'^_.:+-]{1,127}|"[\w .:/?=+-]{0,127}"))*$/

function checkMediaType(type: string): string {
  if (type.length > 500 || !MEDIA_TYPE.test(type)) throw new Unsendable('has a contentType that is no media type')
  return type
}
