import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deferred, type EchoEras, echoEras } from '../../../tests/kit/echo-eras.ts'
import { settled, useFakeClock } from '../../../tests/kit/fake-clock.ts'
import { postText, RawSocket, requestText, sendRaw } from '../../../tests/kit/raw-socket.ts'
import { type Answer, type EventStream, type Exchange, STREAMED } from '../../eras/exchange.ts'
import { type Listening, type ListenOptions, listen, nodeHandler } from './listen.ts'

const open: Listening[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const listening of open.splice(0)) await listening.close()
})

async function start(eras: EchoEras, options: ListenOptions = {}): Promise<Listening> {
  const listening = await listen(eras, { port: 0, ...options })
  open.push(listening)
  return listening
}

/** Eras whose next exchange is a stream in the hands of the test. */
function streaming(eras: EchoEras, answer: Promise<Answer> = Promise.resolve(STREAMED)) {
  const opened = deferred<{ exchange: Exchange; stream: EventStream }>()
  eras.answer = (exchange) => {
    const stream = exchange.open({ 'mcp-session-id': 's1' })
    opened.resolve({ exchange, stream })
    return answer
  }
  return opened.promise
}

describe('starting', () => {
  it('listens on this machine only, at an address that a client can take', async () => {
    const { url, host, port } = await start(echoEras(), { path: '/api' })
    expect([host, url]).toEqual(['127.0.0.1', `http://127.0.0.1:${port}/api`])
    expect(
      (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    ).toBe(200)
  })

  it('says what to do when the port is taken', async () => {
    const { port } = await start(echoEras())
    await expect(listen(echoEras(), { port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken. Choose another with --port`,
    )
    await expect(listen(echoEras(), { port: 0, host: '192.0.2.1', allowPublic: true })).rejects.toThrow(
      /no address 192\.0\.2\.1/,
    )
  })

  it.each(['0.0.0.0', '::', ''])('refuses to listen on "%s" with nothing to keep others out', async (host) => {
    await expect(listen(echoEras(), { port: 0, host })).rejects.toThrow(/Set authenticate, or allowedHosts/)
  })

  it('listens everywhere once something keeps others out, or is told to', async () => {
    for (const options of [
      { authenticate: () => undefined },
      { allowedHosts: ['tools.example.com'] },
      { allowPublic: true },
    ]) {
      const { url, port } = await start(echoEras(), { host: '0.0.0.0', ...options })
      expect(url).toBe(`http://127.0.0.1:${port}/mcp`)
    }
  })

  it('knows the addresses of the machine when it listens on all of them, and no other names', async () => {
    const { port } = await start(echoEras(), { host: '0.0.0.0', authenticate: () => ({ subject: 'x' }) })
    const ask = (host: string) => sendRaw(port, postText(port, '{}', [['Host', host]]))
    expect((await ask(`127.0.0.1:${port}`)).status).toBe(200)
    expect((await ask('evil.example')).status).toBe(403)
  })

  it('refuses settings that could not work', async () => {
    await expect(listen(echoEras(), { port: 0, allowedHosts: ['https://x'] })).rejects.toThrow(/allowedHosts/)
    await expect(listen(echoEras(), { port: 0, cors: ['*'] })).rejects.toThrow(/not an origin/)
  })

  it('serves behind a server of your own', async () => {
    const server = createServer(nodeHandler(echoEras())).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect((await sendRaw(port, postText(port, '{"a":1}'))).body).toContain('{\\"a\\":1}')
    expect((await sendRaw(port, postText(port, 'x'.repeat(5_000_000)))).status).toBe(413)
    server.close()
    server.closeAllConnections()
  })
})

describe('bodies', () => {
  it('joins a body that comes in pieces, with a length or in chunks', async () => {
    const { port } = await start(echoEras())
    const raw = await RawSocket.open(port)
    const [head, body] = postText(port, '"日本語"').split('\r\n\r\n') as [string, string]
    raw.write(`${head}\r\n\r\n`)
    for (const byte of Buffer.from(body)) {
      raw.write(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(JSON.parse((await raw.answer()).body).text).toBe('"日本語"')
    const chunked = [
      ['Content-Type', 'application/json'],
      ['Transfer-Encoding', 'chunked'],
    ] as const
    raw.write(requestText(port, 'POST /mcp', chunked))
    raw.write('3\r\n{"a\r\n')
    raw.write('4\r\n":1}\r\n0\r\n\r\n')
    expect(JSON.parse((await raw.answer()).body).text).toBe('{"a":1}')
    raw.write(requestText(port, 'POST /mcp', [['Content-Type', 'application/json']]))
    expect(JSON.parse((await raw.answer()).body).text).toBe('')
    raw.destroy()
  })

  it('answers many requests on one connection', async () => {
    const { port } = await start(echoEras())
    const raw = await RawSocket.open(port)
    for (let i = 0; i < 100; i++) {
      raw.write(postText(port, `${i}`))
      expect(JSON.parse((await raw.answer()).body).text).toBe(`${i}`)
    }
    raw.destroy()
  })

  it('gives up on a body that does not come, and closes', async () => {
    const { port } = await start(echoEras(), { limits: { bodyMs: 120 } })
    const raw = await RawSocket.open(port)
    raw.write(`${postText(port, '{"a":1}').slice(0, -3)}`)
    expect((await raw.answer()).status).toBe(408)
    await raw.closed
  })

  it('skips a short body that it refused, and serves the next request on the connection', async () => {
    const { port } = await start(echoEras())
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '{"a":1}', [['Content-Type', 'text/plain']]))
    expect((await raw.answer()).status).toBe(415)
    raw.write(postText(port, '{"b":2}'))
    expect((await raw.answer()).status).toBe(200)
    raw.destroy()
  })

  it('writes 100 only for a body that it will read', async () => {
    const { port } = await start(echoEras())
    const raw = await RawSocket.open(port)
    const [head, body] = postText(port, '{"a":1}', [['Expect', '100-continue']]).split('\r\n\r\n') as [string, string]
    raw.write(`${head}\r\n\r\n`)
    expect((await raw.answer()).status).toBe(100)
    raw.write(body)
    expect((await raw.answer()).status).toBe(200)
    raw.write(`${head.replace('application/json\r\n', 'text/plain\r\n')}\r\n\r\n`)
    expect((await raw.answer()).status).toBe(415)
    await raw.closed
  })
})

describe('event streams', () => {
  it('sends the head at once and frames as they come', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const { port } = await start(eras)
    const raw = await RawSocket.open(port)
    raw.write(requestText(port, 'GET /mcp'))
    await raw.until('\r\n\r\n')
    expect(raw.received.toLowerCase()).toContain('content-type: text/event-stream')
    expect(raw.received.toLowerCase()).toContain('cache-control: no-cache')
    expect(raw.received.toLowerCase()).toContain('mcp-session-id: s1')
    expect(raw.received.toLowerCase().match(/x-accel-buffering: no/g)).toHaveLength(1)
    const { stream } = await opened
    expect(stream.send('data: 1\n\n')).toBe(true)
    await raw.until('data: 1\n\n')
    stream.close()
    expect(stream.send('data: late\n\n')).toBe(false)
    await raw.until('0\r\n\r\n')
    raw.destroy()
  })

  it('tells the era once when the client hangs up', async () => {
    const eras = echoEras()
    const opened = streaming(eras, new Promise(() => undefined))
    const { port } = await start(eras, { drainMs: 0 })
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '{}'))
    const { exchange, stream } = await opened
    const gone = deferred()
    const told = vi.fn(gone.resolve)
    exchange.onGone(told)
    raw.destroy()
    await gone.promise
    expect(stream.send('data: 1\n\n')).toBe(false)
    stream.close()
    exchange.onGone(told)
    expect(told).toHaveBeenCalledTimes(2)
  })

  it('tells the era when the client hangs up before a plain answer', async () => {
    const eras = echoEras()
    const gone = deferred()
    const working = deferred()
    const answer = deferred<Answer>()
    eras.answer = (exchange) => {
      exchange.onGone(gone.resolve)
      working.resolve()
      return answer.promise
    }
    const { port } = await start(eras)
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '{}'))
    await working.promise
    raw.destroy()
    await gone.promise
    answer.resolve({ status: 200, body: '{}' })
    eras.answer = () => ({ status: 202 })
    expect((await sendRaw(port, postText(port, '{}'))).status).toBe(202)
  })

  it('gives a stream that is closed from the start to an era that opens one too late', async () => {
    const eras = echoEras()
    const answered = deferred<Exchange>()
    const left = deferred()
    eras.answer = async (exchange): Promise<Answer> => {
      exchange.onGone(left.resolve)
      answered.resolve(exchange)
      await left.promise
      expect(exchange.open().send('data: 1\n\n')).toBe(false)
      return STREAMED
    }
    const { port } = await start(eras, { report: (problem) => expect.unreachable(problem.message) })
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '{}'))
    await answered.promise
    raw.destroy()
    await left.promise
    eras.answer = () => ({ status: 202 })
    expect((await sendRaw(port, postText(port, '{}'))).status).toBe(202)
  })

  it('cuts off a reader that lets too much wait', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const { port } = await start(eras)
    const raw = await RawSocket.open(port)
    raw.socket.pause()
    raw.write(requestText(port, 'GET /mcp'))
    const { exchange, stream } = await opened
    const gone = vi.fn()
    exchange.onGone(gone)
    const frame = `data: ${'x'.repeat(64 * 1024)}\n\n`
    let sent = 0
    while (stream.send(frame)) {
      sent++
      await new Promise((resolve) => setImmediate(resolve))
    }
    // The kernel holds some megabytes, the queue one more.
    expect(sent * frame.length).toBeLessThan(64 * 1024 * 1024)
    expect(gone).toHaveBeenCalledTimes(1)
    raw.destroy()
  })

  it('lets one answer pass that is larger than the queue', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const { port } = await start(eras)
    const raw = await RawSocket.open(port)
    raw.write(requestText(port, 'GET /mcp'))
    const { stream } = await opened
    expect(stream.send(`data: ${'x'.repeat(3 * 1024 * 1024)}\n\n`)).toBe(true)
    stream.close()
    await raw.until('0\r\n\r\n')
    raw.destroy()
  })

  it('cuts off a reader that takes nothing for a while, and leaves a quiet stream alone', async () => {
    const eras = echoEras()
    const stalled = streaming(eras)
    const { port } = await start(eras, { limits: { stallMs: 100, streamQueue: 64 * 1024 * 1024 } })
    const raw = await RawSocket.open(port)
    raw.socket.pause()
    raw.write(requestText(port, 'GET /mcp'))
    const { exchange, stream } = await stalled
    const gone = deferred()
    exchange.onGone(gone.resolve)
    stream.send(`data: ${'x'.repeat(16 * 1024 * 1024)}\n\n`)
    const quiet = streaming(eras)
    const other = await RawSocket.open(port)
    other.write(requestText(port, 'GET /mcp'))
    const second = await quiet
    const told = vi.fn()
    second.exchange.onGone(told)
    await gone.promise
    expect(told).not.toHaveBeenCalled()
    expect(second.stream.send('data: still here\n\n')).toBe(true)
    await other.until('still here')
    second.stream.close()
    raw.destroy()
    other.destroy()
  })
})

