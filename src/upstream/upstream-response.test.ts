import { once } from 'node:events'
import { createServer as createRawServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runUntil, useFakeClock } from '../../tests/kit/fake-clock.ts'
import { type AnswerRequest, closed, startApi } from '../../tests/kit/local-api.ts'
import { failureOf } from '../../tests/kit/upstream-failure.ts'
import { upstream } from './upstream.ts'

afterEach(() => void vi.useRealTimers())

const noRetry = { baseUrl: '', retry: false } as const

async function failWith(answer: AnswerRequest, options: { maxResponseBytes?: number; timeout?: number } = {}) {
  await using api = await startApi(answer)
  const problem = await failureOf(upstream({ ...noRetry, ...options, baseUrl: api.url }).get('/x'))
  return { problem, asked: api.asked }
}

describe('an upstream that answers with anything', () => {
  it('1 GB is not read: it ends at the limit, and so does its connection', async () => {
    let sent = 0
    const chunk = Buffer.alloc(1024 * 1024, 97)
    await using api = await startApi((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        while (sent < 1024 && !response.destroyed) {
          sent++
          if (!response.write(chunk)) return
        }
      }
      response.on('drain', more)
      more()
    })
    const before = process.memoryUsage().rss
    const problem = await failureOf(upstream({ ...noRetry, baseUrl: api.url }).get('/x'))
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'too_large' })
    expect(problem.message).toBe('The API answered GET /x with more than 8388608 bytes')
    await closed(api.asked[0])
    expect(sent).toBeLessThan(64)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })

  it('a length that is too much is not even begun', async () => {
    const { problem } = await failWith((_, response) => {
      response.writeHead(200, { 'content-length': 1024 ** 3 }).write('a')
    })
    expect(problem.reason).toBe('too_large')
  })

  it('what unpacks to more than the limit is counted unpacked', async () => {
    const { gzipSync } = await import('node:zlib')
    const packed = gzipSync(Buffer.alloc(2_000_000, 97))
    const { problem } = await failWith(
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      },
      { maxResponseBytes: 100_000 },
    )
    expect(problem.reason).toBe('too_large')
  })

  it('a refusal of any size is read in part only', async () => {
    const { problem } = await failWith((_, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' })
      const more = (): void => {
        while (response.write('word '.repeat(10_000)));
      }
      response.on('drain', more)
      more()
    })
    expect(problem).toMatchObject({ reason: 'status', status: 400 })
    expect(problem.excerpt).toMatch(/^word word/)
  })

  it.each([
    ['text/html', '<!doctype html><title>Sign in</title>', 'with a web page instead of JSON'],
    ['application/json', '{"a":', 'with what is no JSON'],
    ['application/json', '{"a":1} trailing', 'with what is no JSON'],
    ['application/json', 'NaN', 'with what is no JSON'],
    ['text/plain', 'Hello', 'with what is no JSON'],
    ['application/octet-stream', Buffer.from([0xff, 0xfe, 0x00]), 'with what is no JSON'],
  ])('%s %j is %s', async (type, body, words) => {
    const { problem } = await failWith((_, response) => {
      response.writeHead(200, { 'content-type': type }).end(body)
    })
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'not_json', status: 200, retryable: false })
    expect(problem.message).toBe(`The API answered GET /x ${words}`)
  })

  it('JSON is JSON under any name, also with a byte order mark', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('\ufeff{"a":1}')
    })
    expect(await upstream({ baseUrl: api.url }).get('/x')).toEqual({ a: 1 })
  })
})

describe('an upstream that does not answer', () => {
  it('a connection that is reset, before and in the middle of an answer', async () => {
    const before = await failWith(({ socket }) => {
      socket.resetAndDestroy()
    })
    const amid = await failWith(({ socket }, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"a":', () => socket.resetAndDestroy())
    })
    for (const { problem } of [before, amid]) {
      expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'unreachable', retryable: true })
      expect(problem.message).toBe('The API could not be reached, or broke off, at GET /x')
    }
  })

  it('nobody there', async () => {
    const api = await startApi(() => ({}))
    await api[Symbol.asyncDispose]()
    const problem = await failureOf(upstream({ ...noRetry, baseUrl: api.url }).get('/x'))
    expect(problem).toMatchObject({ reason: 'unreachable', cause: { code: 'ECONNREFUSED' } })
    // Where it would have been is nobody's business.
    expect(problem.message).not.toContain('127.0.0.1')
  })

  it('one that speaks no HTTP', async () => {
    const server = createRawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const problem = await failureOf(upstream({ ...noRetry, baseUrl: `http://127.0.0.1:${port}` }).get('/x'))
    expect(problem.reason).toBe('unreachable')
    server.close()
  })

  it('silence, and an answer that trickles, end when the time is over, and so do their connections', async () => {
    useFakeClock()
    for (const begin of [undefined, '{"a":']) {
      await using api = await startApi((_, response) => {
        if (begin !== undefined) response.writeHead(200).write(begin)
      })
      const failed = failureOf(upstream({ ...noRetry, baseUrl: api.url, timeout: 5_000 }).get('/x'))
      await runUntil(() => api.asked.length === 1, 1)
      await vi.advanceTimersByTimeAsync(5_000)
      const problem = await failed
      expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'timeout', retryable: true })
      expect(problem.message).toBe('The API did not answer GET /x within 5000 ms')
      await closed(api.asked[0])
    }
  })

  it('a fetch that never settles, and a body that does not listen, end too', async () => {
    const never = upstream({
      ...noRetry,
      baseUrl: 'https://x.example',
      timeout: 20,
      fetch: () => new Promise(() => {}),
    })
    expect(await failureOf(never.get('/x'))).toMatchObject({ reason: 'timeout' })
    const deaf = upstream({
      ...noRetry,
      baseUrl: 'https://x.example',
      timeout: 20,
      fetch: async () => new Response(new ReadableStream()),
    })
    expect(await failureOf(deaf.get('/x'))).toMatchObject({ reason: 'timeout' })
  })
})

describe('giving up', () => {
  it.each(['before the answer', 'amid the answer'])(
    'ends the request %s with the reason of the signal',
    async (when) => {
      const abort = new AbortController()
      const reason = new Error('The client left')
      await using api = await startApi((_, response) => {
        if (when === 'before the answer') return abort.abort(reason)
        response.writeHead(200).write('{"a":', () => setImmediate(() => abort.abort(reason)))
      })
      const client = upstream({ baseUrl: api.url })
      await expect(client.get('/x', { signal: abort.signal })).rejects.toBe(reason)
      await closed(api.asked[0])
      expect(api.asked).toHaveLength(1)
      await expect(client.get('/x', { signal: abort.signal })).rejects.toBe(reason)
      expect(api.asked).toHaveLength(1)
    },
  )

  it('leaves no listener behind', async () => {
    await using api = await startApi(() => ({ ok: true }))
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listeners++
        add(...args)
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listeners--
        remove(...args)
      },
    })
    const client = upstream({ baseUrl: api.url })
    for (let count = 0; count < 20; count++) await client.get('/x', { signal })
    expect(listeners).toBeLessThanOrEqual(0)
  })
})
