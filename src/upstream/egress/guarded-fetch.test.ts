import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type AnswerRequest, closed, startApi } from '../../../tests/kit/local-api.ts'
import { everythingIn, failureOf } from '../../../tests/kit/upstream-failure.ts'
import type { Fetch } from '../follow.ts'
import { upstream } from '../upstream.ts'
import { guardedFetch } from './guarded-fetch.ts'
import type { Found, Lookup } from './lookup.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const found = (...addresses: readonly string[]): readonly Found[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** A lookup that gives these, and counts. */
function lookupOf(...addresses: readonly string[]): { readonly lookup: Lookup; readonly asked: string[] } {
  const asked: string[] = []
  const lookup: Lookup = async (hostname) => {
    asked.push(hostname)
    return found(...addresses)
  }
  return { lookup, asked }
}

/** An API of the test, reached by a public name through a guard that lets it be reached. */
async function startNamed(answer: AnswerRequest) {
  const api = await startApi(answer)
  const { lookup, asked: looked } = lookupOf('127.0.0.1')
  const url = `http://api.example.com:${new URL(api.url).port}`
  const fetch = guardedFetch({ lookup, allow: () => true })
  return { api, url, looked, fetch, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

const get = (fetch: Fetch, url: string): Promise<Response> => fetch(url, { method: 'GET' })

describe('OA-04: what is not public', () => {
  it.each(['10.0.0.7', '169.254.169.254', '::1', '::ffff:10.0.0.7', '64:ff9b::a00:7', '2002:a00:7::1'])(
    'is not called where a name leads to %s',
    async (address) => {
      const { lookup, asked } = lookupOf(address)
      const api = upstream({ baseUrl: 'http://rebound.example.com', fetch: guardedFetch({ lookup }), retry: false })
      const failure = await failureOf(api.get('/x'))
      expect(failure).toMatchObject({ code: 'API_ERROR', reason: 'forbidden', retryable: false })
      expect(asked).toEqual(['rebound.example.com'])
      expect(failure.message).toContain('`baseUrl`')
      expect(JSON.stringify([failure.message, failure.details])).not.toContain(address)
      expect(everythingIn(failure)).toContain(address)
    },
  )

  it('is not called where only one address of several is none', async () => {
    const { lookup } = lookupOf('93.184.215.14', '10.0.0.7')
    await expect(get(guardedFetch({ lookup }), 'https://both.example.com')).rejects.toMatchObject({
      reason: 'forbidden',
    })
  })

  it.each(['what is no address', ''])('is not called where a lookup gives %j', async (address) => {
    const { lookup } = lookupOf(address)
    await expect(get(guardedFetch({ lookup }), 'http://odd.example.com')).rejects.toMatchObject({ reason: 'forbidden' })
  })

  it('is not even looked up by an address or a name of a network', async () => {
    const { lookup, asked } = lookupOf('93.184.215.14')
    const fetch = guardedFetch({ lookup })
    for (const address of ['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'http://db.internal']) {
      await expect(get(fetch, address)).rejects.toMatchObject({ reason: 'forbidden' })
    }
    await expect(get(fetch, 'file:///etc/passwd')).rejects.toMatchObject({ reason: 'forbidden' })
    expect(asked).toEqual([])
  })

  it('is not called by a redirect', async () => {
    await using named = await startNamed((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' })
      response.end()
    })
    const fetch = guardedFetch({
      lookup: lookupOf('127.0.0.1').lookup,
      allow: (url) => url.hostname === 'api.example.com',
    })
    const inside = upstream({ baseUrl: named.url, fetch, retry: false })
    expect(await failureOf(inside.get('/x'))).toMatchObject({ reason: 'redirected' })
    const anywhere = upstream({ baseUrl: named.url, fetch, retry: false, redirects: 'any' })
    expect(await failureOf(anywhere.get('/x'))).toMatchObject({ reason: 'forbidden' })
  })

  it('is not called by a connection that something else was allowed to make', async () => {
    await using api = await startApi(() => ({ ok: true }))
    const { lookup } = lookupOf('127.0.0.1')
    const url = `http://api.example.com:${new URL(api.url).port}`
    const fetch = guardedFetch({ lookup, allow: ({ pathname }) => pathname === '/free' })
    expect(await (await get(fetch, `${url}/free`)).json()).toEqual({ ok: true })
    await expect(get(fetch, `${url}/other`)).rejects.toMatchObject({ reason: 'forbidden' })
    expect(api.asked).toHaveLength(1)
  })

  it('holds a user and password, allowed or not', async () => {
    const fetch = guardedFetch({ allow: () => true, lookup: lookupOf('127.0.0.1').lookup })
    await expect(get(fetch, 'http://ada:secret@api.example.com')).rejects.toMatchObject({ reason: 'forbidden' })
  })
})

describe('connections', () => {
  it('are made to what was looked up, once for all requests that use them', async () => {
    await using named = await startNamed(({ headers }) => ({ host: headers.host }))
    for (let i = 0; i < 3; i++) {
      const answer = await get(named.fetch, `${named.url}/x`)
      expect(await answer.json()).toEqual({ host: new URL(named.url).host })
    }
    expect(named.looked).toEqual(['api.example.com'])
    expect(new Set(named.api.asked.map(({ socket }) => socket)).size).toBe(1)
  })

  it('say over TLS the name that was asked for', async () => {
    let hello = Buffer.alloc(0)
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (bytes) => {
        hello = Buffer.from(bytes)
        socket.destroy()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // it listens on a port
    const fetch = guardedFetch({ lookup: lookupOf('127.0.0.1').lookup, allow: () => true })
    await expect(fetch(`https://api.example.com:${port}`, { headers: { host: 'evil.example' } })).rejects.toThrow()
    expect(hello.includes('api.example.com')).toBe(true)
    expect(hello.includes('evil.example')).toBe(false)
    server.close()
  })

  it('are not there for a name without addresses', async () => {
    const failure = await failureOf(
      upstream({
        baseUrl: 'http://none.example.com',
        fetch: guardedFetch({ lookup: lookupOf().lookup }),
        retry: false,
      }).get('/'),
    )
    expect(failure).toMatchObject({ reason: 'unreachable', cause: { code: 'ENOTFOUND' } })
  })

  it.each<readonly [string, AnswerRequest]>([
    ['closes', ({ socket }) => void socket.end()],
    ['resets', ({ socket }) => void socket.resetAndDestroy()],
    [
      'changes the protocol',
      ({ socket }) => void socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
    ['answers nonsense', ({ socket }) => void socket.write('nonsense\r\n\r\n')],
    ['answers with a status that there is not', ({ socket }) => void socket.write('HTTP/1.1 999 X\r\n\r\n')],
    ['has an endless header', ({ socket }) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)],
  ])('end in an error where the other side %s', async (_, answer) => {
    await using named = await startNamed(answer)
    const api = upstream({ baseUrl: named.url, fetch: named.fetch, retry: false, timeout: 2_000 })
    expect(await failureOf(api.get('/x'))).toMatchObject({ reason: 'unreachable' })
  })
})

describe('a request', () => {
  const bytes = new Uint8Array([0, 1, 254, 255])

  it.each<readonly [string, RequestInit, Readonly<Record<string, unknown>>]>([
    ['nothing', { method: 'POST' }, { body: '', headers: { 'content-length': '0' } }],
    [
      'a text',
      { method: 'POST', body: 'é' },
      { body: 'é', headers: { 'content-length': '2', 'content-type': 'text/plain;charset=UTF-8' } },
    ],
    ['bytes', { method: 'PUT', body: bytes }, { headers: { 'content-length': '4' } }],
    [
      'a form',
      { method: 'POST', body: new URLSearchParams({ a: '1 2' }) },
      { body: 'a=1+2', headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } },
    ],
    [
      'JSON',
      { method: 'PATCH', body: '{}', headers: { 'content-type': 'application/json' } },
      { method: 'PATCH', body: '{}', headers: { 'content-type': 'application/json' } },
    ],
    [
      'a body to DELETE',
      { method: 'DELETE', body: 'x' },
      { method: 'DELETE', body: 'x', headers: { 'content-length': '1' } },
    ],
  ])('sends %s', async (_, init, expected) => {
    await using named = await startNamed(() => ({}))
    await (await named.fetch(`${named.url}/x?a=%20b&c=d,e`, init)).json()
    expect(named.api.asked[0]).toMatchObject({ url: '/x?a=%20b&c=d,e', ...expected })
  })

  it('sends files, and streams as they come', async () => {
    await using named = await startNamed(() => ({}))
    const form = new FormData()
    form.set('file', new Blob(['content']), 'a.txt')
    await (await named.fetch(named.url, { method: 'POST', body: form })).json()
    const stream = new Blob(['one', 'two']).stream()
    await (await named.fetch(named.url, Object.assign({ method: 'POST', body: stream }, { duplex: 'half' }))).json()
    const [first, second] = named.api.asked
    expect(first?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(first?.body).toContain('filename="a.txt"')
    expect(Number(first?.headers['content-length'])).toBe(first?.body.length)
    expect(second).toMatchObject({ body: 'onetwo', headers: { 'transfer-encoding': 'chunked' } })
  })

  it('fails with a stream that fails', async () => {
    await using named = await startNamed(() => ({}))
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('torn')) })
    await expect(named.fetch(named.url, Object.assign({ method: 'POST', body }, { duplex: 'half' }))).rejects.toThrow()
  })

  it('keeps for itself what belongs to the connection', async () => {
    await using named = await startNamed(() => ({}))
    const headers = {
      connection: 'upgrade, x-a',
      upgrade: 'h2c',
      'content-length': '999',
      'transfer-encoding': 'chunked',
      host: 'evil.example',
      te: 'trailers',
      'x-a': '1',
    }
    await (await named.fetch(named.url, { method: 'POST', body: 'abc', headers })).json()
    expect(named.api.asked[0]).toMatchObject({
      body: 'abc',
      headers: { host: new URL(named.url).host, 'content-length': '3', connection: 'keep-alive', 'x-a': '1' },
    })
    expect(named.api.asked[0]?.headers).not.toHaveProperty('upgrade')
    expect(named.api.asked[0]?.headers).not.toHaveProperty('transfer-encoding')
  })

  it('ends with its signal, before and within the answer', async () => {
    await using named = await startNamed((_, response) => {
      response.writeHead(200)
      response.write('begin')
    })
    const aborted = AbortSignal.abort()
    await expect(named.fetch(named.url, { signal: aborted })).rejects.toThrow()
    const abort = new AbortController()
    const unread = await named.fetch(`${named.url}/unread`, { signal: abort.signal })
    const answer = await named.fetch(`${named.url}/read`, { signal: abort.signal })
    const reader = answer.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('begin')
    const next = reader?.read()
    abort.abort()
    await expect(next).rejects.toThrow()
    expect(unread.status).toBe(200)
    await Promise.all(named.api.asked.map(closed))
  })
})

describe('an answer', () => {
  it.each<readonly [string, Buffer]>([
    ['gzip', gzipSync('{"a":1}')],
    ['x-gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['identity', Buffer.from('{"a":1}')],
  ])('is decoded from %s', async (coding, body) => {
    await using named = await startNamed((_, response) => {
      response.writeHead(200, { 'content-encoding': coding, 'content-length': body.length })
      response.end(body)
    })
    const answer = await get(named.fetch, named.url)
    expect(await answer.json()).toEqual({ a: 1 })
  })

  it.each(['zstd', 'gzip, gzip', 'nonsense'])('is not taken in %s', async (coding) => {
    await using named = await startNamed((_, response) => {
      response.writeHead(200, { 'content-encoding': coding })
      response.end('x')
    })
    await expect(get(named.fetch, named.url)).rejects.toThrow('encoded in a way')
  })

  it('is an error where its coding is broken', async () => {
    await using named = await startNamed((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('x'.repeat(1_000)).subarray(0, 20))
    })
    const api = upstream({ baseUrl: named.url, fetch: named.fetch, retry: false })
    expect(await failureOf(api.get('/x'))).toMatchObject({ reason: 'unreachable' })
  })

  it('OA-08: is cut where it grows without end, in bytes or out of few', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    await using named = await startNamed(({ url }, response) => {
      response.writeHead(200, url === '/bomb' ? { 'content-encoding': 'gzip' } : {})
      if (url === '/bomb') return void response.end(bomb)
      const chunk = Buffer.alloc(65_536)
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    const api = upstream({ baseUrl: named.url, fetch: named.fetch, retry: false, maxResponseBytes: 100_000 })
    for (const path of ['/bomb', '/endless'])
      expect(await failureOf(api.get(path))).toMatchObject({ reason: 'too_large' })
    await Promise.all(named.api.asked.map(closed))
  })

  it('breaks off where its connection does', async () => {
    await using named = await startNamed(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this')
      setImmediate(() => socket.destroy())
    })
    const api = upstream({ baseUrl: named.url, fetch: named.fetch, retry: false })
    expect(await failureOf(api.get('/x'))).toMatchObject({ reason: 'unreachable' })
  })

  it.each([204, 205, 304])('of %s has no body, and leaves the connection', async (status) => {
    await using named = await startNamed((_, response) => {
      response.writeHead(status, { 'x-a': '1' })
      response.end()
    })
    const answers = [await get(named.fetch, named.url), await get(named.fetch, named.url)]
    expect(answers.map((answer) => [answer.status, answer.body, answer.headers.get('x-a')])).toEqual(
      Array(2).fill([status, null, '1']),
    )
  })

  it('to HEAD has no body, and keeps its headers', async () => {
    await using named = await startNamed((_, response) => {
      response.writeHead(200, { 'content-length': '5', 'content-encoding': 'gzip' })
      response.end()
    })
    const answer = await named.fetch(named.url, { method: 'HEAD' })
    expect([answer.body, answer.headers.get('content-length')]).toEqual([null, '5'])
  })

  it('that redirects is an answer', async () => {
    await using named = await startNamed((_, response) => {
      response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] })
      response.end('moved')
    })
    const answer = await get(named.fetch, named.url)
    expect([answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([
      302,
      '/elsewhere',
      ['a=1', 'b=2'],
    ])
    expect(await answer.text()).toBe('moved')
  })
})

