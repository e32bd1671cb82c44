import type { FetchLike } from '@modelcontextprotocol/client'
import { ClientError } from './errors.ts'

/** Most decoded bytes of one answer or message of a server. */
export const MOST_BYTES: number = 16 * 1024 * 1024

const LF = 10
const CR = 13

/**
 * Puts a limit on what a server may answer, in decoded bytes: for a whole body, or for each
 * event of a stream. Without it a hostile server could fill the client's memory.
 */
export function boundAnswers(fetch: FetchLike, most: number): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.body === null) return response
    const events = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    const body = response.body.pipeThrough(limiter(most, events))
    const { status, statusText, headers } = response
    const bounded = new Response(body, { status, statusText, headers })
    // The constructor cannot set where a response came from, and redirects are judged by it.
    return Object.defineProperty(bounded, 'url', { value: response.url })
  }
}

function limiter(most: number, events: boolean): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      const boundary = events ? lastBlankLine(chunk) : -1
      size = boundary < 0 ? size + chunk.length : chunk.length - boundary
      if (size <= most) controller.enqueue(chunk)
      else controller.error(new ClientError('TOO_LARGE', `The server's answer is over ${most} bytes`))
    },
  })
}

/** Where the last event of a chunk ends, or -1. Events are parted by a blank line. */
function lastBlankLine(chunk: Uint8Array): number {
  for (let at = chunk.lastIndexOf(LF); at > 0; at = chunk.lastIndexOf(LF, at - 1)) {
    const before = chunk[at - 1] === CR ? at - 2 : at - 1
    if (chunk[before] === LF) return at
  }
  return -1
}
