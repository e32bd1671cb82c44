import type { FetchLike } from '@modelcontextprotocol/client'
import { ClientError } from './errors.ts'
import { Pace, piecesOf } from './pace.ts'

/** Most decoded bytes of one answer or message of a server. */
export const MOST_BYTES: number = 16 * 1024 * 1024

/** Each coding can blow a body up a thousandfold; nobody who means well uses more than one. */
const MOST_CODINGS = 2

const LF = 10
const CR = 13

/** What an answer is held to, and who hears of it. */
export interface Bounds {
  /** Most decoded bytes: of a whole body, or of each event of a stream. */
  readonly most: number
  /** Hears that an event came. */
  readonly onEvent?: () => void
  /** Hears what ended an event stream before its time. */
  readonly onFault?: (problem: ClientError) => void
}

/** Puts a limit on what a server may answer. Without it a hostile server could fill the client's memory. */
export function boundAnswers(fetch: FetchLike, most: number): FetchLike {
  return async (url, init) => boundAnswer(await fetch(url, init), { most })
}

/** The answer with its limits; rejects when it is known beforehand that it will break them. */
export async function boundAnswer(response: Response, bounds: Bounds): Promise<Response> {
  if (response.body === null) return response
  const codings = response.headers.get('content-encoding')?.split(',').length ?? 0
  if (codings > MOST_CODINGS) {
    await response.body.cancel()
    throw new ClientError('TOO_LARGE', `The server's answer is compressed ${codings} times over`)
  }
  const events = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const body = response.body.pipeThrough(events ? eventLimiter(bounds) : bodyLimiter(bounds))
  const { status, statusText, headers } = response
  const bounded = new Response(body, { status, statusText, headers })
  // The constructor cannot set where a response came from, and redirects are judged by it.
  return Object.defineProperty(bounded, 'url', { value: response.url })
}

type Bytes = Uint8Array<ArrayBuffer>

function bodyLimiter({ most }: Bounds): TransformStream<Bytes, Bytes> {
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length
      if (size <= most) controller.enqueue(chunk)
      else controller.error(tooLarge(most))
    },
  })
}

function eventLimiter({ most, onEvent, onFault }: Bounds): TransformStream<Bytes, Bytes> {
  const pace = new Pace()
  let size = 0
  return new TransformStream({
    async transform(chunk, controller) {
      for (const piece of piecesOf(chunk)) {
        const boundary = lastBlankLine(piece)
        size = boundary < 0 ? size + piece.length : piece.length - boundary
        if (size > most) {
          const problem = tooLarge(most)
          onFault?.(problem)
          return controller.error(problem)
        }
        if (boundary >= 0) onEvent?.()
        controller.enqueue(piece)
        await pace.keep(piece)
      }
    },
  })
}

function tooLarge(most: number): ClientError {
  return new ClientError('TOO_LARGE', `The server's answer is over ${most} bytes`)
}

/** Where the last event of a chunk ends, or -1. Events are parted by a blank line. */
function lastBlankLine(chunk: Uint8Array): number {
  for (let at = chunk.lastIndexOf(LF); at > 0; at = chunk.lastIndexOf(LF, at - 1)) {
    const before = chunk[at - 1] === CR ? at - 2 : at - 1
    if (chunk[before] === LF) return at
  }
  return -1
}