describe('a stream that was quiet for long', () => {
  it('is still cut off when its reader stalls', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const { port } = await start(eras, { limits: { stallMs: 50, streamQueue: 64 * 1024 * 1024 } })
    const raw = await RawSocket.open(port)
    raw.write(requestText(port, 'GET /mcp'))
    const { exchange, stream } = await opened
    const gone = deferred()
    exchange.onGone(gone.resolve)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(stream.send('data: awake\n\n')).toBe(true)
    await raw.until('awake')
    raw.socket.pause()
    stream.send(`data: ${'x'.repeat(16 * 1024 * 1024)}\n\n`)
    await gone.promise
    raw.destroy()
  })
})

describe('pipelining', () => {
  it('keeps the order and the number at work, and pauses the client', async () => {
    const eras = echoEras()
    let working = 0
    let most = 0
    eras.answer = async ({ text }) => {
      working++
      most = Math.max(most, working)
      await new Promise((resolve) => setImmediate(resolve))
      working--
      return { status: 200, body: text }
    }
    const { port } = await start(eras)
    const raw = await RawSocket.open(port)
    const count = 2_000
    raw.write(Array.from({ length: count }, (_, i) => postText(port, `${i}`)).join(''))
    for (let i = 0; i < count; i++) expect((await raw.answer()).body).toBe(`${i}`)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(16)
    raw.destroy()
  })

  it('tells all that are at work when the client hangs up', async () => {
    const eras = echoEras()
    const all = deferred()
    let left = 0
    const working = deferred()
    eras.answer = (exchange) => {
      exchange.onGone(() => {
        left++
        if (left === 5) all.resolve()
      })
      if (eras.exchanges.length === 5) working.resolve()
      return new Promise(() => undefined)
    }
    const { port } = await start(eras, { drainMs: 0 })
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '{}').repeat(5))
    await working.promise
    raw.destroy()
    await all.promise
  })
})

