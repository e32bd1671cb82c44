import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'

const { pipeline } = process.getBuiltinModule('node:stream')
const { createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule('node:zlib')

/** Answers that have no body, whatever their headers say. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** An answer of Node as the web has it, decoded, its body read only as far as somebody asks for it. */
export function responseOf(incoming: IncomingMessage, method: string): Response {
  // Where nobody reads the body, nobody else hears of a connection that breaks.
  incoming.on('error', ignore)
  const status = incoming.statusCode ?? 0
  const headers = headersOf(incoming)
  if (method === 'HEAD' || EMPTY.has(status)) {
    incoming.resume()
    return new Response(null, { status, headers })
  }
  return new Response(streamOf(decoded(incoming, headers)), { status, headers })
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
  return headers
}

/** One coding is decoded; nobody was asked for more of them, or for others. */
function decoded(incoming: IncomingMessage, headers: Headers): Readable {
  const coding = (headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return incoming
  const decoder = DECODERS.get(coding)?.()
  if (decoder === undefined) throw new Error('The answer is encoded in a way that was not asked for')
  headers.delete('content-encoding')
  headers.delete('content-length')
  return pipeline(incoming, decoder, ignore)
}

function streamOf(readable: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks: AsyncIterator<Uint8Array<ArrayBuffer>> = readable[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      },
      cancel() {
        readable.destroy()
      },
    },
    // Nothing is read ahead: whoever reads decides how much that is.
    { highWaterMark: 0 },
  )
}

function ignore(): void {}
