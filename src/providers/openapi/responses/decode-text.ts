/** The text of bytes in the encoding that their sender names; as UTF-8 where there is no such encoding. What is none is replaced. */
export function decodeText(bytes: Uint8Array, charset: string | undefined): string {
  return decoderFor(charset).decode(bytes)
}

function decoderFor(charset: string | undefined): TextDecoder {
  if (charset === undefined || charset === 'utf-8') return UTF8
  try {
    return new TextDecoder(charset)
  } catch {
    return UTF8
  }
}

/** What reads whole texts keeps nothing of them. */
const UTF8 = new TextDecoder()

/** The text of bytes that are text in UTF-8; undefined for all others. */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
