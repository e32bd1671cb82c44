import { PassThrough } from 'node:stream'
import { format, inspect } from 'node:util'
import type { FastMCP, FastMCPOptions } from '@fastmcp/ts'
import { type Client, type ConnectOptions, connect } from '@fastmcp/ts/client'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { fastmcp, installed } from '../cli/sandbox.ts'
import { createServer } from './canary-server.ts'
import { listenLeakily, PATHS } from './canary-upstream.ts'
import { found, MARK, secret } from './mark.ts'

const SECRETS = {
  API_KEY: secret('api-key'),
  CLIENT_SECRET: secret('client-secret'),
  DATABASE_URL: `postgres://app:${secret('database-url')}@db.internal/app`,
  ACCESS_TOKEN: secret('access-token'),
}

/** Everything that leaves the server, by where. */
let left: Map<string, string>
const leave = (where: string, text: string): void => {
  left.set(where, `${left.get(where) ?? ''}${text}`)
}
const expectNoSecret = (): void => {
  expect([...left].flatMap(([where, text]) => found(text).map((leak) => `${where}: …${leak}…`))).toEqual([])
}

beforeEach(() => {
  left = new Map()
  for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((...words) => leave('console', `${format(...words)}\n`))
  }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      leave(name, String(text))
      return true
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function leakyUpstream(token?: string): Promise<string> {
  const { url, close } = await listenLeakily({ secret: secret('upstream'), token: () => token })
  onTestFinished(close)
  return url
}

/** A fetch that keeps what it receives. */
const tapped: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  leave('wire', `${response.status} ${response.statusText} ${JSON.stringify([...response.headers])}`)
  if (response.body === null) return response
  const decoder = new TextDecoder()
  const seen = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      leave('wire', decoder.decode(chunk, { stream: true }))
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(seen), response)
}

const HEADERS = {
  authorization: `Bearer ${SECRETS.ACCESS_TOKEN}`,
  cookie: `session=${secret('cookie')}`,
  'x-api-key': secret('header-key'),
  'x-session-token': secret('header-token'),
  'proxy-authorization': `Basic ${Buffer.from(secret('basic')).toString('base64')}`,
}

type Reach = (server: FastMCP, options: ConnectOptions) => Promise<Client>
const REACHES: Readonly<Record<string, Reach>> = {
  http: async (server, options) => {
    const { url, close } = await server.listen({ port: 0 })
    onTestFinished(close)
    return connect(url, { ...options, headers: HEADERS, fetch: tapped })
  },
  stdio: async (server, options) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    output.on('data', (chunk) => leave('wire', String(chunk)))
    const serving = server.run({ transport: 'stdio', input, output })
    onTestFinished(async () => {
      input.end()
      await serving
    })
    return connect({ input: output, output: input }, options)
  },
}

type Era = 'stateless' | 'stateful'

async function open(
  reach: string,
  variables: object,
  { era, onError }: { era: Era; onError?: FastMCPOptions['onError'] },
): Promise<Client> {
  const mcp = createServer({ ...SECRETS, ...variables }, onError === undefined ? {} : { onError })
  const client = await REACHES[reach]?.(mcp, {
    era,
    logLevel: 'debug',
    onLog: (entry) => leave('notification', `${JSON.stringify(entry)}\n`),
    onProgress: (progress) => leave('notification', `${JSON.stringify(progress)}\n`),
    onElicit: (message, form) => {
      leave('question', JSON.stringify([message, form]))
      return { yes: true }
    },
  })
  if (client === undefined) throw new Error(`There is no way ${reach}`)
  onTestFinished(() => client.close())
  return client
}

/** Waits for it, and keeps what comes of it. */
async function outcome(work: Promise<unknown>): Promise<void> {
  const came = await work.catch((problem: unknown) => problem)
  leave('outcome', `${inspect(came, { depth: 12, showHidden: true })}\n`)
}

const PASSWORD = secret('argument')

/** Asks the upstream for all of these, with every way to prove who asks. */
async function askAll(client: Client, paths: readonly string[]): Promise<void> {
  const asks = paths.flatMap((path) => ['header', 'query', 'oauth'].map((by) => ({ by, path })))
  await Promise.all(asks.map((ask) => outcome(client.callTool('ask', ask))))
}

