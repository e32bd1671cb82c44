import type { Context } from '../engine/context.ts'
import type { ContentBlock } from '../protocol/content.ts'
import { FastMCPError } from '../protocol/errors.ts'
import { isBytes } from './base64.ts'
import { isContentBlock } from './content-block.ts'
import { MOST_CHARACTERS, plain, sizeOf } from './plain.ts'
import type { Source } from './to-block.ts'

/** What a handler gives that makes its result part by part: an async generator. */
export type Stream = Pick<AsyncGenerator<unknown, unknown>, 'next'> & { return?(value?: unknown): Promise<unknown> }

/** Whether a handler gave an async generator. */
export function isStream(value: unknown): value is Stream {
  if (typeof value !== 'object' || value === null || !(Symbol.asyncIterator in value)) return false
  return 'next' in value && typeof value.next === 'function'
}

/** So many parts are taken before everybody else has a turn: a generator need not wait for anything by itself. */
const PARTS_PER_TURN = 1024

/**
 * Sends each part as it is made, no faster than the client reads. Gives what the generator returns, or the list of all
 * parts where it returns nothing. When the call is cancelled the generator is told to return, so that its `finally`
 * runs; so it is when a part cannot be sent.
 */
export async function followStream(stream: Stream, context: Context, source: Source): Promise<unknown> {
  const { signal } = context
  const parts = new Parts(source)
  let closing: Promise<unknown> | undefined
  const close = (): Promise<unknown> => {
    closing ??= Promise.resolve(stream.return?.())
    return closing
  }
  // Whoever waits below hears of a failure; nobody may be there to hear it here.
  const onAbort = (): void => void close().catch(() => undefined)
  signal.addEventListener('abort', onAbort)
  try {
    for (let count = 1; ; count++) {
      signal.throwIfAborted()
      const { done, value } = await stream.next()
      signal.throwIfAborted()
      if (done) return value === undefined ? parts.whole() : value
      const waiting = context.part(parts.add(value))
      if (waiting !== undefined) await unlessAborted(waiting, signal)
      else if (count % PARTS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve))
    }
  } catch (problem) {
    await close()
    throw problem
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The parts so far, kept as long as they could be a result. */
class Parts {
  readonly #source: Source
  #kept: unknown[] | undefined = []
  #size = 0

  constructor(source: Source) {
    this.#source = source
  }

  /** Takes a part, and gives it as the client sees it. One that is undefined only says that there is progress. */
  add(part: unknown): unknown {
    if (part === undefined) return undefined
    const data = plain(part, this.#source.refuse)
    this.#size += sizeOf(data)
    if (this.#size > MOST_CHARACTERS) this.#kept = undefined
    else this.#kept?.push(part)
    return isBytes(part) ? `[${part.byteLength} bytes]` : isContentBlock(part) ? wordsOf(part) : data
  }

  whole(): unknown[] {
    if (this.#kept !== undefined) return this.#kept
    throw new FastMCPError(
      'RESULT_TOO_LARGE',
      `${this.#source.label}: what it yields is together larger than ${MOST_CHARACTERS} characters; return a summary at the end`,
    )
  }
}

/** A block as words: pictures and sound are part of the result, and too large to be sent twice. */
function wordsOf(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'resource_link':
      return block.uri
    case 'resource':
      return block.resource.uri
    default:
      return `[${block.type}, ${block.mimeType}]`
  }
}

/** Waits, but no longer than until the call is cancelled. */
function unlessAborted(waiting: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    waiting.then(resolve, reject).then(() => signal.removeEventListener('abort', onAbort))
  })
}
