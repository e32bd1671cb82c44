import { format, inspect } from 'node:util'
import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { logging } from '@fastmcp/ts/middleware'
import { openapi } from '@fastmcp/ts/openapi'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startApi } from '../kit/local-api.ts'
import { listenLeakily, PATHS } from './canary-upstream.ts'
import { found, secret } from './mark.ts'

let told = ''
beforeEach(() => {
  told = ''
  for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((...words) => {
      told += `${format(...words)}\n`
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

const THEIRS = {
  authorization: `Bearer ${secret('caller-token')}`,
  cookie: `sid=${secret('caller-cookie')}`,
  'x-session-token': secret('caller-session'),
  'x-tenant': 'acme',
  'x-other': 'other',
}

const SCHEMES = {
  header: { type: 'apiKey', in: 'header', name: 'x-key' },
  query: { type: 'apiKey', in: 'query', name: 'id' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'id' },
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  caller: { type: 'oauth2', flows: {} },
}

const AUTH = {
  header: secret('header'),
  query: secret('query'),
  cookie: secret('cookie'),
  basic: { username: 'ada', password: secret('password') },
  bearer: secret('bearer'),
  caller: async () => secret('own'),
}

type Scheme = keyof typeof AUTH
const ALL = Object.keys(AUTH) as Scheme[] // of an object that is written above

/** An API that has these paths, each proved by this scheme. */
const describeApi = (paths: readonly string[], scheme: Scheme): object => ({
  openapi: '3.1.0',
  info: { title: 'Leaky', version: '1' },
  components: { securitySchemes: SCHEMES },
  security: [{ [scheme]: [] }],
  paths: Object.fromEntries(paths.map((path) => [path, { get: { operationId: path.slice(1), responses: {} } }])),
})

type Era = 'stateless' | 'stateful'

/** Every path is asked for by every scheme, for a caller with secrets of their own. Gives what came of it. */
async function askAll(era: Era, baseUrl: string, paths: readonly string[]): Promise<unknown[]> {
  const mcp = new FastMCP({
    name: 'x',
    version: '1',
    authenticate: () => ({ subject: 'ada', claims: { token: secret('claim') } }),
    onError: (problem, facts) => {
      told += inspect([problem, facts], { depth: 12 })
    },
  })
  mcp.use(logging({ arguments: true }))
  const habits = { timeout: 5_000, retry: { retries: 1, initialDelay: 1 }, maxResponseBytes: 100_000 }
  for (const scheme of ALL) {
    const options = { baseUrl, ...habits, auth: { [scheme]: AUTH[scheme] }, forwardHeaders: ['x-tenant'] }
    mcp.mount(scheme, openapi(describeApi(paths, scheme), options))
  }
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  await using client = await connect(url, { era, headers: THEIRS })
  const outcomes = await Promise.allSettled((await client.tools()).map(({ name }) => client.callTool(name, {})))
  told += outcomes.map((outcome) => inspect(outcome, { depth: 12, showHidden: true })).join('\n')
  return outcomes
}

describe.each(['stateless', 'stateful'] as const)('in the %s era', (era) => {
  it('OA-09: no credential is in any error or log, however much an API gives away', async () => {
    const { url, close } = await listenLeakily({ secret: 'nothing', token: () => undefined })
    onTestFinished(close)
    // What it answers with success is its own, and for the caller; what takes long is left out.
    const failing = PATHS.filter((path) => !['/html', '/broken', '/mismatch', '/huge', '/hang'].includes(path))
    expect(await askAll(era, url, failing)).toHaveLength(failing.length * ALL.length)
    const expected = ['UNAUTHORIZED', 'NOT_FOUND', '[masked]', 'redirected', '"tools/call"']
    expect(expected.filter((words) => !told.includes(words))).toEqual([])
    expect(found(told)).toEqual([])
  })

  it('nothing of the caller reaches an API but what is named', async () => {
    await using api = await startApi(() => ({ ok: true }))
    await askAll(era, api.url, ['/a'])
    expect(api.asked).toHaveLength(ALL.length)
    for (const { headers, url } of api.asked) {
      expect(headers['x-tenant']).toBe('acme')
      expect(JSON.stringify([headers, url])).not.toMatch(/caller|claim|x-other|x-session/)
    }
    const proofs = api.asked.map(({ headers, url }) => [headers['x-key'], headers.cookie, headers.authorization, url])
    expect(proofs).toEqual(
      expect.arrayContaining([
        [AUTH.header, undefined, undefined, '/a'],
        [undefined, undefined, undefined, `/a?id=${AUTH.query}`],
        [undefined, `id=${AUTH.cookie}`, undefined, '/a'],
        [undefined, undefined, `Basic ${btoa(`ada:${AUTH.basic.password}`)}`, '/a'],
        [undefined, undefined, `Bearer ${AUTH.bearer}`, '/a'],
        [undefined, undefined, `Bearer ${secret('own')}`, '/a'],
      ]),
    )
  })

  it('OA-04: no credential and no request follows a redirect to the metadata of a cloud', async () => {
    await using api = await startApi((_, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' })
      response.end()
    })
    const outcomes = await askAll(era, api.url, ['/a'])
    expect(outcomes).toHaveLength(ALL.length)
    for (const outcome of outcomes) expect(inspect(outcome, { depth: 12 })).toContain('redirected')
    expect(found(told)).toEqual([])
  })
})

it.each([
  'http://169.254.169.254',
  'http://0xa9fea9fe/',
  'http://localhost:8080',
  'http://[::ffff:10.0.0.7]',
  'http://db',
])('OA-04: an API that a document says is at %s is not offered', async (url) => {
  const provider = openapi({ ...describeApi(['/a'], 'header'), servers: [{ url }] }, { auth: { header: AUTH.header } })
  const { taken, skipped } = await provider.report()
  expect(taken).toEqual([])
  expect(skipped).toMatchObject([{ path: '/a', reason: expect.stringMatching(/give `baseUrl`$/) }])
})

it('OA-03: a variable of an address is what the document lists', async () => {
  const variables = { host: { default: 'eu.example.com', enum: ['eu.example.com', 'us.example.com'] } }
  const api = { ...describeApi(['/a'], 'header'), servers: [{ url: 'https://{host}/', variables }] }
  const reasonFor = async (host: string) =>
    (await openapi(api, { serverVariables: { host } }).report()).skipped[0]?.reason
  expect(await reasonFor('us.example.com')).toBeUndefined()
  expect(await reasonFor('evil.example.com')).toMatch(/can only be "eu.example.com", "us.example.com"/)
})