describe('closing', () => {
  it('lets work in flight end, refuses new work, and closes the eras afterwards', async () => {
    const eras = echoEras()
    const answer = deferred<Answer>()
    const working = deferred()
    eras.answer = () => {
      working.resolve()
      return answer.promise
    }
    const listening = await listen(eras, { port: 0 })
    const busy = await RawSocket.open(listening.port)
    const kept = await RawSocket.open(listening.port)
    busy.write(postText(listening.port, '{}'))
    await working.promise
    // A request that has begun keeps its connection out of the idle ones.
    kept.write('POST /mcp HTTP/1.1\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))

    const closing = listening.close()
    expect(listening.close()).toBe(closing)
    kept.write(postText(listening.port, '{}').slice('POST /mcp HTTP/1.1\r\n'.length))
    const refused = await kept.answer()
    expect([refused.status, refused.header('connection')]).toEqual([503, 'close'])
    await expect(RawSocket.open(listening.port)).rejects.toThrow()
    expect(eras.isClosed).toBe(false)

    answer.resolve({ status: 200, body: '{}' })
    const last = await busy.answer()
    expect([last.status, last.header('connection')]).toEqual([200, 'close'])
    await closing
    await listening.closed
    expect(eras.isClosed).toBe(true)
  })

  it('waits no longer than it was given', async () => {
    const eras = echoEras()
    const working = deferred()
    const gone = deferred()
    eras.answer = (exchange) => {
      exchange.onGone(gone.resolve)
      working.resolve()
      return new Promise(() => undefined)
    }
    const listening = await listen(eras, { port: 0, drainMs: 50 })
    const raw = await RawSocket.open(listening.port)
    raw.write(postText(listening.port, '{}'))
    await working.promise
    useFakeClock()
    await settled(listening.close())
    await gone.promise
    await raw.closed
  })

  it('leaves no socket and no timer behind, whatever clients did', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => /^(TCP|Timeout)/.test(kind)).length
    const eras = echoEras()
    eras.answer = (exchange) => {
      exchange.onGone(() => undefined)
      const stream = exchange.open()
      stream.send('data: 1\n\n')
      return STREAMED
    }
    const listening = await listen(eras, { port: 0, drainMs: 100 })
    const clients = await Promise.all(Array.from({ length: 50 }, () => RawSocket.open(listening.port)))
    for (const [i, raw] of clients.entries()) {
      raw.write(postText(listening.port, '{}').slice(0, i % 2 === 0 ? undefined : -1))
      if (i % 3 === 0) raw.destroy()
    }
    await clients[2]?.until('data: 1')
    useFakeClock()
    await settled(listening.close())
    vi.useRealTimers()
    await Promise.all(clients.map((raw) => raw.closed))
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((kind) => /^(TCP|Timeout)/.test(kind)).length)
      .toBeLessThanOrEqual(before)
  })

  it('does not wait for connections on which nothing was ever asked', async () => {
    const listening = await listen(echoEras(), { port: 0 })
    const ahead = await RawSocket.open(listening.port)
    expect((await sendRaw(listening.port, postText(listening.port, '{}'))).status).toBe(200)
    useFakeClock()
    const from = performance.now()
    await settled(listening.close())
    expect(performance.now() - from).toBeLessThan(1_000)
    await ahead.closed
  })

  it('ends streams by the eras and closes connections that idle', async () => {
    const eras = echoEras()
    const opened = streaming(eras)
    const listening = await listen(eras, { port: 0 })
    const raw = await RawSocket.open(listening.port)
    raw.write(requestText(listening.port, 'GET /mcp'))
    const { stream } = await opened
    const idle = await RawSocket.open(listening.port)
    const close = eras.close
    eras.close = () => {
      close()
      stream.send('data: bye\n\n')
      stream.close()
    }
    await listening.close()
    await idle.closed
    await raw.closed
    expect(raw.received).toContain('data: bye')
  })
})
