import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runUntil, useFakeClock } from '../../tests/kit/fake-clock.ts'
import { type LocalApi, sendJson, startApi } from '../../tests/kit/local-api.ts'
import { failureOf } from '../../tests/kit/upstream-failure.ts'
import { type Upstream, upstream } from './upstream.ts'

/** What was waited for between tries, in milliseconds: the timers that `retry` has set. */
let delays: number[] = []

beforeEach(() => {
  useFakeClock()
  delays = []
  const setTimer = globalThis.setTimeout
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((work, ms = 0, ...rest) => {
    const caller = new Error().stack?.split('\n').find((line) => /\/src\/[^.]+\.ts/.test(line))
    if (caller?.includes('/resilience/')) delays.push(ms)
    return setTimer(work, ms, ...rest)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

type Failing = 'reset' | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

/** An API that fails in these ways one after the other, and then answers. */
function failing(...ways: readonly Failing[]): Promise<LocalApi> {
  let count = 0
  return startApi(({ socket }, response) => {
    const way = ways[count++]
    if (way === undefined) return { ok: true }
    if (way === 'reset') return void socket.resetAndDestroy()
    for (const [name, value] of Object.entries(way.headers ?? {})) response.setHeader(name, value)
    sendJson(response, way.status, { message: 'Not now' })
  })
}

const plain = { jitter: false } as const

/** The outcome of a request, and the fake milliseconds until it came. */
async function timed<T>(work: Promise<T>): Promise<{ outcome: PromiseSettledResult<T>; ms: number }> {
  let isSettled = false
  const settled = Promise.allSettled([work]).finally(() => {
    isSettled = true
  })
  const ms = await runUntil(() => isSettled)
  const [outcome] = await settled
  return { outcome, ms }
}

describe('trying again', () => {
  it.each<readonly [string, readonly Failing[]]>([
    ['503', [{ status: 503 }, { status: 502 }]],
    ['connections that are reset', ['reset', 'reset']],
    ['429 without a time', [{ status: 429 }, { status: 429, headers: { 'retry-after': 'soon' } }]],
  ])('after %s waits 0.2 s, then twice that', async (_, ways) => {
    await using api = await failing(...ways)
    const { outcome } = await timed(upstream({ baseUrl: api.url, retry: plain }).get('/x'))
    expect(outcome).toMatchObject({ value: { ok: true } })
    expect(api.asked).toHaveLength(3)
    expect(delays).toEqual([200, 400])
  })

  it.each(['EAI_AGAIN', 'EMFILE', 'ENOMEM', 'ECONNREFUSED', 'UND_ERR_SOCKET'])(
    'OV-07: goes on when %s is over',
    async (code) => {
      let count = 0
      const fetch = async (): Promise<Response> => {
        if (count++ < 2) throw new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) })
        return Response.json({ ok: true })
      }
      const { outcome } = await timed(upstream({ baseUrl: 'https://x.example', fetch }).get('/x'))
      expect(outcome).toMatchObject({ value: { ok: true } })
      count = -9
      const other = await timed(upstream({ baseUrl: 'https://x.example', fetch }).get('/x'))
      expect(other.outcome).toMatchObject({ reason: { code: 'API_ERROR', reason: 'unreachable', cause: { code } } })
    },
  )

  it('OV-08: a clock that jumps changes no delay', async () => {
    await using api = await failing({ status: 503 }, { status: 429, headers: { 'retry-after': '2' } })
    const work = timed(upstream({ baseUrl: api.url, retry: plain }).get('/x'))
    setTimeout(() => vi.setSystemTime(Date.now() + 3_600_000), 50)
    setTimeout(() => vi.setSystemTime(Date.now() - 7_200_000), 1_000)
    const { outcome, ms } = await work
    expect(outcome.status).toBe('fulfilled')
    expect(delays).toEqual([200, 2_000])
    expect(ms).toBeGreaterThanOrEqual(2_200)
  })

  it('gives up after the second, with the last failure as it is', async () => {
    await using api = await failing(...Array.from({ length: 9 }, () => ({ status: 503 })))
    const { outcome } = await timed(upstream({ baseUrl: api.url }).get('/x'))
    expect(outcome).toMatchObject({ reason: { name: 'UpstreamError', status: 503, retryable: true } })
    expect(api.asked).toHaveLength(3)
  })

  it.each([
    ['GET', 3],
    ['PUT', 3],
    ['DELETE', 3],
    ['POST', 1],
    ['PATCH', 1],
  ] as const)('%s is tried %i times', async (method, times) => {
    await using api = await failing(...Array.from({ length: 9 }, () => 'reset' as const))
    const { outcome } = await timed(upstream({ baseUrl: api.url }).request(method, '/x'))
    expect(outcome).toMatchObject({ reason: { reason: 'unreachable' } })
    expect(api.asked).toHaveLength(times)
  })

  it('what does no harm twice may say so, and what does may say that', async () => {
    await using api = await failing({ status: 503 }, { status: 503 })
    const client = upstream({ baseUrl: api.url })
    expect((await timed(client.post('/x', { json: {}, idempotent: true }))).outcome.status).toBe('fulfilled')
    expect(api.asked.map(({ body }) => body)).toEqual(['{}', '{}', '{}'])
    await using other = await failing({ status: 503 })
    await failureOf(upstream({ baseUrl: other.url }).put('/x', { idempotent: false }))
    await using third = await failing({ status: 503 })
    await failureOf(upstream({ baseUrl: third.url }).get('/x', { retry: false }))
    expect([other.asked.length, third.asked.length]).toEqual([1, 1])
  })

  it.each([400, 401, 404, 500, 501])('%i is not tried again', async (status) => {
    await using api = await failing({ status })
    expect(await failureOf(upstream({ baseUrl: api.url }).get('/x'))).toMatchObject({ status, retryable: false })
    expect(api.asked).toHaveLength(1)
  })

  it('a stream is sent once', async () => {
    await using api = await failing({ status: 503 })
    const body = new Blob(['abc']).stream()
    await failureOf(upstream({ baseUrl: api.url }).put('/x', { body }))
    expect(api.asked.map((asked) => asked.body)).toEqual(['abc'])
  })

  it('each try has its own time', async () => {
    let count = 0
    await using api = await startApi(() => (count++ < 2 ? undefined : { ok: true }))
    const { outcome, ms } = await timed(upstream({ baseUrl: api.url, timeout: 5_000, retry: plain }).get('/x'))
    expect(outcome.status).toBe('fulfilled')
    expect(delays).toEqual([200, 400])
    expect(ms).toBeGreaterThanOrEqual(10_600)
  })

  it('ends with the signal while it waits', async () => {
    await using api = await failing({ status: 503, headers: { 'retry-after': '9' } })
    const abort = new AbortController()
    const work = upstream({ baseUrl: api.url }).get('/x', { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('left')), 3_000)
    const { outcome, ms } = await timed(work)
    expect(outcome).toMatchObject({ reason: { message: 'left' } })
    expect(ms).toBeLessThan(9_000)
    expect(api.asked).toHaveLength(1)
  })

  it('gives the answer itself of the last try, and of what may not be tried again', async () => {
    await using api = await failing({ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }, { status: 404 })
    const client: Upstream = upstream({ baseUrl: api.url })
    const { outcome } = await timed(client.send('GET', '/x'))
    expect(outcome).toMatchObject({ value: { status: 503 } })
    expect(api.asked).toHaveLength(3)
    const posted = await client.send('POST', '/x')
    expect([posted.status, await posted.text()]).toEqual([503, '{"message":"Not now"}'])
    const missed = await client.send('GET', '/x')
    expect([missed.status, await missed.text()]).toEqual([404, '{"message":"Not now"}'])
  })
})

describe('Retry-After', () => {
  const there = 'Wed, 01 Jan 2020 00:00:00 GMT'

  it.each([
    ['seconds', { 'retry-after': '3' }, 3_000],
    ['a date by the clock of the upstream', { 'retry-after': 'Wed, 01 Jan 2020 00:00:04 GMT', date: there }, 4_000],
    ['a date that is over', { 'retry-after': there, date: 'Wed, 01 Jan 2020 01:00:00 GMT' }, 0],
    ['nothing less than nothing', { 'retry-after': '-5' }, 0],
  ])('is waited for: %s', async (_, headers, expected) => {
    await using api = await failing({ status: 429, headers })
    const { outcome, ms } = await timed(upstream({ baseUrl: api.url }).get('/x'))
    expect(outcome.status).toBe('fulfilled')
    expect(delays).toEqual([expected])
    expect(ms).toBeGreaterThanOrEqual(expected)
  })

  it.each(['1e9', '1000000000', '99999999999999999999', 'Infinity', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'of %s is not waited for: it fails at once, and says at most a day',
    async (value) => {
      await using api = await failing({ status: 429, headers: { 'retry-after': value } })
      const { outcome } = await timed(upstream({ baseUrl: api.url }).get('/x'))
      expect(outcome).toMatchObject({ reason: { code: 'RATE_LIMITED', retryAfterMs: 86_400_000 } })
      expect(outcome).toMatchObject({ reason: { details: { retryAfterSeconds: 86_400 } } })
      expect(delays).toEqual([])
      expect(api.asked).toHaveLength(1)
    },
  )

  it('longer than maxDelay is told to the model, with when to come again', async () => {
    await using api = await failing({ status: 429, headers: { 'retry-after': '11' } })
    const problem = await failureOf(upstream({ baseUrl: api.url, name: 'CRM' }).get('/x'))
    expect(problem.message).toBe('CRM answered GET /x with 429 Too Many Requests; it may be asked again in 11 s')
  })
})

describe('a proof that was refused', () => {
  it('is renewed once, for any method, and never twice', async () => {
    const seen: (string | undefined)[] = []
    await using api = await startApi(({ headers }, response) => {
      seen.push(headers.authorization)
      if (headers.authorization === 'v2') return { ok: true }
      sendJson(response, 401, {})
    })
    let version = 1
    const auth = ({ headers }: { headers: Headers }) => {
      headers.set('authorization', `v${version}`)
      return { secrets: [], discard: () => version++ < 9 }
    }
    const client = upstream({ baseUrl: api.url, auth })
    expect(await client.post('/x', { json: { a: 1 } })).toEqual({ ok: true })
    expect(seen).toEqual(['v1', 'v2'])
    version = 5
    expect(await failureOf(client.get('/x'))).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    expect(seen).toEqual(['v1', 'v2', 'v5', 'v6'])
    expect(api.asked.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}', '', ''])
  })

  it('is not renewed where there is no other', async () => {
    await using api = await failing({ status: 401 }, { status: 401 })
    const auth = () => ({ secrets: [], discard: () => false })
    await failureOf(upstream({ baseUrl: api.url, auth }).get('/x'))
    await failureOf(upstream({ baseUrl: api.url, auth: () => ({ secrets: [] }) }).get('/x'))
    expect(api.asked).toHaveLength(2)
  })
})
