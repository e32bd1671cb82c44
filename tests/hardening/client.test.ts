import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { event, good, json, pour, rawServer, startRawServer, stream } from './raw-server.ts'

const ERAS = ['stateless', 'stateful'] as const
const MIB = 1024 * 1024

/** Uses a server in a process of its own, see there for what is measured. */
async function measured<T>(
  what: 'memory' | 'delay',
  era: string,
  answer: Parameters<typeof startRawServer>[0],
): Promise<T & { readonly outcome: string }> {
  const { url, close } = await startRawServer(answer)
  const file = fileURLToPath(new URL('../fixtures/measured-client.mjs', import.meta.url))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file, what, url, era])
    return JSON.parse(stdout)
  } finally {
    close()
  }
}

/** Measures all cases of a suite at once, before its tests: floods are taken in at a pace, so most of it is waiting. */
function atOnce<Case, T>(cases: readonly Case[], measure: (one: Case) => Promise<T>): (one: Case) => Promise<T> {
  const taken = new Map<Case, Promise<T>>()
  beforeAll(async () => {
    for (const one of cases) taken.set(one, measure(one))
    await Promise.allSettled(taken.values())
  }, 60_000)
  return (one) => taken.get(one) ?? measure(one)
}

describe.each(ERAS)('CL-01: an answer without end, %s', (era) => {
  it('is cut off as JSON', async () => {
    const { open } = await rawServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      pour(response, ' '.repeat(65_536))
    })
    const client = await open({ era })
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('is cut off as one event, with no second try', async () => {
    let asked = 0
    const { open } = await rawServer(({ response }) => {
      asked++
      stream(response).write('id: 1\ndata: \n\ndata: ')
      pour(response, 'x'.repeat(65_536))
    })
    const client = await open({ era })
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(asked).toBe(1)
  })

  it('is not even begun when its length says so', async () => {
    let sent = 0
    const { open } = await rawServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 400 * MIB })
      response.write('"', () => sent++)
    })
    const client = await open({ era })
    await expect(client.callTool('any')).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(sent).toBeLessThanOrEqual(1)
  })
})

describe('CL-01: an answer without end', () => {
  const text = 'x'.repeat(65_536)
  const endless = ERAS.flatMap((era) => ['application/json', 'text/event-stream'].map((type) => ({ era, type })))
  const taken = atOnce(endless, ({ era, type }) =>
    measured<Record<'grownMiB' | 'leftMiB', number>>('memory', era, ({ id, params, response }) => {
      response.writeHead(200, { 'content-type': type })
      const [before, after] = type === 'application/json' ? ['', ''] : ['data: ', '\n\n']
      if (params.name === 'good') return void response.end(before + JSON.stringify(good(id, text)) + after)
      response.write(`${before}"`)
      pour(response, text)
    }),
  )

  it.each(endless)('$era, takes at most 32 MiB more memory: $type', async (one) => {
    const { outcome, grownMiB, leftMiB } = await taken(one)
    expect(outcome).toBe('TOO_LARGE')
    expect(grownMiB).toBeLessThanOrEqual(32)
    expect(leftMiB).toBeLessThanOrEqual(8)
  })
})

describe.each(ERAS)('CL-02: a compressed answer, %s', (era) => {
  it('is counted as it comes out', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB, ' '))
    expect(bomb.length).toBeLessThan(MIB / 10)
    const { open } = await rawServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
    })
    await expect((await open({ era })).callTool('any')).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('is refused when it is compressed over and over', async () => {
    const { open } = await rawServer(({ id, response }) => {
      let body: Buffer = Buffer.from(JSON.stringify(good(id)))
      for (let n = 0; n < 10; n++) body = gzipSync(body)
      const codings = Array.from({ length: 10 }, () => 'gzip').join(', ')
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': codings }).end(body)
    })
    await expect((await open({ era })).callTool('any')).rejects.toMatchObject({
      code: expect.stringMatching(/^(TOO_LARGE|CONNECT_FAILED)$/),
    })
  })

  it('once is welcome', async () => {
    const { open } = await rawServer(({ id, response }) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
      response.writeHead(200, headers).end(gzipSync(JSON.stringify(good(id))))
    })
    expect((await (await open({ era })).callTool('any')).text).toBe('good')
  })
})

describe('CL-03: a flood of events', () => {
  // A million takes five seconds, at the pace at which any flood is taken in: once is enough.
  const floods = [
    { era: 'stateless', what: 'comments', piece: ': \n\n', count: 1_000_000 },
    { era: 'stateful', what: 'comments', piece: ': \n\n', count: 100_000 },
    { era: 'stateless', what: 'lines that mean nothing', piece: 'x\n', count: 100_000 },
    { era: 'stateful', what: 'lines that mean nothing', piece: 'x\n', count: 100_000 },
    { era: 'stateless', what: 'lines with other ends', piece: ':\r', count: 500_000 },
    { era: 'stateful', what: 'lines with other ends', piece: ':\r', count: 500_000 },
    { era: 'stateless', what: 'tiny events', piece: 'data: {}\n\n', count: 100_000 },
    { era: 'stateful', what: 'tiny events', piece: 'data: {}\n\n', count: 100_000 },
  ]
  const taken = atOnce(floods, ({ era, piece, count }) => {
    const flood = piece.repeat(count)
    return measured<{ readonly busiestMs: number }>('delay', era, ({ id, params, response }) => {
      if (params.name === 'good') return json(response, good(id))
      stream(response).write(flood)
      response.end(event(good(id)))
    })
  })

  it.each(floods)('$era, of $what neither breaks the call nor stops the process for 50 ms', async (one) => {
    const { outcome, busiestMs } = await taken(one)
    expect(outcome).toBe('good')
    expect(busiestMs).toBeLessThan(50)
  })
})

