import type { PassThrough } from 'node:stream'
import type { FetchLike } from '@modelcontextprotocol/client'
import type { Side, Tap } from './tap.ts'

/** A `fetch` that lets a tap read along: bodies of requests, and answers as they are read. */
export function tappedFetch(fetch: FetchLike, tap: Tap): FetchLike {
  return async (url, init) => {
    if (typeof init?.body === 'string') tap.take('client', init.body)
    const response = await fetch(url, init)
    const type = response.headers.get('content-type') ?? ''
    if (response.body === null || !/^(application\/json|text\/event-stream)/.test(type)) return response
    const reader = type.startsWith('text/event-stream') ? new Events(tap) : new Whole(tap)
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(readAlong(reader)), { status, statusText, headers })
  }
}

/** Lets a tap read along with what is written to one end of a pipe, line by line. */
export function tapPipe(pipe: PassThrough, from: Side, tap: Tap): void {
  const lines = new Lines((line) => tap.take(from, line))
  const decoder = new TextDecoder()
  const write = pipe.write.bind(pipe)
  pipe.write = ((chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
    lines.add(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
    return Reflect.apply(write, undefined, [chunk, ...rest])
  }) as PassThrough['write'] // of its two forms each comes through as it is
}

interface Reader {
  add(text: string): void
  end(): void
}

function readAlong(reader: Reader): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  return new TransformStream({
    transform(chunk, controller) {
      reader.add(decoder.decode(chunk, { stream: true }))
      controller.enqueue(chunk)
    },
    flush: () => reader.end(),
  })
}

class Whole implements Reader {
  readonly #tap: Tap
  #text = ''

  constructor(tap: Tap) {
    this.#tap = tap
  }

  add(text: string): void {
    this.#text += text
  }

  /** An answer without a JSON-RPC version is no message: a refusal of the transport. */
  end(): void {
    if (this.#text.includes('"jsonrpc"')) this.#tap.take('server', this.#text)
  }
}

class Lines {
  readonly #take: (line: string) => void
  #rest = ''

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') this.#take(line)
  }
}

/** Every message here is one line of data; an event without any only tells where to go on. */
class Events implements Reader {
  readonly #lines: Lines

  constructor(tap: Tap) {
    this.#lines = new Lines((line) => {
      const data = line.startsWith('data:') ? line.slice('data:'.length).trim() : ''
      if (data !== '') tap.take('server', data)
    })
  }

  add(text: string): void {
    this.#lines.add(text)
  }

  end(): void {}
}
