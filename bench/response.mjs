const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

/**
 * Reads one HTTP/1.1 response off the front of `bytes`: undefined until all of it is there.
 * Knows what the contenders send: a content-length, or chunks.
 */
export function readResponse(bytes) {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const head = bytes.latin1Slice(0, end).toLowerCase()
  const status = Number(head.slice(9, 12))
  const start = end + HEAD_END.length
  const length = /\r\ncontent-length: *(\d+)/.exec(head)
  if (length) {
    const stop = start + Number(length[1])
    return stop > bytes.length ? undefined : { status, head, body: bytes.subarray(start, stop), size: stop }
  }
  if (!head.includes('\r\ntransfer-encoding: chunked')) throw new Error(`A response without a length:\n${head}`)
  const chunked = readChunks(bytes, start)
  return chunked && { status, head, ...chunked }
}

function readChunks(bytes, start) {
  const chunks = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf(LINE_END, at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.latin1Slice(at, lineEnd), 16)
    const from = lineEnd + LINE_END.length
    const next = from + size + LINE_END.length
    if (next > bytes.length) return undefined
    if (size === 0) return { body: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), size: next }
    chunks.push(bytes.subarray(from, from + size))
    at = next
  }
}

/** The JSON-RPC answer in a body, which may be an event stream. */
export function answerIn({ head, body }) {
  const text = body.toString()
  if (!head.includes('text/event-stream')) return JSON.parse(text)
  const data = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
  return JSON.parse(data.findLast((line) => line !== ''))
}