it('finds a secret in any disguise', () => {
  const texts = [MARK, MARK.toUpperCase(), `x${PASSWORD}`, encodeURIComponent(` ${MARK}&`)]
  const hidden = ['', 'a', 'ab', 'abc'].map((before) => btoa(`${before}${PASSWORD}`))
  for (const text of [...texts, ...hidden, Buffer.from(PASSWORD).toString('hex')]) expect(found(text)).not.toEqual([])
  expect(found('saffron lanterns are fine')).toEqual([])
})

describe.each(['stateless', 'stateful'] as const)('in the %s era', (era) => {
  describe.each(Object.keys(REACHES))('over %s', (reach) => {
    it('no secret leaves by an upstream that fails', async () => {
      const client = await open(reach, { UPSTREAM: await leakyUpstream(secret('oauth-token')) }, { era })
      await askAll(client, [...PATHS, `/500?key=${PASSWORD}`])
      expectNoSecret()
      expect(left.get('outcome')).toContain('UNAUTHORIZED')
      expect(left.get('wire')).toContain('The API')
    })

    it('no secret leaves by a token endpoint that fails, or an upstream that is not there', async () => {
      const client = await open(reach, { UPSTREAM: await leakyUpstream() }, { era })
      await outcome(client.callTool('ask', { by: 'oauth', path: '/500' }))
      const { url, close } = await listenLeakily({ secret: '', token: () => undefined })
      close()
      const lost = await open(reach, { UPSTREAM: url }, { era })
      await askAll(lost, ['/500'])
      expectNoSecret()
      expect(left.get('outcome')).toContain('unreachable')
    })

    it('no secret leaves by arguments, right or wrong', async () => {
      const client = await open(reach, { UPSTREAM: 'http://127.0.0.1:1/' }, { era })
      const right = { user: 'ada', password: PASSWORD.padEnd(100, '!'), pin: 1 }
      for (const wrong of [
        {},
        { password: PASSWORD },
        { password: [PASSWORD] },
        { password: { token: PASSWORD } },
        { pin: PASSWORD },
        { user: undefined, password: PASSWORD },
        { api_token: PASSWORD },
      ]) {
        await outcome(client.callTool('log_in', { ...right, ...wrong }))
      }
      await outcome(client.callTool('throw', { password: PASSWORD }))
      await outcome(client.getPrompt('broken', { password: PASSWORD }))
      expectNoSecret()
      expect(left.get('console')).toContain('[redacted]')
    })

    it('no secret leaves by handlers, health checks and questions', async () => {
      const client = await open(reach, { UPSTREAM: await leakyUpstream() }, { era })
      await outcome(client.callTool('translate'))
      await outcome(client.callTool('tell', {}, { meta: { 'com.example/trace': 'a1' } }))
      await outcome(client.callTool('ask_back'))
      await outcome(client.callTool('stream'))
      await outcome(client.readResource('broken://resource'))
      await outcome(client.readResource('health://status').then(({ text }) => text))
      await outcome(client.tools())
      expectNoSecret()
      expect(left.get('outcome')).toContain('went on')
      expect(left.get('outcome')).toContain('degraded')
      expect(left.get('console')).toContain('[fastmcp]')
    })

    it('no secret leaves by a limit that is reached, or a lifespan that fails', async () => {
      const limited = await open(reach, { UPSTREAM: 'http://127.0.0.1:1/', LIMIT: '1' }, { era })
      for (let call = 0; call < 3; call++) await outcome(limited.callTool('log_in', { password: PASSWORD }))
      const stopping = createServer({ ...SECRETS, UPSTREAM: 'http://127.0.0.1:1/', FAIL: 'stop' })
      await using client = await connect(stopping, { era })
      await outcome(client.tools())
      await stopping.close().catch(() => undefined)
      expect(left.get('outcome')).toContain('RATE_LIMITED')
      expectNoSecret()
    })
  })

  it('no secret leaves by what operators are told of an upstream', async () => {
    const onError = (problem: Error, facts: object) => leave('report', inspect([problem, facts], { depth: 12 }))
    const client = await open('http', { UPSTREAM: await leakyUpstream(secret('oauth-token')) }, { era, onError })
    await askAll(client, PATHS)
    expectNoSecret()
  })

  it('no secret leaves by a server that cannot begin', async () => {
    const server = createServer({ ...SECRETS, UPSTREAM: 'http://127.0.0.1:1/', FAIL: 'start' })
    const answer = await server.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: { ...HEADERS, 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      }),
    )
    leave('wire', await answer.text())
    expect(left.get('wire')).toContain('Internal error')
    expectNoSecret()
  })
})

