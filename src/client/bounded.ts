import { Blocks } from './blocks.ts'
import { ClientError } from './errors.ts'
import { EventCutter } from './event-cutter.ts'
import { Pace } from './pace.ts'

/** Most decoded bytes of one answer or message of a server. */
export const MOST_BYTES: number = 16 * 1024 * 1024

/** Each coding can blow a body up a thousandfold; nobody who means well uses more than one. */
const MOST_CODINGS = 2

/** What an answer is held to, and who hears of it. */
export interface Bounds {
  /** Most decoded bytes: of a whole body, or of each event of a stream. */
  readonly most: number
  /** Hears that an event came. */
  readonly onEvent?: () => void
  /** Hears what ended an event stream before its time. */
  readonly onFault?: (problem: ClientError) => void
}

/** The answer with its limits, without which a hostile server could fill the client's memory; rejects when it is known beforehand that it will break them. */
export async function boundAnswer(response: Response, bounds: Bounds): Promise<Response> {
  if (response.body === null) return response
  const codings = response.headers.get('content-encoding')?.split(',').length ?? 0
  if (codings > MOST_CODINGS) {
    await response.body.cancel()
    throw new ClientError('TOO_LARGE', `The server's answer is compressed ${codings} times over`)
  }
  const events = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  // Of a compressed body the length says nothing, and of a stream it is not what counts.
  if (!events && codings === 0 && Number(response.headers.get('content-length')) > bounds.most) {
    await response.body.cancel()
    throw tooLarge(bounds.most)
  }
  const body = response.body.pipeThrough(events ? eventLimiter(bounds) : bodyLimiter(bounds))
  const { status, statusText, headers } = response
  const bounded = new Response(body, { status, statusText, headers })
  // The constructor cannot set where a response came from, and redirects are judged by it.
  return Object.defineProperty(bounded, 'url', { value: response.url })
}

type Bytes = Uint8Array<ArrayBuffer>

function bodyLimiter({ most }: Bounds): TransformStream<Bytes, Bytes> {
  const pace = new Pace()
  const blocks = new Blocks()
  let size = 0
  return new TransformStream({
    async transform(chunk, controller) {
      size += chunk.length
      if (size > most) {
        blocks.clear()
        return controller.error(tooLarge(most))
      }
      blocks.add(chunk)
      await pace.keep(1)
    },
    flush(controller) {
      for (const block of blocks.take()) controller.enqueue(block)
    },
  })
}

/** Events go on when they are whole: what is not is kept here alone, and not once more by every reader behind. */
function eventLimiter({ most, onEvent, onFault }: Bounds): TransformStream<Bytes, Bytes> {
  const pace = new Pace()
  const cutter = new EventCutter()
  const blocks = new Blocks()
  let size = 0
  return new TransformStream({
    async transform(chunk, controller) {
      for (const { bytes, lines, whole } of cutter.cut(chunk)) {
        size = whole > 0 ? bytes.length - whole : size + bytes.length
        if (size > most) {
          const problem = tooLarge(most)
          blocks.clear()
          onFault?.(problem)
          return controller.error(problem)
        }
        if (whole > 0) {
          onEvent?.()
          for (const block of blocks.take()) controller.enqueue(block)
          controller.enqueue(bytes.subarray(0, whole))
        }
        blocks.add(bytes.subarray(whole))
        await pace.keep(lines + 1)
      }
    },
    flush(controller) {
      for (const block of blocks.take()) controller.enqueue(block)
    },
  })
}

function tooLarge(most: number): ClientError {
  return new ClientError('TOO_LARGE', `The server's answer is over ${most} bytes`)
}
