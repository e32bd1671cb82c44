import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { runUntil, useFakeClock } from '../kit/fake-clock.ts'
import { postText, type RawAnswer, RawSocket, requestText, sendRaw } from '../kit/raw-socket.ts'
import { META } from '../kit/stateless.ts'
import { expectDiscreet, expectServing, failureOf, plain, postModern, startTarget, type Target } from './hostile.ts'

let target: Target
let answers: RawAnswer[] = []
beforeAll(async () => {
  target = await startTarget({ cors: ['https://app.example.com'] })
})
afterAll(() => target.stop())
afterEach(async () => {
  for (const answer of answers) expectDiscreet(answer)
  answers = []
  expect(target.reported).toEqual([])
  await expectServing(target)
})

type Headers = readonly (readonly [string, string])[]
const PING = plain('ping')

async function send(bytes: string): Promise<RawAnswer> {
  const answer = await sendRaw(target.port, bytes)
  answers.push(answer)
  return answer
}

const ping = (headers: Headers): Promise<RawAnswer> => send(postText(target.port, PING, headers))
const ask = (line: string, headers: Headers = []): Promise<RawAnswer> => send(requestText(target.port, line, headers))

/** Sends bytes that are no request, and waits for the answer and the end of the connection. */
async function refused(bytes: string): Promise<RawAnswer> {
  const raw = await RawSocket.open(target.port)
  raw.write(bytes)
  const answer = await raw.answer()
  answers.push(answer)
  await raw.closed
  return answer
}

