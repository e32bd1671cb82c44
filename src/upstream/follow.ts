import { type Errand, misled } from './failures.ts'

/** What sends a request: `fetch`, or what a test puts in its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** What may be sent. A stream can be sent only once, so such a request is neither retried nor redirected. */
export type Body = NonNullable<RequestInit['body']>

/** Where redirects may lead: within the origin of the request, anywhere, or nowhere, so that they are answers themselves. */
export type Redirects = 'same-origin' | 'any' | 'none'

/** A request that is ready to be sent. */
export interface Outgoing {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Body | undefined
}

/** How a request is sent. */
export interface Way {
  readonly fetch: Fetch
  readonly redirects: Redirects
  /** Asks other origins; left out, `fetch`. */
  readonly abroad?: Fetch | undefined
  /** What would have redirects to other origins followed, in words. */
  readonly needs?: string | undefined
  readonly signal: AbortSignal
}

const MOST_REDIRECTS = 5

/** All that another origin gets of our headers. */
const HARMLESS = ['accept', 'accept-language', 'range']

/**
 * Sends a request and follows its redirects. Another origin gets none of its headers that could prove anything and
 * nothing of its body, and a connection in the open never follows an encrypted one.
 */
export async function follow(request: Outgoing, way: Way, errand: Errand): Promise<Response> {
  let current = request
  for (let hops = 0; ; hops++) {
    const ask = current.url.origin === request.url.origin ? way.fetch : (way.abroad ?? way.fetch)
    const response = await ask(current.url.href, initOf(current, way.signal))
    const target = way.redirects === 'none' ? undefined : targetOf(response, current.url, errand)
    if (target === undefined) return response
    void response.body?.cancel().catch(ignore)
    const { status } = response
    const next = redirected(current, target, status)
    const problem = hops === MOST_REDIRECTS ? `more than ${hops} times` : problemOf(current, next, way)
    if (problem !== undefined) throw misled(errand, problem, { status, target })
    current = next
  }
}

function initOf({ method, headers, body }: Outgoing, signal: AbortSignal): RequestInit {
  const init: RequestInit = { method, headers, redirect: 'manual', signal }
  if (body === undefined) return init
  // A stream must say so; the types of browsers do not know it yet.
  return body instanceof ReadableStream ? Object.assign(init, { body, duplex: 'half' }) : { ...init, body }
}

/** Where an answer leads; undefined: it is the answer itself. */
function targetOf(response: Response, from: URL, errand: Errand): URL | undefined {
  if (response.type === 'opaqueredirect') throw misled(errand, 'to where this runtime does not tell')
  const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
  if (location === null) return undefined
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (target === undefined || !/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') {
    throw misled(errand, 'to what is no address', { status: response.status })
  }
  target.hash = ''
  return target
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** As browsers do it: 303 asks with GET, and so do 301 and 302 after a POST. */
function redirected({ method, headers, body, url }: Outgoing, target: URL, status: number): Outgoing {
  const kept = target.origin === url.origin ? new Headers(headers) : harmless(headers)
  const becomesGet = (status === 303 && method !== 'HEAD') || (status <= 302 && method === 'POST')
  if (!becomesGet) return { method, url: target, headers: kept, body }
  for (const name of ['content-type', 'content-encoding', 'content-language', 'content-location']) kept.delete(name)
  return { method: 'GET', url: target, headers: kept, body: undefined }
}

function harmless(headers: Headers): Headers {
  return new Headers(HARMLESS.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])))
}

/** Why a redirect is not followed; undefined: it is. */
function problemOf(from: Outgoing, { url, method, body }: Outgoing, way: Way): string | undefined {
  if (body instanceof ReadableStream) return 'after its body was sent'
  if (url.origin === from.url.origin) return undefined
  if (way.redirects !== 'any') return `to another origin, ${way.needs ?? 'where it is not followed'}`
  if (from.url.protocol === 'https:' && url.protocol !== 'https:') return 'to another origin, unencrypted'
  const changesNothing = body === undefined && (method === 'GET' || method === 'HEAD')
  return changesNothing ? undefined : 'to another origin, where only what changes nothing is sent'
}

function ignore(): void {}
