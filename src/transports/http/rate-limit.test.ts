import { afterEach, describe, expect, it, vi } from 'vitest'
import { type EchoEras, echoEras } from '../../../tests/kit/echo-eras.ts'
import { rateLimiter } from '../../resilience/rate-limiter.ts'
import { serveFetch } from './fetch.ts'
import type { HttpOptions, HttpRequest } from './options.ts'
import type { CreateTakeTurn, HttpRateLimit } from './rate-limit.ts'
import { refuse } from './refusal.ts'

afterEach(() => vi.useRealTimers())

const inProcess: CreateTakeTurn = (limit) => {
  const limiter = rateLimiter(limit)
  return (key) => limiter.take(key)
}
const storedElsewhere: CreateTakeTurn = (limit) => {
  const take = inProcess(limit)
  return async (key) => take(key)
}

interface Ask {
  readonly as?: string
  readonly from?: string
  readonly path?: string
}

/** A server whose callers give their name, and where they are, in headers. */
function serve(limit: Partial<HttpRateLimit> = {}, options: HttpOptions = {}, createTakeTurn = inProcess) {
  const eras: EchoEras = echoEras()
  const rateLimit = {
    limit: 2,
    per: 10_000,
    address: (request: HttpRequest) => request.header('x-from') ?? '198.51.100.7',
    ...limit,
  }
  const answer = serveFetch(eras, { ...options, rateLimit }, { createTakeTurn })
  const ask = ({ as, from, path = '/mcp' }: Ask = {}): Promise<Response> => {
    const headers = new Headers({ 'content-type': 'application/json' })
    if (as !== undefined) headers.set('authorization', as)
    if (from !== undefined) headers.set('x-from', from)
    return answer(new Request(`http://localhost${path}`, { method: path === '/mcp' ? 'POST' : 'GET', headers }))
  }
  const statuses = async (...asks: readonly Ask[]): Promise<number[]> => {
    const found: number[] = []
    for (const one of asks) found.push((await ask(one)).status)
    return found
  }
  return { eras, ask, statuses }
}

const authenticate: HttpOptions['authenticate'] = (request) => {
  const subject = request.header('authorization')
  return subject === undefined || subject === 'wrong' ? undefined : { subject: subject.split('-')[0] ?? '' }
}

describe.each([
  ['counted in this process', inProcess],
  ['counted elsewhere', storedElsewhere],
])('a limit of requests, %s', (_name, createTakeTurn) => {
  it('tells who sent too much when to come again, and reads nothing of it', async () => {
    vi.useFakeTimers()
    const { eras, ask, statuses } = serve({}, {}, createTakeTurn)
    expect(await statuses({}, {})).toEqual([200, 200])
    vi.advanceTimersByTime(2_500)
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '8'])
    expect(await refused.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: 1429, message: 'Too many requests: wait 8 s before the next one', data: { retryAfterMs: 7_500 } },
    })
    expect(eras.exchanges.length).toBe(2)
    vi.advanceTimersByTime(7_500)
    expect(await statuses({})).toEqual([200])
  })

  it('counts every caller alone: by principal whatever the token, by place without a name', async () => {
    const { statuses } = serve({}, { authenticate }, createTakeTurn)
    expect(await statuses({ as: 'ann-1' }, { as: 'ann-2', from: '203.0.113.9' }, { as: 'ann-3' })).toEqual([
      200, 200, 429,
    ])
    expect(await statuses({ as: 'bob-1' }, { as: 'bob-1' }, { as: 'ann-4' })).toEqual([200, 200, 429])
  })

  it('counts attempts to come in without a good name by place', async () => {
    const { statuses } = serve({}, { authenticate }, createTakeTurn)
    expect(await statuses({}, { as: 'wrong' }, { as: 'wrong' }, {})).toEqual([401, 401, 429, 429])
    expect(await statuses({ from: '203.0.113.9' })).toEqual([401])
    expect(await statuses({ as: 'ann-1' })).toEqual([200])
  })
})

describe('a limit of requests', () => {
  it('does not count what orchestrators ask', async () => {
    const { statuses } = serve()
    const probes = [{ path: '/health' }, { path: '/ready' }]
    expect(await statuses(...probes, ...probes, ...probes, {}, {}, {})).toEqual([
      ...[200, 200, 200, 200, 200, 200],
      ...[200, 200, 429],
    ])
  })

  it('is one for all who are nowhere', async () => {
    const { statuses } = serve({ address: () => undefined })
    expect(await statuses({}, { from: '203.0.113.9' }, {})).toEqual([200, 200, 429])
  })

  it('keeps the words of authenticate until there is too much of it', async () => {
    const { statuses } = serve({}, { authenticate: () => refuse(403) })
    expect(await statuses({}, {}, {})).toEqual([403, 403, 429])
  })

  it('needs numbers that can be, and proxies that are addresses', () => {
    for (const limit of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1.5])
      expect(() => serve({ limit })).toThrow(/limit/)
    for (const per of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => serve({ per })).toThrow(/per/)
    expect(() => serve({ trustProxy: ['everybody'] })).toThrow(/trustProxy/)
  })
})