describe('HTTP requests', () => {
  it.each([
    'evil',
    'evil@localhost',
    'localhost/health?x=',
    'a b',
    'localhost.',
    '127.1',
    '[::ffff:127.0.0.1]',
    'localhost:8000:8000',
    'http://localhost',
    '',
    '\t',
    'localhost, localhost',
    '0.0.0.0',
  ])('HT-01: Host %j is refused on every route', async (host) => {
    for (const line of ['POST /mcp', 'GET /health', 'GET /nowhere', 'OPTIONS /mcp', 'TRACE /mcp']) {
      expect([400, 403]).toContain((await ask(line, [['Host', host]])).status)
    }
  })

  it('HT-01: no Host and two Hosts are refused', async () => {
    expect((await send('POST /mcp HTTP/1.1\r\nContent-Length: 0\r\n\r\n')).status).toBe(400)
    expect((await send('GET /health HTTP/1.0\r\n\r\n')).status).toBe(400)
    const twice = [
      ['Host', 'localhost'],
      ['Host', 'localhost'],
    ] as const
    expect((await ask('GET /health', twice)).status).toBe(400)
    expect(
      (
        await ask('GET /health', [
          ['Host', 'localhost'],
          ['Host', 'evil'],
        ])
      ).status,
    ).toBe(400)
  })

  it.each([
    'null',
    'HTTP://LOCALHOST',
    'http://user@localhost',
    'http://localhost.evil',
    'http://localhost:80@evil',
    'http://127.0.0.1.evil:80',
    'https://app.example.com:444',
    'http://app.example.com',
    'https://APP.example.com',
    '*',
  ])('HT-02: Origin %s is refused on every route', async (origin) => {
    for (const line of ['POST /mcp', 'GET /health', 'GET /nowhere', 'OPTIONS /mcp']) {
      const answer = await ask(line, [['Origin', origin]])
      expect([answer.status, answer.header('access-control-allow-origin')]).toEqual([403, undefined])
    }
  })

  it('HT-02: an origin of this machine, or one listed, is served', async () => {
    for (const origin of ['http://localhost:6274', 'https://app.example.com']) {
      expect((await ping([['Origin', origin]])).status).toBe(200)
    }
  })

  it.each(['text/plain', 'application/json\ta', 'application/jsonx', 'application/json; charset=utf-16', ''])(
    'HT-03: Content-Type %j is refused',
    async (type) => {
      expect((await ping([['Content-Type', type]])).status).toBe(415)
    },
  )

  it('HT-03: no Content-Type and two are refused', async () => {
    expect((await ask('POST /mcp', [['Content-Length', '0']])).status).toBe(415)
    const twice = [
      ['Content-Type', 'application/json'],
      ['Content-Type', 'text/plain'],
    ] as const
    expect((await ask('POST /mcp', [...twice, ['Content-Length', '0']])).status).toBe(415)
  })

  it.each([
    'POST //[',
    'POST /mcp/../mcp',
    'POST /%6dcp',
    'POST /MCP',
    'POST /mcp/',
    'POST /mcp;x',
    'POST /mcp%00',
    'POST /mcp%2f',
    'POST http://evil/mcp',
    'POST http://127.0.0.1:1/mcp',
    'POST https://127.0.0.1/mcp',
    'OPTIONS *',
    'GET /health/',
    'GET /HEALTH',
    'GET /__proto__',
  ])('HT-05: %s is nobody’s address', async (line) => {
    expect([400, 404]).toContain((await ask(line)).status)
  })

  it('HT-05: an absolute target is served where it names the same host', async () => {
    const own = `127.0.0.1:${target.port}`
    expect((await ask(`GET http://${own}/health`)).status).toBe(200)
    expect((await ask(`GET http://${own}/health`, [['Host', 'localhost']])).status).toBe(404)
  })

  const JSON_TYPE = 'Content-Type: application/json\r\n'
  const smuggled = (host: string): [string, string][] => [
    [
      'a length and chunks',
      `POST /mcp HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'chunks and a length',
      `POST /mcp HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `POST /mcp HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
    ['a length that is no number', `POST /mcp HTTP/1.1\r\n${host}Content-Length: +3\r\n\r\nabc`],
    ['an unknown coding', `POST /mcp HTTP/1.1\r\n${host}${JSON_TYPE}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['bare line feeds', `POST /mcp HTTP/1.1\n${host.replace('\r', '')}\n`],
    ['a folded header', `POST /mcp HTTP/1.1\r\n${host}X-Folded: a\r\n b\r\n\r\n`],
    ['a space before the colon', `POST /mcp HTTP/1.1\r\n${host}Content-Length : 3\r\n\r\nabc`],
    ['a bare carriage return', `POST /mcp HTTP/1.1\r\n${host}X-Bare: a\rb\r\n\r\n`],
    ['a NUL in a header', `POST /mcp HTTP/1.1\r\n${host}X-Nul: a\0b\r\n\r\n`],
    ['an unknown verb', `FETCH /mcp HTTP/1.1\r\n${host}\r\n`],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a broken chunk', `POST /mcp HTTP/1.1\r\n${host}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ]

  it.each(smuggled('Host: localhost\r\n'))(
    'HT-06: %s is answered 400 and the connection closed',
    async (_name, bytes) => {
      expect((await refused(bytes)).status).toBe(400)
    },
  )

  it.each<[string, Headers]>([
    ['headers of 16 KiB and one byte', [['X-Large', 'x'.repeat(16 * 1024)]]],
    ['101 headers', Array.from({ length: 98 }, (_, i) => [`X-${i}`, '1'] as const)],
    ['a token of 64 KiB', [['Authorization', `Bearer ${'x'.repeat(64 * 1024)}`]]],
    ['thousands of tiny headers', Array.from({ length: 3_000 }, () => ['a', ''] as const)],
  ])('HT-07: %s are too much', async (_name, headers) => {
    expect((await refused(postText(target.port, PING, headers))).status).toBe(431)
  })

  it('HT-07: 100 headers are served', async () => {
    expect((await ping(Array.from({ length: 96 }, (_, i) => [`X-${i}`, '1'] as const))).status).toBe(200)
  })

  it('HT-11: a client that asks first is told 413 without having sent', async () => {
    const raw = await RawSocket.open(target.port)
    raw.write(
      postText(target.port, '', [
        ['Content-Length', '5000000000'],
        ['Expect', '100-continue'],
      ]),
    )
    const answer = await raw.answer()
    expect(answer.status).toBe(413)
    await raw.closed
    expect(raw.received).toBe('')
  })

  it('HT-12: a length of 64 MB is refused before a byte of it is read', async () => {
    useFakeClock()
    onTestFinished(() => void vi.useRealTimers())
    const raw = await RawSocket.open(target.port)
    raw.write(postText(target.port, '', [['Content-Length', '64000000']]))
    expect((await raw.answer()).status).toBe(413)
    await runUntil(() => raw.socket.closed)
  })

  it('HT-13: bytes beyond the length are another request, and no good one', async () => {
    const raw = await RawSocket.open(target.port)
    raw.write(postText(target.port, `${PING}${PING}`, [['Content-Length', `${PING.length}`]]))
    expect((await raw.answer()).status).toBe(200)
    expect((await raw.answer()).status).toBe(400)
    await raw.closed
  })

  it.each(['gzip', 'deflate', 'br', 'zstd', 'identity, gzip', Array(500).fill('gzip').join(', ')])(
    'HT-15: a body in %.20s is not unpacked',
    async (coding) => {
      expect((await ping([['Content-Encoding', coding]])).status).toBe(415)
    },
  )

  it('HT-15: 5,000 codings are too much', async () => {
    expect([415, 431]).toContain((await ping([['Content-Encoding', Array(5000).fill('gzip').join(', ')]])).status)
  })

  it.each<[string, Headers]>([
    [
      'a web socket',
      [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket'],
        ['Sec-WebSocket-Key', 'x'],
        ['Sec-WebSocket-Version', '13'],
      ],
    ],
    [
      'HTTP/2',
      [
        ['Connection', 'Upgrade, HTTP2-Settings'],
        ['Upgrade', 'h2c'],
        ['HTTP2-Settings', 'AAMAAABkAARAAAAAAAIAAAAA'],
      ],
    ],
  ])('HT-16: no connection becomes %s', async (_name, headers) => {
    for (const line of ['GET /mcp', 'POST /mcp', 'GET /health']) {
      expect([400, 426]).toContain((await ask(line, headers)).status)
    }
  })

  it('HT-16: CONNECT opens nothing', async () => {
    const raw = await RawSocket.open(target.port)
    raw.write('CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await raw.closed
    expect(raw.received).not.toContain('200')
  })

  it.each(['HEAD', 'TRACE', 'PUT', 'PATCH', 'PROPFIND', 'OPTIONS'])(
    'HT-17: %s is answered 405 with what is allowed',
    async (verb) => {
      const answer = await ask(`${verb} /mcp`, [['X-Echo', 'must not come back']])
      expect([answer.status, answer.header('allow')]).toEqual([405, 'GET, POST, DELETE, OPTIONS'])
      expect(answer.body).not.toContain('must not come back')
    },
  )

  it.each(['GET', 'DELETE'])('HT-17: %s does nothing for a client without a session', async (verb) => {
    for (const version of ['2026-07-28', '2025-11-25']) {
      const answer = await ask(`${verb} /mcp`, [
        ['MCP-Protocol-Version', version],
        ['Accept', 'text/event-stream'],
      ])
      expect([400, 404, 405]).toContain(answer.status)
    }
  })

  it('HT-18: a preflight from anywhere else is granted nothing', async () => {
    const preflight = [
      ['Access-Control-Request-Method', 'POST'],
      ['Access-Control-Request-Headers', 'content-type'],
    ] as const
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000']) {
      const answer = await ask('OPTIONS /mcp', [['Origin', origin], ...preflight])
      expect([403, 405]).toContain(answer.status)
      expect(answer.head.toLowerCase()).not.toContain('access-control')
    }
    const granted = await ask('OPTIONS /mcp', [['Origin', 'https://app.example.com'], ...preflight])
    expect(granted.header('access-control-allow-origin')).toBe('https://app.example.com')
    expect(granted.head).not.toMatch(/\*|credentials/i)
  })

  it.each<[string, Record<string, string>]>([
    ['another method', { 'mcp-method': 'tools/list' }],
    ['another name', { 'mcp-name': 'echo' }],
    ['another case', { 'mcp-name': 'ADD' }],
    ['a sentinel in bad base64', { 'mcp-name': '=?base64?!!!?=' }],
    ['an empty name', { 'mcp-name': '' }],
  ])('HT-19: headers that tell of %s are refused', async (_name, changed) => {
    const answer = await postModern(target.port, 'tools/call', {
      params: { name: 'add', arguments: { a: 1, b: 2 } },
      changed,
    })
    answers.push(answer)
    expect(failureOf(answer)).toMatchObject({ status: 400, code: -32020 })
  })

  it('HT-19: a header that comes twice is refused', async () => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } }
    for (const name of ['Mcp-Method', 'MCP-Protocol-Version']) {
      const headers = [
        ['MCP-Protocol-Version', '2026-07-28'],
        ['Mcp-Method', 'tools/list'],
        [name, name === 'Mcp-Method' ? 'tools/list' : '2026-07-28'],
      ] as const
      const answer = await send(postText(target.port, JSON.stringify(message), headers))
      expect(failureOf(answer)).toMatchObject({ status: 400, code: -32020 })
    }
  })
})