describe('CL-03: the time after which a server wants a stream taken up', () => {
  it.each([
    ['retry: 0', 100, 8_000],
    ['retry: 1000000000000000', 30_000, 65_000],
    ['retry: -1', 100, 8_000],
    ['retry: soon', 200, 8_000],
  ])('is kept within limits: %s', async (retry, least, most) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const at: number[] = []
    const { open } = await rawServer(
      ({ response }) => {
        stream(response).end(`id: 1\n${retry}\ndata: \n\n`)
      },
      (request, response) => {
        if (request.headers['last-event-id'] === undefined) return response.writeHead(405).end()
        at.push(performance.now())
        stream(response).end()
      },
    )
    const client = await open({ era: 'stateful', timeout: 10 * 60_000 })
    const from = performance.now()
    const call = client.callTool('any').catch(() => undefined)
    while (at.length < 3 && performance.now() - from < 200_000) {
      await vi.advanceTimersByTimeAsync(50)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const gaps = at.map((time, index) => time - (at[index - 1] ?? from))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...gaps)).toBeLessThan(most)
    await client.close()
    await call
  })
})

describe.each(ERAS)('CL-04: a list without end, %s', (era) => {
  const tool = (n: number): object => ({ name: `t${n}`, inputSchema: { type: 'object' } })
  const page = (id: number, tools: readonly object[], nextCursor?: string): object => ({
    jsonrpc: '2.0',
    id,
    result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools, ...(nextCursor && { nextCursor }) },
  })

  it('stops after 64 pages', async () => {
    let pages = 0
    const { open } = await rawServer(({ id, response }) => json(response, page(id, [tool(pages)], `${pages++}`)))
    await expect((await open({ era })).tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(pages).toBe(64)
  })

  it('stops at the page that goes over 10,000 items', async () => {
    let pages = 0
    const full = Array.from({ length: 1_000 }, (_, n) => tool(n))
    const { open } = await rawServer(({ id, response }) => json(response, page(id, full, `${pages++}`)))
    await expect((await open({ era })).tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(pages).toBe(11)
  })

  it('is refused in one page', async () => {
    const { open } = await rawServer(({ id, response }) =>
      json(
        response,
        page(
          id,
          Array.from({ length: 100_000 }, () => tool(0)),
        ),
      ),
    )
    await expect((await open({ era })).tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it('of 64 MB is refused by its size', async () => {
    const { open } = await rawServer(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(' '.repeat(64 * MIB))
    })
    await expect((await open({ era })).tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

describe.each(ERAS)('CL-05: an answer that is none, %s', (era) => {
  const within = async (work: Promise<unknown>): Promise<number> => {
    const from = performance.now()
    await work.catch(() => undefined)
    return performance.now() - from
  }

  it.each([
    ['broken off in the middle of an event', 'CONNECTION_CLOSED', 'data: {"jsonrpc"'],
    ['broken off between events', 'CONNECTION_CLOSED', ': nothing\n\n'],
  ])('%s fails at once', async (_, code, text) => {
    const { open } = await rawServer(({ response }) => {
      stream(response).write(text, () => response.destroy())
    })
    const client = await open({ era })
    const call = client.callTool('any')
    await expect(call).rejects.toMatchObject({ code })
    expect(await within(client.callTool('any'))).toBeLessThan(1_000)
  })

  it('that goes on elsewhere fails when it cannot be taken up there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let tries = 0
    const { open } = await rawServer(
      ({ response }) => void stream(response).end('id: 1\ndata: \n\n'),
      (request, response) => {
        if (request.headers['last-event-id'] !== undefined) tries++
        response.writeHead(404).end()
      },
    )
    const client = await open({ era })
    let failure: unknown
    client.callTool('any').catch((problem) => {
      failure = problem
    })
    while (failure === undefined) {
      await vi.advanceTimersByTimeAsync(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(failure).toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(tries).toBe(5)
  })

  it.each([
    [200, { 'content-type': 'text/html' }, '<html>', { code: 'INVALID_ANSWER' }],
    [200, { 'content-type': 'application/json' }, '<html>', { code: 'INVALID_ANSWER' }],
    [200, { 'content-type': 'application/json' }, '{"a":1}', { code: 'INVALID_ANSWER' }],
    [500, {}, '<html>', { code: 'HTTP_ERROR', status: 500 }],
    [502, {}, '', { code: 'HTTP_ERROR', status: 502 }],
    [401, {}, '', { code: 'UNAUTHORIZED', status: 401 }],
    [429, { 'retry-after': '1000000000' }, '', { code: 'RATE_LIMITED', status: 429, retryAfter: 60_000 }],
    [429, { 'retry-after': '1e9' }, '', { code: 'RATE_LIMITED', status: 429, retryAfter: undefined }],
    [429, { 'retry-after': '2' }, '', { code: 'RATE_LIMITED', retryAfter: 2_000 }],
    [429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, '', { code: 'RATE_LIMITED', retryAfter: 0 }],
  ])('of status %i, %j, fails with a typed error and no second try', async (status, headers, body, error) => {
    let asked = 0
    const { open } = await rawServer(({ response }) => {
      asked++
      response.writeHead(status, headers as Record<string, string>).end(body)
    })
    const client = await open({ era })
    const from = performance.now()
    await expect(client.callTool('any')).rejects.toMatchObject(error)
    expect(performance.now() - from).toBeLessThan(1_000)
    expect(asked).toBe(1)
  })
})

describe.each(ERAS)('CL-06: messages that belong to nothing, %s', (era) => {
  it('are counted and ignored', async () => {
    const { open } = await rawServer(({ id, params, response }) => {
      const token = params._meta?.progressToken
      const progress = (progressToken: unknown, done: number) =>
        event({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: done } })
      stream(response).write(event(good(id + 1_000, 'foreign')) + event(good(String(id), 'of another type')))
      response.write(progress('foreign', 1) + progress(token, 2) + progress(token, 1))
      response.write(event(good(id)) + event(good(id, 'second')) + progress(token, 3))
      response.end()
    })
    const client = await open({ era })
    const seen: number[] = []
    const { text } = await client.callTool('any', {}, { onProgress: ({ progress }) => seen.push(progress) })
    expect([text, seen]).toEqual(['good', [2]])
    await vi.waitFor(() => expect(client.ignored).toBe(6))
    expect((await client.callTool('any')).text).toBe('good')
  })
})

describe('CL-06: a change for the subscription of somebody else', () => {
  it('is ignored', async () => {
    const { open } = await rawServer(({ id, method, response }) => {
      if (method !== 'subscriptions/listen') return json(response, good(id))
      const tell = (subscriptionId: unknown, name: string, notifications = {}) =>
        event({
          jsonrpc: '2.0',
          method: `notifications/${name}`,
          params: { _meta: { 'io.modelcontextprotocol/subscriptionId': subscriptionId }, ...notifications },
        })
      stream(response).write(
        tell(id, 'subscriptions/acknowledged', { notifications: { toolsListChanged: true, promptsListChanged: true } }),
      )
      response.write(tell('foreign', 'tools/list_changed') + tell(99, 'tools/list_changed'))
      response.write(tell(id, 'prompts/list_changed'))
    })
    const client = await open({ era: 'stateless' })
    const heard: unknown[] = []
    const subscription = await client.listen({ tools: true, prompts: true }, ({ kind }) => heard.push(kind))
    await vi.waitFor(() => expect(heard).toContain('prompts'))
    expect([heard, client.ignored]).toEqual([['prompts'], 2])
    await subscription.close()
  })
})

describe.each(ERAS)('CL-07: a server that hangs, %s', (era) => {
  it.each([
    ['before the headers', () => undefined],
    [
      'after the headers of an answer',
      (response: Parameters<typeof stream>[0]) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
    ],
    ['after the headers of a stream', (response: Parameters<typeof stream>[0]) => stream(response).flushHeaders()],
  ])('%s is given up after a minute, and let go', async (_, hang) => {
    let closed: Promise<void> | undefined
    const { open } = await rawServer(({ response }) => {
      closed = new Promise((resolve) => response.once('close', resolve))
      hang(response)
    })
    const client = await open({ era })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let failure: unknown
    client.callTool('any').catch((problem) => {
      failure = problem
    })
    while (closed === undefined) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(59_000)
    expect(failure).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_100)
    await vi.waitFor(() => expect(failure).toMatchObject({ code: 'TIMEOUT' }))
    await closed
  })

  it('but tells progress for ever is given up after half an hour', async () => {
    let tell: (() => void) | undefined
    let done = 0
    const { open } = await rawServer(({ params, response }) => {
      stream(response).flushHeaders()
      tell = () => {
        const { progressToken } = params._meta ?? {}
        response.write(
          event({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: ++done } }),
        )
      }
    })
    const client = await open({ era })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let failure: unknown
    const seen = vi.fn()
    const from = performance.now()
    client.callTool('any', {}, { onProgress: seen }).catch((problem) => {
      failure = problem
    })
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    while (tell === undefined) await turn()
    while (failure === undefined) {
      tell()
      while (seen.mock.calls.length < done && failure === undefined) await turn()
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(failure).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('1800000 ms') })
    expect(performance.now() - from).toBeLessThan(31 * 60_000)
  })
})
