/**
 * The data of the events of a stream, one by one (the parts of the WHATWG format that MCP uses). What is not whole when
 * the stream ends is no event.
 */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const cutter = new Lines()
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      for (const line of cutter.cut(decoder.decode(value, { stream: true }))) {
        if (line !== '') {
          const text = dataIn(line)
          if (text !== undefined) data.push(text)
          continue
        }
        if (data.length > 0) yield data.join('\n')
        data = []
      }
    }
  } finally {
    // Whoever has what it wanted lets go of the rest.
    reader.cancel().catch(() => undefined)
  }
}

function dataIn(line: string): string | undefined {
  if (line === 'data') return ''
  if (!line.startsWith('data:')) return undefined
  return line.slice(line[5] === ' ' ? 6 : 5)
}

/** Lines of a text that comes in pieces; each of the three ends of lines counts, as soon as it is there. */
class Lines {
  #rest = ''
  /** Whether a CR came last, of which an LF would be the other half. */
  #afterCr = false

  cut(text: string): string[] {
    if (text === '') return []
    const fresh = this.#afterCr && text.startsWith('\n') ? text.slice(1) : text
    this.#afterCr = text.endsWith('\r')
    const lines = (this.#rest + fresh).split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    return lines
  }
}