describe('without Node', () => {
  function elsewhere(): { readonly asked: RequestInit[] } {
    const asked: RequestInit[] = []
    vi.stubGlobal('navigator', { userAgent: 'Bun/1.3' })
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      asked.push(init)
      return Response.json({ ok: true })
    })
    return { asked }
  }

  it('is sent by the runtime, whose names are looked up first', async () => {
    const { asked } = elsewhere()
    const good = lookupOf('93.184.215.14')
    const answer = await guardedFetch({ lookup: good.lookup })('https://api.example.com', { method: 'POST' })
    expect(await answer.json()).toEqual({ ok: true })
    expect(asked).toEqual([{ method: 'POST', redirect: 'manual' }])
    expect(good.asked).toEqual(['api.example.com'])
  })

  it('is refused as anywhere', async () => {
    const { asked } = elsewhere()
    const bad = guardedFetch({ lookup: lookupOf('10.0.0.7').lookup })
    for (const url of ['http://api.example.com', 'http://10.0.0.7', 'http://localhost']) {
      await expect(get(bad, url)).rejects.toMatchObject({ reason: 'forbidden' })
    }
    expect(asked).toEqual([])
  })

  it('goes by an address, or to what is allowed, without a lookup', async () => {
    elsewhere()
    const { lookup, asked } = lookupOf('10.0.0.7')
    const fetch = guardedFetch({ lookup, allow: ({ hostname }) => hostname === 'wiki.internal' })
    await get(fetch, 'https://8.8.8.8')
    await get(fetch, 'http://wiki.internal')
    expect(asked).toEqual([])
  })
})
