import type { Fetch } from '../../../upstream/follow.ts'
import type { App } from './app.ts'

/**
 * A `fetch` that hands each request to an app in this process: no socket, no port. What the app throws is a request that
 * failed.
 */
export function fetchOf(app: App): Fetch {
  return async (url, init) => {
    const { signal } = init
    signal?.throwIfAborted()
    const answer = ask(app, new Request(url, init))
    return signal ? until(signal, answer) : answer
  }
}

async function ask(app: App, request: Request): Promise<Response> {
  const response: unknown = await app.fetch(request)
  if (!isResponse(response)) throw new TypeError('The app answered with something that is no Response')
  return decoded(response)
}

/** An app need not watch the signal of its request. What it answers too late is let go. */
function until(signal: AbortSignal, answer: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const leave = (): void => signal.removeEventListener('abort', stop)
    answer.then(
      (response) => {
        leave()
        if (signal.aborted) void response.body?.cancel().catch(ignore)
        resolve(response)
      },
      (problem: unknown) => {
        leave()
        reject(problem)
      },
    )
  })
}

/** By its members: some runtimes and adapters have a class of their own. */
function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false
  return 'status' in value && typeof value.status === 'number' && 'headers' in value && 'body' in value
}

const FORMATS: ReadonlyMap<string, 'gzip' | 'deflate'> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])

/** Undoes what a real `fetch` would undo: an app may compress whoever asks. */
function decoded(response: Response): Response {
  const encoding = response.headers.get('content-encoding')?.trim().toLowerCase()
  if (encoding === undefined || encoding === '' || encoding === 'identity' || response.body === null) return response
  const format = FORMATS.get(encoding)
  if (format === undefined) {
    void response.body.cancel().catch(ignore)
    throw new TypeError('The app answered in an encoding that cannot be undone here')
  }
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  const { status, statusText } = response
  return new Response(response.body.pipeThrough(new DecompressionStream(format)), { status, statusText, headers })
}

function ignore(): void {}
