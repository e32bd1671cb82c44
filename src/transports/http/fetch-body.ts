import { BROKEN, NOT_UTF8, type Refusal, TOO_LARGE, TOO_SLOW } from './refusal.ts'
import type { Site } from './site.ts'

/** Reads a body as text, counting bytes as they come; a refusal where it is too large, too slow or no UTF-8. */
export async function readBody(request: Request, { bodyLimit, limits }: Site): Promise<string | Refusal> {
  if (request.body === null) return ''
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  let late = false
  const timer = setTimeout(() => {
    late = true
    void reader.cancel().catch(ignore)
  }, limits.bodyMs)
  try {
    const chunks = await collect(reader, bodyLimit)
    if (late) return TOO_SLOW
    return chunks === undefined ? TOO_LARGE : decode(chunks)
  } catch {
    return BROKEN
  } finally {
    clearTimeout(timer)
  }
}

/** All chunks, or undefined once there are more bytes than `limit`. */
async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array[] | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength
    if (size > limit) {
      void reader.cancel().catch(ignore)
      return undefined
    }
    chunks.push(next.value)
  }
  return chunks
}

function decode(chunks: readonly Uint8Array[]): string | Refusal {
  // A byte order mark is kept: the parser refuses it.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    let text = ''
    for (const chunk of chunks) text += decoder.decode(chunk, { stream: true })
    return text + decoder.decode()
  } catch {
    return NOT_UTF8
  }
}

/** The body is refused already; how its sender takes that changes nothing. */
function ignore(): void {}
