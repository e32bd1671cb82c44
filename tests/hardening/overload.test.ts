import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FastMCP, type HealthStatus, McpError } from '../../src/index.ts'
import { deferred } from '../kit/echo-eras.ts'
import { HttpSession, read } from '../kit/event-reader.ts'
import { postText, RawSocket, requestText, sendRaw } from '../kit/raw-socket.ts'
import { META } from '../kit/stateless.ts'
import { failureOf, plain, post, postModern } from './hostile.ts'

const call = (name: string): string => plain('tools/call', { name })
const healthOf = async (port: number): Promise<HealthStatus> => {
  const answer = await post(port, plain('resources/read', { uri: 'health://status' }))
  return JSON.parse(JSON.parse(answer.body).result.contents[0].text)
}

describe('a server of few means', () => {
  let child: ChildProcess
  let port: number

  beforeAll(async () => {
    const fixture = fileURLToPath(new URL('../fixtures/overload.mjs', import.meta.url))
    const program = `ulimit -n 300 && exec "${process.execPath}" "${fixture}"`
    // Nobody reads its standard error.
    child = spawn('/bin/sh', ['-c', program], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const [{ url }] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    port = Number(new URL(url).port)
  })
  afterAll(async () => {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
  })

  it('OV-04: lives through tools that block, hang, throw anything and leave rejections, names and counts them', async () => {
    const answers = await Promise.all(['block', 'hang', 'throw', 'float'].map((name) => post(port, call(name))))
    const [blocked, hung, thrown, floated] = answers.map(({ body }) => JSON.parse(body).result)
    expect(blocked.content[0].text).toBe('done')
    expect([hung.isError, hung.content[0].text]).toEqual([true, 'tool "hang" did not finish within 50 ms'])
    expect([thrown.isError, thrown.content[0].text]).toEqual([
      true,
      expect.stringMatching(/^Internal error \(\w{8}\)$/),
    ])
    expect(floated.content[0].text).toBe('left')
    expect(await healthOf(port)).toMatchObject({
      problems: { unhandledRejections: 1 },
      diagnosis: {
        blocked: [{ component: 'tool "block"', times: 1 }],
        outlived: [{ component: 'tool "hang"', times: 1 }],
      },
    })
  })

  it('OV-06: drops what nobody reads, counts it, and serves on', async () => {
    const raw = await RawSocket.open(port)
    const failing = postText(port, call('fail'))
    for (let i = 0; i < 40; i++) {
      raw.write(failing.repeat(25))
      for (let k = 0; k < 25; k++) expect((await raw.answer()).status).toBe(200)
    }
    raw.destroy()
    const { problems, memory } = await healthOf(port)
    expect(problems.dropped).toBeGreaterThan(100)
    expect(memory.rss).toBeLessThan(300 * 1024 * 1024)
  })

  it('OV-07: lives through more connections than it has descriptors for, and serves once there are fewer', async () => {
    const sockets = await Promise.allSettled(Array.from({ length: 600 }, () => RawSocket.open(port)))
    for (const socket of sockets) if (socket.status === 'fulfilled') socket.value.destroy()
    await vi.waitFor(async () => expect((await post(port, call('hello'))).status).toBe(200), { timeout: 5_000 })
    expect(child.exitCode).toBe(null)
  })
})

/** A server in this process that knows callers by their token, `name-…`. */
async function serve(options: Partial<ConstructorParameters<typeof FastMCP>[0]> = {}): Promise<number> {
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0', onError: () => undefined, ...options })
  mcp.tool('hello', { description: 'Greets' }, () => 'Hello')
  const listening = await mcp.listen({ port: 0, drainMs: 100 })
  onTestFinished(() => listening.close())
  return listening.port
}

type Header = readonly [string, string]
const bearer = (token: string): Header => ['Authorization', `Bearer ${token}`]
const known: NonNullable<ConstructorParameters<typeof FastMCP>[0]['authenticate']> = (request) => {
  const subject = /^Bearer (\w+)-/.exec(request.header('authorization') ?? '')?.[1]
  return subject === undefined ? undefined : { subject }
}

describe('RL-01: one client floods', () => {
  it('only it is refused, with 429, 1429 and when to come again', async () => {
    const port = await serve({ authenticate: known, http: { rateLimit: { limit: 20, per: 60_000 } } })
    const statuses = { ann: [] as number[], bob: [] as number[] }
    for (let i = 0; i < 60; i++) {
      statuses.ann.push((await post(port, call('hello'), [bearer('ann-1')])).status)
      if (i % 4 === 0) statuses.bob.push((await post(port, call('hello'), [bearer('bob-1')])).status)
    }
    expect(statuses.ann).toEqual([...new Array(20).fill(200), ...new Array(40).fill(429)])
    expect(new Set(statuses.bob)).toEqual(new Set([200]))
    const refused = await post(port, call('hello'), [bearer('ann-1')])
    expect(failureOf(refused)).toEqual({ status: 429, code: 1429, id: undefined })
    expect(Number(refused.header('retry-after'))).toBeGreaterThan(50)
    expect(JSON.parse(refused.body).error.data.retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  it('is refused before its body is read, and over GET and DELETE too', async () => {
    const port = await serve({ http: { rateLimit: { limit: 1, per: 60_000 } } })
    expect((await post(port, call('hello'))).status).toBe(200)
    const raw = await RawSocket.open(port)
    raw.write(postText(port, '', [['Content-Length', '4000000']]))
    expect((await raw.answer()).status).toBe(429)
    raw.destroy()
    for (const verb of ['GET', 'DELETE'])
      expect((await sendRaw(port, requestText(port, `${verb} /mcp`))).status).toBe(429)
    for (const path of ['/health', '/ready'])
      expect((await sendRaw(port, requestText(port, `GET ${path}`))).status).toBe(200)
  })
})

describe('RL-02: one client pretends to be many', () => {
  const limited = (trustProxy?: readonly string[]) =>
    serve({ authenticate: known, http: { rateLimit: { limit: 3, per: 60_000, trustProxy } } })
  const statusesOf = async (port: number, headers: readonly (readonly Header[])[]): Promise<number[]> => {
    const found: number[] = []
    for (const one of headers) found.push((await post(port, call('hello'), one)).status)
    return found
  }
  const from = (address: string): Header => ['X-Forwarded-For', address]

  it('by new tokens', async () => {
    const port = await limited()
    const tokens = ['ann-1', 'ann-2', 'ann-3', 'ann-4', 'ann-5'].map((token) => [bearer(token)])
    expect(await statusesOf(port, tokens)).toEqual([200, 200, 200, 429, 429])
  })

  it('by tokens that are none', async () => {
    const port = await limited()
    const guesses = ['x1', 'x2', 'x3', 'x4', 'x5'].map((token) => [bearer(token)])
    expect(await statusesOf(port, guesses)).toEqual([401, 401, 401, 429, 429])
    expect(await statusesOf(port, [[bearer('ann-1')]])).toEqual([200])
  })

  it('by X-Forwarded-For of its own', async () => {
    const port = await limited()
    const spoofed = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((address) => [from(address)])
    expect(await statusesOf(port, spoofed)).toEqual([401, 401, 401, 429])
  })

  it('by X-Forwarded-For through a proxy that is trusted, which adds the truth', async () => {
    const port = await limited(['127.0.0.0/8'])
    const spoofed = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((address) => [from(`${address}, 198.51.100.7`)])
    expect(await statusesOf(port, spoofed)).toEqual([401, 401, 401, 429])
    expect(await statusesOf(port, [[from('198.51.100.8')]])).toEqual([401])
  })

  it('by going through the addresses of its network', async () => {
    const port = await limited(['127.0.0.1'])
    const hops = ['2001:db8:1::1', '2001:db8:1::2', '2001:db8:1:0:a:b:c:d', '2001:db8:1::9'].map((ip) => [from(ip)])
    expect(await statusesOf(port, hops)).toEqual([401, 401, 401, 429])
    expect(await statusesOf(port, [[from('2001:db8:2::1')]])).toEqual([401])
  })
})

describe('OV-02: too much to do', () => {
  it('turns /ready, keeps what is in flight, and passes', async () => {
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0', diagnose: false })
    mcp.tool('block', { description: 'Blocks' }, () => {
      const end = performance.now() + 500
      while (performance.now() < end);
      return 'done'
    })
    const { port, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    const ready = () => sendRaw(port, requestText(port, 'GET /ready'))
    expect((await ready()).status).toBe(200)
    const [blocked, meanwhile] = await Promise.all([post(port, call('block')), ready()])
    const after = await ready()
    expect(JSON.parse(blocked.body).result.content[0].text).toBe('done')
    // The one that came while the loop was blocked may have been read before it.
    expect([meanwhile.status, after.status]).toContain(503)
    expect((await sendRaw(port, requestText(port, 'GET /health'))).status).toBe(200)
    await vi.waitFor(async () => expect((await ready()).status).toBe(200), { timeout: 5_000 })
  })

  it('is /ready no longer once the server stops, for connections that are still there', async () => {
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
    const [started, finished] = [deferred(), deferred()]
    mcp.tool('wait', { description: 'Waits' }, () => {
      started.resolve()
      return finished.promise
    })
    const { port, close } = await mcp.listen({ port: 0 })
    const [busy, kept] = [await RawSocket.open(port), await RawSocket.open(port)]
    kept.write('GET /ready HTTP/1.1\r\n')
    busy.write(postText(port, call('wait')))
    await started.promise
    const closing = close()
    kept.write(`Host: 127.0.0.1:${port}\r\n\r\n`)
    expect((await kept.answer()).status).toBe(503)
    finished.resolve()
    await closing
  })
})

describe('OV-05: one principal opens all listens', () => {
  const most = 32
  const listening = (id: number) => ({
    jsonrpc: '2.0',
    id,
    method: 'subscriptions/listen',
    params: { _meta: META, notifications: { toolsListChanged: true } },
  })
  const headers = (token: string) => ({
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'subscriptions/listen',
  })

  it('the 33rd is refused with 1429, and others are not, in the stateless era', async () => {
    const port = await serve({ authenticate: known })
    const url = `http://127.0.0.1:${port}/mcp`
    const open = await Promise.all(Array.from({ length: most }, (_, i) => read(url, headers(`ann-${i}`), listening(i))))
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]))
    const refused = await read(url, headers('ann-x'), listening(99))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(JSON.parse(await refused.text())).toMatchObject({ id: 99, error: { code: 1429 } })
    const other = await read(url, headers('bob-1'), listening(1))
    expect(other.status).toBe(200)
    open.pop()?.leave()
    await vi.waitFor(async () => {
      const again = await read(url, headers('ann-y'), listening(100))
      onTestFinished(() => again.leave())
      expect(again.status).toBe(200)
    })
    for (const one of [...open, other]) one.leave()
  })

  it('the 33rd is refused with 1429, and others are not, in the stateful era', async () => {
    const port = await serve({ authenticate: known })
    const url = `http://127.0.0.1:${port}/mcp`
    const listen = async (token: string) => {
      const session = await HttpSession.open(url, { headers: { authorization: `Bearer ${token}` } })
      return read(url, session.headers)
    }
    const open = await Promise.all(Array.from({ length: most }, (_, i) => listen(`ann-${i}`)))
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]))
    const refused = await listen('ann-x')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(JSON.parse(await refused.text())).toMatchObject({ error: { code: 1429 } })
    const other = await listen('bob-1')
    expect(other.status).toBe(200)
    for (const one of [...open, other]) one.leave()
  })
})

