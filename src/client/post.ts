import type { FetchLike } from '@modelcontextprotocol/client'
import { boundAnswer, MOST_BYTES } from './bounded.ts'
import { isRedirect } from './redirects.ts'

/** What came back of one POST. */
export interface Answer {
  readonly status: number
  header(name: string): string | null
  /** The whole body as text; rejects with `TOO_LARGE` for more than may be. */
  text(): Promise<string>
  /** The body as a stream of events, each no larger than it may be. */
  events(): Promise<ReadableStream<Uint8Array> | null>
  /** Lets go of the body. */
  cancel(): Promise<void>
}

/** Sends one body to the server by itself. */
export type Post = (body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answer>

/** How a server is reached. */
export interface PostOptions {
  readonly url: URL
  /** For every request. */
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: FetchLike
  /** Whether `fetch` is that of the runtime, as it came. */
  readonly isPlain: boolean
}

/** Posts over `fetch`; on Node, where nobody has changed how that reaches the network, in a third of its time over `node:http`. */
export function createPost(options: PostOptions): Post {
  const { url, headers: always, fetch } = options
  const overFetch: Post = async (body, headers, signal) =>
    answerOf(await fetch(url, { method: 'POST', headers: { ...always, ...headers }, body, signal }))
  if (!options.isPlain || url.username !== '' || url.password !== '') return overFetch
  let direct: Promise<Post | undefined> | undefined
  return async (body, headers, signal) => {
    direct ??= directPost(url, always)
    const post = isAsItCame() ? await direct : undefined
    if (post === undefined) return overFetch(body, headers, signal)
    const answer = await post(body, headers, signal)
    // Whoever redirects has not worked on it.
    if (!isRedirect(answer.status)) return answer
    await answer.cancel()
    return overFetch(body, headers, signal)
  }
}

async function directPost(url: URL, headers: Readonly<Record<string, string>>): Promise<Post | undefined> {
  if (typeof process === 'undefined' || process.versions?.node === undefined || 'Deno' in globalThis) return undefined
  if (process.versions.bun !== undefined) return undefined
  // Some runtimes say that they are Node and have only a part of it.
  const loaded = await import('./node-post.ts').catch(() => undefined)
  return loaded?.nodePost(url, headers)
}

const FETCH = globalThis.fetch
const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

/** A `fetch` put in the place of the runtime's, another dispatcher or a proxy by environment must not be passed by. */
function isAsItCame(): boolean {
  if (globalThis.fetch !== FETCH || process.env.NODE_USE_ENV_PROXY !== undefined) return false
  const dispatcher: unknown = Reflect.get(globalThis, DISPATCHER)
  return typeof dispatcher !== 'object' || dispatcher === null || dispatcher.constructor.name === 'Agent'
}

function answerOf(response: Response): Answer {
  const { status, headers } = response
  return {
    status,
    header: (name) => headers.get(name),
    async text() {
      const length = headers.get('content-length')
      const isKnown = length !== null && headers.get('content-encoding') === null && Number(length) <= MOST_BYTES
      // Only where the length is not told, or says nothing, are the bytes counted one by one.
      return (isKnown ? response : await boundAnswer(response, { most: MOST_BYTES })).text()
    },
    events: async () => (await boundAnswer(response, { most: MOST_BYTES })).body,
    cancel: async () => response.body?.cancel(),
  }
}
