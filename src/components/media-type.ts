/** Bytes that a format puts at a fixed place, as characters of the same codes. */
type Mark = readonly [at: number, bytes: string]

const IMAGES: readonly (readonly [mimeType: string, ...marks: Mark[]])[] = [
  ['image/png', [0, '\x89PNG\r\n\x1a\n']],
  ['image/jpeg', [0, '\xff\xd8\xff']],
  ['image/gif', [0, 'GIF8']],
  ['image/webp', [0, 'RIFF'], [8, 'WEBP']],
]

const SOUNDS: readonly (readonly [mimeType: string, ...marks: Mark[]])[] = [
  ['audio/wav', [0, 'RIFF'], [8, 'WAVE']],
  ['audio/ogg', [0, 'OggS']],
  ['audio/mpeg', [0, 'ID3']],
]

/** How many bytes from the start tell the format. */
export const TELLING_BYTES = 16

/** The media type of a picture by its first bytes: png, jpeg, gif or webp. */
export function imageTypeOf(start: Uint8Array): string | undefined {
  return IMAGES.find(([, ...marks]) => marks.every((mark) => bears(start, mark)))?.[0]
}

/** The media type of sound by its first bytes: wav, ogg or mp3. */
export function audioTypeOf(start: Uint8Array): string | undefined {
  return SOUNDS.find(([, ...marks]) => marks.every((mark) => bears(start, mark)))?.[0] ?? bareMp3(start)
}

/** The media type of any bytes, `application/octet-stream` where they tell nothing. */
export function mediaTypeOf(start: Uint8Array): string {
  return imageTypeOf(start) ?? audioTypeOf(start) ?? 'application/octet-stream'
}

function bears(start: Uint8Array, [at, bytes]: Mark): boolean {
  for (let i = 0; i < bytes.length; i++) if (start[at + i] !== bytes.charCodeAt(i)) return false
  return true
}

/** An mp3 without a tag begins with a frame: eleven set bits, then layer III. */
function bareMp3(start: Uint8Array): string | undefined {
  const [first = 0, second = 0] = start
  return first === 0xff && (second & 0xe6) === 0xe2 ? 'audio/mpeg' : undefined
}