describe('OV-06: a sink for problems', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
    ['never ends', () => new Promise<void>(() => undefined)],
  ])('that %s spoils no answer', async (_how, onError) => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => quiet.mockRestore())
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0', onError })
    mcp.tool('fail', { description: 'Fails' }, () => {
      throw new Error('own')
    })
    const { port, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    const raw = await RawSocket.open(port)
    for (let i = 0; i < 50; i++) raw.write(postText(port, call('fail')))
    for (let i = 0; i < 50; i++) {
      const { result } = JSON.parse((await raw.answer()).body)
      expect([result.isError, result.content[0].text]).toEqual([true, expect.stringMatching(/^Internal error/)])
    }
    raw.destroy()
  })
})

describe('OV-08: the clock of the machine jumps', () => {
  it('and sessions, limits and time-outs do not', async () => {
    const port = await serve({ http: { rateLimit: { limit: 5, per: 60_000 } }, health: {} })
    const url = `http://127.0.0.1:${port}/mcp`
    const session = await HttpSession.open(url)
    const ask = async () => (await read(url, session.headers, JSON.parse(call('hello')))).status
    const here = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: here })
    onTestFinished(() => void vi.useRealTimers())
    for (const jump of [25 * 3_600_000, -25 * 3_600_000, 3_600_000, -3_600_000]) {
      vi.setSystemTime(here + jump)
      expect(await ask()).toBe(200)
    }
    vi.setSystemTime(here + 3_600_000)
    expect(await ask()).toBe(429)
    vi.setSystemTime(here - 3_600_000)
    expect(await ask()).toBe(429)
    for (const path of ['/health', '/ready'])
      expect((await sendRaw(port, requestText(port, `GET ${path}`))).status).toBe(200)
  })
})

describe('too much to do, said by a layer', () => {
  it.each(['RATE_LIMITED', 'OVERLOADED'] as const)('%s has a status of its own in both eras', async (code) => {
    const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
    mcp.tool('hello', { description: 'Greets' }, (_, ctx) => {
      ctx.log.info('sent before')
      return 'Hello'
    })
    mcp.use('tools/call', () => {
      throw new McpError(code, 'Not now', { data: { retryAfterMs: 2_500 } })
    })
    const { port, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    const [status, rpc] = code === 'RATE_LIMITED' ? [429, 1429] : [503, 1503]
    const answers = [
      await post(port, plain('tools/call', { name: 'hello' }, 7)),
      await postModern(port, 'tools/call', { params: { name: 'hello' }, id: 7 }),
    ]
    for (const answer of answers) {
      expect(failureOf(answer)).toEqual({ status, code: rpc, id: 7 })
      expect(answer.header('retry-after')).toBe('3')
      expect(JSON.parse(answer.body).error).toMatchObject({ message: 'Not now', data: { retryAfterMs: 2_500 } })
    }
  })
})
