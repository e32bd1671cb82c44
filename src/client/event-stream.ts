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

/** Lines of a text that comes in pieces; each of the three ends of lines counts. */
class Lines {
  #rest = ''

  cut(text: string): string[] {
    const all = this.#rest + text
    // A CR at the end may be the first half of one end of line.
    const end = all.endsWith('\r') ? all.length - 1 : all.length
    const lines = all.slice(0, end).split(/\r\n|\n|\r/)
    this.#rest = (lines.pop() ?? '') + all.slice(end)
    return lines
  }
}
