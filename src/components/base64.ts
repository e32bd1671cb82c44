/** Bytes in any of the forms that JavaScript has for them. */
export type Bytes = ArrayBufferView | ArrayBufferLike

/** Whether a value is bytes. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || isSharedBuffer(value)
}

/** The same bytes as a `Uint8Array`; they are not copied. */
export function toUint8Array(bytes: Bytes): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

/** Encodes as base64 with padding, by the fastest way that the runtime has. */
export function encodeBase64(bytes: Bytes): string {
  return encode(toUint8Array(bytes))
}

const encode: (bytes: Uint8Array) => string = chooseEncoder()

function chooseEncoder(): (bytes: Uint8Array) => string {
  if ('toBase64' in Uint8Array.prototype) return (bytes) => (bytes as Uint8Array & { toBase64(): string }).toBase64()
  const { Buffer } = globalThis as { readonly Buffer?: BufferFace }
  if (Buffer === undefined) return encodeInChunks
  return (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** The part of Node's `Buffer` that is used here. */
interface BufferFace {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string }
}

/** A multiple of three, so that only the last chunk is padded; small enough for an argument list. */
const CHUNK = 0x6000

/** For runtimes with neither of the fast ways. */
export function encodeInChunks(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + CHUNK)))
  }
  return text
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Whether a text is base64 with padding. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64.test(text)
}

/** Some runtimes hide `SharedArrayBuffer`, so it is looked up by name. */
function isSharedBuffer(value: unknown): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer
}