describe('over HTTP by hand', () => {
  const body = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const call = { name: 'log_in', arguments: { user: 'ada', password: PASSWORD, pin: 1 }, _meta: meta }
  const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'log_in' }

  it.each<[string, Record<string, string>, string]>([
    ['a token that is wrong', { authorization: `Bearer ${secret('wrong-token')}` }, body('tools/list')],
    ['a token that makes authenticate throw', { authorization: `${HEADERS.authorization} broken` }, body('tools/list')],
    ['a session that there is not', { 'mcp-session-id': secret('session') }, body('tools/list')],
    ['an event that there is not', { 'last-event-id': secret('event') }, body('tools/list')],
    ['an origin', { origin: `https://${MARK}.example.com` }, body('tools/list')],
    ['a host', { host: `${MARK}.example.com` }, body('tools/list')],
    ['a body that is no JSON', {}, `{"password":"${PASSWORD}`],
    ['arguments that are none', {}, body('tools/call', { name: 'log_in', arguments: PASSWORD })],
    ['a header that differs', { ...modern, 'mcp-param-pin': secret('header') }, body('tools/call', call)],
    ['a type', { 'content-type': `application/${MARK}` }, body('tools/list')],
    ['request state', modern, body('tools/call', { ...call, requestState: secret('state') })],
  ])('%s is not said again', async (_, headers, text) => {
    const server = createServer({ ...SECRETS, UPSTREAM: 'http://127.0.0.1:1/' })
    const { url, close } = await server.listen({ port: 0 })
    onTestFinished(close)
    const accept = 'application/json, text/event-stream'
    const given = { ...HEADERS, accept, 'content-type': 'application/json', ...headers }
    const response = await tapped(url, { method: 'POST', headers: given, body: text })
    await response.text()
    expectNoSecret()
  })
})

describe('on the command line', () => {
  const file = 'tests/hardening/canary-server.ts'
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const UPSTREAM = 'http://127.0.0.1:1/'
    const program = fastmcp(args, {
      cwd: installed,
      env: { ...SECRETS, UPSTREAM, CANARY_PROGRAM: '1', ...env },
      input: '',
    })
    const { stdout, stderr } = await program.ended
    leave('stdout', stdout)
    leave('stderr', stderr)
    return `${stdout}${stderr}`
  }

  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['calls', ['call', file, 'ask', 'by=query', 'path=/500'], {}, 'could not be reached'],
    ['calls of a tool that throws', ['call', file, 'throw', `password=${PASSWORD}`], {}, 'Internal error'],
    ['inspections', ['inspect', file, '--json'], {}, 'log_in'],
    ['settings that are wrong', ['list', file], { LIMIT: secret('limit'), FAIL: secret('fail') }, 'LIMIT'],
    ['settings that are missing', ['list', file], { API_KEY: '' }, 'API_KEY is missing'],
    ['keys that are too short', ['list', file], { FASTMCP_STATE_KEYS: secret('key') }, 'FASTMCP_STATE_KEYS'],
    ['a server that cannot begin', ['run', file, '--port', '0'], { FAIL: 'start' }, 'connect'],
    ['a server that cannot end', ['run', file], { FAIL: 'stop' }, ''],
    [
      'servers that refuse',
      ['list', 'http://127.0.0.1:1/mcp', '--header', `authorization=${secret('cli')}`],
      {},
      'error',
    ],
  ])('no secret leaves by %s', async (_, args, env, words) => {
    expect(await run(args, env)).toContain(words)
    expectNoSecret()
  })

  it('no secret leaves by a server that runs', async () => {
    const env = { ...SECRETS, UPSTREAM: await leakyUpstream(), CANARY_PROGRAM: '1' }
    const program = fastmcp(['run', file, '--port', '0'], { cwd: installed, env })
    const [, url = ''] = await program.says(/serving on (\S+)$/m)
    for (const era of ['stateless', 'stateful'] as const) {
      await using client = await connect(url, { era, headers: HEADERS, fetch: tapped })
      await askAll(client, PATHS)
      await outcome(client.callTool('throw', { password: PASSWORD }))
      await outcome(client.readResource('health://status').then(({ text }) => text))
    }
    program.signal('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    leave('stdout', stdout)
    leave('stderr', stderr)
    expect(code).toBe(0)
    expect(stderr).toContain('[redacted]')
    expectNoSecret()
  })
})
