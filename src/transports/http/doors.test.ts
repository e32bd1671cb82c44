import { afterEach, describe, expect, it, vi } from 'vitest'
import { type EchoEras, echoEras } from '../../../tests/kit/echo-eras.ts'
import { requestText, sendRaw } from '../../../tests/kit/raw-socket.ts'
import { STREAMED } from '../../eras/exchange.ts'
import { listen } from '../node/listen.ts'
import { serveFetch } from './fetch.ts'
import type { HttpOptions, Report } from './options.ts'
import { refuse } from './refusal.ts'

interface Ask {
  readonly verb?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Seen {
  readonly status: number
  readonly body: string
  header(name: string): string | undefined
}

type Door = (eras: EchoEras, options: HttpOptions) => Promise<(ask?: Ask) => Promise<Seen>>

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.close()
})

const JSON_HEADERS = { 'content-type': 'application/json' }

const onNode: Door = async (eras, options) => {
  const listening = await listen(eras, { port: 0, ...options })
  open.push(listening)
  return ({ verb = 'POST', path = '/mcp', headers = JSON_HEADERS, body = verb === 'POST' ? '{}' : '' } = {}) => {
    const length: [string, string][] = body === '' ? [] : [['content-length', `${Buffer.byteLength(body)}`]]
    return sendRaw(
      listening.port,
      requestText(listening.port, `${verb} ${path}`, [...Object.entries(headers), ...length], body),
    )
  }
}

const onFetch: Door = async (eras, options) => {
  const serve = serveFetch(eras, options)
  return async ({ verb = 'POST', path = '/mcp', headers = JSON_HEADERS, body = verb === 'POST' ? '{}' : '' } = {}) => {
    const init = { method: verb, headers, ...(body !== '' && { body }) }
    const response = await serve(new Request(`http://localhost:8000${path}`, init))
    return {
      status: response.status,
      body: await response.text(),
      header: (name) => response.headers.get(name) ?? undefined,
    }
  }
}

