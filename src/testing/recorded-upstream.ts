import { FastMCPError } from '../index.ts'

/** A request that an upstream was sent. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  /** By their lower-case names; credentials too, so that a test can look at them. */
  readonly headers: Readonly<Record<string, string>>
  /** As text; empty without one. */
  readonly body: string
}

/** What an upstream answers: JSON with status 200, a `Response`, or with 204 nothing. */
export type RecordedValue = Response | object | string | number | boolean | null | undefined

/** An answer, or a function that gives it. */
export type RecordedAnswer = RecordedValue | ((request: RecordedRequest) => RecordedValue | Promise<RecordedValue>)

/** Stands for an upstream in tests. */
export interface RecordedUpstream {
  /** To be given to whatever calls the upstream, in place of `fetch`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Every request so far, in order. */
  readonly requests: readonly RecordedRequest[]
}

/**
 * Stands for an upstream: answers from a table, and keeps every request that it was sent. Nothing global is changed, so
 * that tests run side by side. A key is a method and a path, or a whole address; without a query it stands for any query.
 * What has no answer fails with words that name it.
 *
 * @example
 * const api = recordedUpstream({
 *   'GET /users/42': { id: 42, name: 'Ada' },
 *   'GET /users/7': new Response('gone', { status: 404 }),
 *   'POST /users': ({ body }) => Response.json({ id: 43, ...JSON.parse(body) }, { status: 201 }),
 * })
 * await using client = await createTestClient(createServer({ fetch: api.fetch }))
 * await client.callTool('get_user', { id: 42 })
 * expect(api.requests).toMatchObject([{ method: 'GET', url: 'https://api.example.com/users/42' }])
 */
export function recordedUpstream(answers: Readonly<Record<string, RecordedAnswer>>): RecordedUpstream {
  const requests: RecordedRequest[] = []
  return {
    requests,
    async fetch(input, init) {
      const request = new Request(input, init)
      const recorded = await record(request)
      requests.push(recorded)
      request.signal.throwIfAborted()
      const answer = answers[keyOf(recorded, answers)]
      return toResponse(typeof answer === 'function' ? await answer(recorded) : answer)
    },
  }
}

async function record(request: Request): Promise<RecordedRequest> {
  const { method, url, headers } = request
  return { method, url, headers: Object.fromEntries(headers), body: await request.text() }
}

/** The most exact key that names the request. */
function keyOf({ method, url }: RecordedRequest, answers: Readonly<Record<string, RecordedAnswer>>): string {
  const { origin, pathname, search } = new URL(url)
  const places = [`${origin}${pathname}${search}`, `${pathname}${search}`, `${origin}${pathname}`, pathname]
  const key = places.map((place) => `${method} ${place}`).find((name) => Object.hasOwn(answers, name))
  if (key !== undefined) return key
  const known = Object.keys(answers).join(', ') || 'none'
  throw new FastMCPError('NOT_RECORDED', `There is no answer to ${method} ${url}. Known: ${known}`)
}

function toResponse(answer: unknown): Response {
  // A body can be read once, and the same answer may be wanted again.
  if (answer instanceof Response) return answer.clone()
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer)
}
