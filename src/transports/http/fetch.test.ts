import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deferred, type EchoEras, echoEras } from '../../../tests/kit/echo-eras.ts'
import { type Answer, type EventStream, type Exchange, STREAMED } from '../../eras/exchange.ts'
import { serveFetch } from './fetch.ts'

const POST: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
const request = (init: RequestInit = {}): Request => new Request('http://localhost/mcp', { ...POST, ...init })

/** Eras whose one exchange is a stream in the hands of the test. */
function streaming(eras: EchoEras, answer: Promise<Answer> = Promise.resolve(STREAMED)) {
  const opened = deferred<{ exchange: Exchange; stream: EventStream }>()
  eras.answer = (exchange) => {
    const stream = exchange.open({ 'mcp-session-id': 's1', 'x-accel-buffering': 'no' })
    opened.resolve({ exchange, stream })
    return answer
  }
  return opened.promise
}

describe('event streams', () => {
  it('answers as soon as the stream is open, before the era is done', async () => {
    const eras = echoEras()
    const opened = streaming(eras, new Promise(() => undefined))
    const response = await serveFetch(eras)(request())
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'mcp-session-id': 's1',
    })
    const { stream } = await opened
    expect(stream.send('data: 1\n\n')).toBe(true)
    expect(stream.send('data: é\n\n')).toBe(true)
    stream.close()
    expect(stream.send('data: late\n\n')).toBe(false)
    expect(await response.text()).toBe('data: 1\n\ndata: é\n\n')
  })

  it('keeps what goes on behind a stream that was let go of, where a runtime would end it', async () => {
    const eras = echoEras()
    const done = deferred<Answer>()
    const opened = streaming(eras, done.promise)
    const kept: Promise<unknown>[] = []
    const execution = { waitUntil: (promise: Promise<unknown>) => void kept.push(promise) }
    const response = await serveFetch(eras)(request(), {}, execution)
    ;(await opened).stream.close()
    await response.text()
    expect(kept).toHaveLength(1)
    done.resolve(STREAMED)
    expect(await kept[0]).toBe(STREAMED)
  })

  it('tells the era once when the reader cancels', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const response = await serveFetch(eras)(request())
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    await response.body?.cancel()
    expect(gone).toHaveBeenCalledTimes(1)
    expect(stream.send('data: 1\n\n')).toBe(false)
    stream.close()
    const afterwards = vi.fn()
    exchange.onGone(afterwards)
    expect(afterwards).toHaveBeenCalledTimes(1)
  })

  it('tells the era when the request is aborted', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const abort = new AbortController()
    await serveFetch(eras)(request({ signal: abort.signal }))
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    abort.abort()
    expect(gone).toHaveBeenCalledTimes(1)
    expect(stream.send('data: 1\n\n')).toBe(false)
  })

  it('does not tell of an abort after the stream was closed', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const abort = new AbortController()
    const response = await serveFetch(eras)(request({ signal: abort.signal }))
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    stream.close()
    await response.text()
    abort.abort()
    expect(gone).not.toHaveBeenCalled()
  })

  it('tells the era of an abort while it works on a plain answer', async () => {
    const eras = echoEras()
    const gone = vi.fn()
    const answer = deferred<Answer>()
    const working = deferred()
    eras.answer = (exchange) => {
      exchange.onGone(gone)
      working.resolve()
      return answer.promise
    }
    const abort = new AbortController()
    const response = serveFetch(eras)(request({ signal: abort.signal }))
    await working.promise
    abort.abort()
    expect(gone).toHaveBeenCalledTimes(1)
    answer.resolve({ status: 200, body: '{}' })
    expect((await response).status).toBe(200)
  })

  it('survives a listener that throws, and still tells the next', async () => {
    const eras = echoEras()
    const reported: Error[] = []
    const opened = streaming(eras)
    const response = await serveFetch(eras, { report: (problem) => reported.push(problem) })(request())
    const { exchange } = await opened
    const gone = vi.fn()
    exchange.onGone(() => {
      throw new Error('listener')
    })
    exchange.onGone(gone)
    await response.body?.cancel()
    expect(gone).toHaveBeenCalledTimes(1)
    expect(reported).toHaveLength(1)
  })

  it('cuts off a reader that lets more than the queue wait, but not one large answer', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const response = await serveFetch(eras, { limits: { streamQueue: 1000 } })(request())
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    expect(stream.send('x'.repeat(5000))).toBe(true)
    expect(gone).not.toHaveBeenCalled()
    expect(stream.send('y')).toBe(false)
    expect(gone).toHaveBeenCalledTimes(1)
    await expect(response.text()).rejects.toThrow(/too slow/)
  })
})

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('cuts off a reader that takes nothing for 30 s, not one that reads on', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const response = await serveFetch(eras)(request())
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    const reader = response.body?.getReader()
    stream.send('data: 1\n\n')
    stream.send('data: 2\n\n')
    await vi.advanceTimersByTimeAsync(20_000)
    await reader?.read()
    await vi.advanceTimersByTimeAsync(29_000)
    expect(gone).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(31_000)
    expect(gone).toHaveBeenCalledTimes(1)
  })

  it('leaves a quiet stream open', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const response = await serveFetch(eras)(request())
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    const reader = response.body?.getReader()
    stream.send('data: 1\n\n')
    await reader?.read()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(gone).not.toHaveBeenCalled()
    stream.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits 30 s for a body', async () => {
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) })
    const asked = serveFetch(echoEras())(request({ body, duplex: 'half' } as RequestInit))
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await asked).status).toBe(408)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('bodies', () => {
  it('stops reading at the limit', async () => {
    let pulled = 0
    const body = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    const response = await serveFetch(echoEras())(request({ body, duplex: 'half' } as RequestInit))
    expect(response.status).toBe(413)
    expect(pulled).toBeLessThan(8)
  })

  it('joins characters cut in two and refuses what is no UTF-8', async () => {
    const bytes = new TextEncoder().encode('"日本"')
    const cut = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const serve = serveFetch(echoEras())
    const whole = await serve(request({ body: cut, duplex: 'half' } as RequestInit))
    expect((await whole.json()).text).toBe('"日本"')
    const bad = await serve(request({ body: Uint8Array.of(0x22, 0xff, 0x22) }))
    expect([bad.status, (await bad.json()).error.code]).toEqual([400, -32700])
  })

  it('refuses a body that breaks off', async () => {
    const reported = vi.fn()
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error('reset'))
      },
    })
    const response = await serveFetch(echoEras(), { report: reported })(
      request({ body, duplex: 'half' } as RequestInit),
    )
    expect(response.status).toBe(400)
    expect(reported).not.toHaveBeenCalled()
  })
})

it('takes the host from the URL where the runtime keeps the header to itself', async () => {
  const serve = serveFetch(echoEras())
  expect((await serve(new Request('http://localhost:3000/mcp', POST))).status).toBe(200)
  expect((await serve(new Request('https://tools.example.com/mcp', POST))).status).toBe(403)
  expect((await serve(new Request('http://localhost:3000/mcp?a=/health', POST))).status).toBe(200)
})