describe.each<[string, Door]>([
  ['Node', onNode],
  ['fetch', onFetch],
])('over %s', (_, door) => {
  it('hands verb, text and headers to the eras, and their answer back', async () => {
    const eras = echoEras()
    const ask = await door(eras, {})
    const seen = await ask({ headers: { ...JSON_HEADERS, 'X-Test': 'a' }, body: '{"é":"日本"}' })
    expect(seen.status).toBe(200)
    expect(seen.header('content-type')).toBe('application/json')
    expect(JSON.parse(seen.body)).toEqual({ verb: 'POST', text: '{"é":"日本"}' })
    expect(eras.exchanges[0]?.header('x-test')).toBe('a')
    expect(eras.exchanges[0]?.header('x-other')).toBeUndefined()
    expect(JSON.parse((await ask({ verb: 'GET' })).body)).toEqual({ verb: 'GET', text: '' })
    expect(JSON.parse((await ask({ verb: 'DELETE' })).body)).toEqual({ verb: 'DELETE', text: '' })
  })

  it('passes on status, headers and the absence of a body', async () => {
    const eras = echoEras()
    const ask = await door(eras, {})
    eras.answer = () => ({ status: 202 })
    expect(await ask()).toMatchObject({ status: 202, body: '' })
    eras.answer = async () => ({ status: 404, body: '{}', headers: { 'Mcp-Session-Id': 's1' } })
    const seen = await ask()
    expect(seen.status).toBe(404)
    expect(seen.header('mcp-session-id')).toBe('s1')
  })

  it('answers 405 with what is allowed, and 404 elsewhere', async () => {
    const ask = await door(echoEras(), {})
    for (const verb of ['PUT', 'PATCH', 'OPTIONS', 'HEAD']) {
      const seen = await ask({ verb })
      expect(seen.status).toBe(405)
      expect(seen.header('allow')).toBe('GET, POST, DELETE')
    }
    for (const path of ['/', '/MCP', '/mcp/', '/%6dcp', '/mcp/x', '/mcpx', '//mcp', '/constructor']) {
      expect((await ask({ path })).status).toBe(404)
    }
    expect((await ask({ path: '/mcp?x=1' })).status).toBe(200)
  })

  it('answers transport refusals as JSON-RPC errors without an id', async () => {
    const ask = await door(echoEras(), {})
    const { body } = await ask({ headers: { 'content-type': 'text/plain' } })
    expect(JSON.parse(body)).toEqual({ jsonrpc: '2.0', error: { code: 1415, message: expect.any(String) } })
  })

  it('answers /health to anybody, unless it is off', async () => {
    const ask = await door(echoEras(), { authenticate: () => undefined })
    expect(await ask({ verb: 'GET', path: '/health' })).toMatchObject({ status: 200, body: '{"status":"healthy"}' })
    expect(await ask({ verb: 'HEAD', path: '/health' })).toMatchObject({ status: 200, body: '' })
    expect((await ask({ path: '/health' })).status).toBe(405)
    const without = await door(echoEras(), { health: false })
    expect((await without({ verb: 'GET', path: '/health' })).status).toBe(404)
  })

  it('serves under another path', async () => {
    const ask = await door(echoEras(), { path: '/api/mcp' })
    expect((await ask({ path: '/api/mcp' })).status).toBe(200)
    expect((await ask({ path: '/mcp' })).status).toBe(404)
    await expect(door(echoEras(), { path: '/health' })).rejects.toThrow(/path: "\/health"/)
    await expect(door(echoEras(), { path: 'mcp' })).rejects.toThrow(/must start with/)
  })

  it('judges Host and Origin on every route', async () => {
    const ask = await door(echoEras(), {})
    for (const [verb, path] of [
      ['POST', '/mcp'],
      ['GET', '/health'],
      ['GET', '/nowhere'],
      ['OPTIONS', '/mcp'],
    ] as const) {
      expect((await ask({ verb, path, headers: { ...JSON_HEADERS, host: 'evil.example' } })).status).toBe(403)
      expect((await ask({ verb, path, headers: { ...JSON_HEADERS, origin: 'https://evil.example' } })).status).toBe(403)
    }
    const listed = await door(echoEras(), { allowedHosts: ['tools.example.com'] })
    expect((await listed({ headers: { ...JSON_HEADERS, host: 'tools.example.com' } })).status).toBe(200)
    expect((await listed({ headers: { ...JSON_HEADERS, host: 'localhost' } })).status).toBe(403)
    const anywhere = await door(echoEras(), { allowPublic: true })
    expect((await anywhere({ headers: { ...JSON_HEADERS, host: 'tools.example.com' } })).status).toBe(200)
  })

  it('lets scripts of listed origins read answers, and no others', async () => {
    const ask = await door(echoEras(), { cors: ['https://app.example.com'] })
    const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'Mcp-Name, X-Evil' }
    const granted = await ask({ verb: 'OPTIONS', headers: { origin: 'https://app.example.com', ...preflight } })
    expect(granted.status).toBe(204)
    expect(granted.header('access-control-allow-origin')).toBe('https://app.example.com')
    expect(granted.header('access-control-allow-headers')).toBe('mcp-name')
    expect(granted.header('access-control-allow-credentials')).toBeUndefined()
    expect(granted.header('vary')).toBe('Origin')

    const seen = await ask({ headers: { ...JSON_HEADERS, origin: 'https://app.example.com' } })
    expect(seen.header('access-control-allow-origin')).toBe('https://app.example.com')
    expect(seen.header('access-control-expose-headers')).toContain('Mcp-Session-Id')
    const refused = await ask({ verb: 'OPTIONS', headers: { origin: 'http://localhost:1', ...preflight } })
    expect(refused.status).toBe(405)
    expect(refused.header('access-control-allow-origin')).toBeUndefined()
    expect((await ask()).header('access-control-allow-origin')).toBeUndefined()
  })

  describe('with authenticate', () => {
    it('hands the principal on, found at once or later', async () => {
      const ask = await door(echoEras(), {
        authenticate: (request) => {
          const subject = request.header('Authorization')?.slice(7)
          return subject === 'now' ? { subject } : Promise.resolve(subject === 'later' ? { subject } : undefined)
        },
      })
      for (const token of ['now', 'later']) {
        const { body } = await ask({ headers: { ...JSON_HEADERS, authorization: `Bearer ${token}` } })
        expect(JSON.parse(body).subject).toBe(token)
      }
      const refused = await ask()
      expect(refused.status).toBe(401)
      expect(refused.header('www-authenticate')).toBe('Bearer')
    })

    it.each<[string, () => unknown]>([
      ['undefined', () => undefined],
      ['null', () => null],
      ['true', () => true],
      ['an empty subject', () => ({ subject: '' })],
      ['a subject that is no string', () => ({ subject: 7 })],
      ['an object without one', () => ({ sub: 'x' })],
      ['a promise of nothing', async () => undefined],
      ['a promise of false', async () => false],
    ])('denies on %s', async (_case, authenticate) => {
      const eras = echoEras()
      const ask = await door(eras, { authenticate: authenticate as NonNullable<HttpOptions['authenticate']> })
      expect((await ask()).status).toBe(401)
      expect(eras.exchanges).toEqual([])
    })

    it('denies on a throw or rejection, and reports it', async () => {
      const reported: Error[] = []
      const report: Report = (problem) => reported.push(problem)
      const failing = () => {
        throw new Error('secret of the verifier')
      }
      for (const authenticate of [failing, async () => failing()]) {
        const seen = await (await door(echoEras(), { authenticate, report }))()
        expect(seen.status).toBe(401)
        expect(seen.body).not.toContain('secret')
      }
      expect(reported.map((problem) => problem.cause)).toMatchObject([
        { message: 'secret of the verifier' },
        { message: 'secret of the verifier' },
      ])
    })

    it('survives a report that throws', async () => {
      const throwing = () => {
        throw new Error('nobody hears this')
      }
      const toConsole = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const ask = await door(echoEras(), { authenticate: throwing, report: throwing })
      expect((await ask()).status).toBe(401)
      expect((await ask()).status).toBe(401)
      expect(toConsole).toHaveBeenCalledTimes(2)
      toConsole.mockRestore()
    })

    it('answers with the refusal it gives', async () => {
      const ask = await door(echoEras(), {
        authenticate: async () =>
          refuse(403, { headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' }, body: { error: 'no' } }),
      })
      const seen = await ask()
      expect(seen).toMatchObject({ status: 403, body: '{"error":"no"}' })
      expect(seen.header('www-authenticate')).toBe('Bearer error="insufficient_scope"')
    })

    it('leaves public paths alone', async () => {
      const ask = await door(echoEras(), { authenticate: () => undefined, publicPaths: ['/mcp'] })
      expect((await ask()).status).toBe(200)
    })

    it('runs before the body is looked at, with the path as it was sent', async () => {
      const seen: string[] = []
      const ask = await door(echoEras(), {
        authenticate: ({ method, path }) => {
          seen.push(`${method} ${path}`)
          return undefined
        },
      })
      expect((await ask({ path: '/mcp?token=x', headers: { 'content-type': 'text/plain' } })).status).toBe(401)
      expect(seen).toEqual(['POST /mcp'])
    })

    it('takes no Authorization header above 8 KiB', async () => {
      const ask = await door(echoEras(), { authenticate: () => ({ subject: 'x' }) })
      const authorization = `Bearer ${'x'.repeat(8192)}`
      expect((await ask({ headers: { ...JSON_HEADERS, authorization } })).status).toBe(431)
    })
  })

  it('counts the body as it comes', async () => {
    const ask = await door(echoEras(), { bodyLimit: 100 })
    expect((await ask({ body: 'x'.repeat(100) })).status).toBe(200)
    expect((await ask({ body: 'x'.repeat(101) })).status).toBe(413)
  })

  it('keeps a byte order mark for the parser to refuse, and takes an empty body', async () => {
    const eras = echoEras()
    const ask = await door(eras, {})
    await ask({ body: '\uFEFF{}' })
    expect(eras.exchanges[0]?.text.charCodeAt(0)).toBe(0xfeff)
    expect((await ask({ headers: { ...JSON_HEADERS, 'content-length': '0' }, body: '' })).status).toBe(200)
  })

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('/secret/path')
      },
    ],
    ['rejects', () => Promise.reject(new Error('/secret/path'))],
    ['rejects with no error', () => Promise.reject(undefined)],
  ])('answers 500 and goes on when an era %s', async (_case, answer) => {
    const eras = echoEras()
    const reported: Error[] = []
    const ask = await door(eras, { report: (problem) => reported.push(problem) })
    eras.answer = answer
    const seen = await ask()
    expect(seen.status).toBe(500)
    expect(JSON.parse(seen.body)).toEqual({ jsonrpc: '2.0', error: { code: -32603, message: 'Internal error' } })
    expect(reported).toHaveLength(1)
    eras.answer = () => ({ status: 202 })
    expect((await ask()).status).toBe(202)
  })

  it('answers 500 when an era claims a stream it never opened, or a header that cannot travel', async () => {
    const eras = echoEras()
    const ask = await door(eras, { report: () => undefined })
    eras.answer = () => STREAMED
    expect((await ask()).status).toBe(500)
    eras.answer = () => ({ status: 200, body: '{}', headers: { 'X-Bad': 'a\r\nSet-Cookie: b' } })
    const seen = await ask()
    expect(seen.status).toBe(500)
    expect(seen.header('set-cookie')).toBeUndefined()
  })
})

it('refuses a refusal that could not travel', () => {
  expect(() => refuse(200)).toThrow(/400 to 599/)
  expect(() => refuse(401, { headers: { 'X-Bad': 'a\nb' } })).toThrow(/cannot travel/)
  expect(() => refuse(401, { headers: { 'X Bad': 'a' } })).toThrow(/cannot travel/)
})
