import dns from 'node:dns'
import { type FromOpenApiOptions, fromOpenAPI, openapi } from '@fastmcp/ts/openapi'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type LocalApi, startApi } from '../kit/local-api.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

interface Given {
  readonly paths: object
  readonly servers?: readonly object[]
}

const documentOf = ({ paths, servers = [{ url: 'https://api.example.com' }] }: Given): object => ({
  openapi: '3.1.0',
  info: { title: 'Users', version: '1' },
  servers,
  paths,
})
const parameter = (name: string, place: string, more: object = {}): object => ({
  name,
  in: place,
  schema: { type: 'string' },
  ...(place === 'path' && { required: true }),
  ...more,
})

const quiet: FromOpenApiOptions = { retry: false, timeout: 5_000, onReport: () => undefined }

describeEras(
  'whatever a model gives',
  (open) => {
    const paths = {
      '/users/{id}/posts': { get: { operationId: 'posts', parameters: [parameter('id', 'path')] } },
      '/files/{name}/text': { get: { operationId: 'text', parameters: [parameter('name', 'path')] } },
      '/labels/{.a}/x': { get: { operationId: 'label', parameters: [parameter('a', 'path')] } },
      '/pair/{a}{b}/x': { get: { operationId: 'pair', parameters: [parameter('a', 'path'), parameter('b', 'path')] } },
    }
    const serve = (api: LocalApi): Parameters<typeof open>[0] =>
      fromOpenAPI(documentOf({ paths }), {
        ...quiet,
        baseUrl: `${api.url}/v1`,
        routeMaps: [{ pattern: '^/files/', type: 'resourceTemplate' }],
      })
    /** Each with what arrives in its place. */
    const ENCODED: readonly (readonly [string, string])[] = [
      ['%2e%2e', '%252e%252e'],
      ['%252e', '%25252e'],
      [';admin=1', '%3Badmin%3D1'],
      ['?x=1', '%3Fx%3D1'],
      ['#x', '%23x'],
      ['//evil.example', '%2F%2Fevil.example'],
      ['\\', '%5C'],
      ['a\\b', 'a%5Cb'],
      ['@evil.example:443', '%40evil.example%3A443'],
      ['x HTTP/1.1\r\nHost: evil', 'x%20HTTP%2F1.1%0D%0AHost%3A%20evil'],
      ['\u0000', '%00'],
      ['．．／', '%EF%BC%8E%EF%BC%8E%EF%BC%8F'],
      ['x'.repeat(10_240), 'x'.repeat(10_240)],
    ]
    const REFUSED = ['../admin', '..', '.', '..;/x', '..\\x', 'a/../..', '..?x', '..\u0000', '']

    it('OA-01: a value of a path is encoded, or nothing is sent; it is never more than its part', async () => {
      await using api = await startApi(() => ({}))
      const client = await open(serve(api))
      for (const [id] of ENCODED) await client.callTool('posts', { id })
      expect(api.asked.map(({ url }) => url)).toEqual(ENCODED.map(([, text]) => `/v1/users/${text}/posts`))
      expect(api.asked.every(({ headers }) => headers.host === new URL(api.url).host)).toBe(true)
      const refused = REFUSED.map((id) => client.callTool('posts', { id }))
      const more = [client.callTool('label', { a: '.' }), client.callTool('pair', { a: '.', b: '.' })]
      const long = client.callTool('posts', { id: 'x'.repeat(70_000) })
      for (const call of [...refused, ...more, long]) {
        await expect(call).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      }
      expect(api.asked).toHaveLength(ENCODED.length)
    })

    it('OA-01, TPL-01: the same holds for what is read by a template', async () => {
      await using api = await startApi(() => ({}))
      const client = await open(serve(api))
      const names = [...ENCODED.map(([name]) => name), ...REFUSED, 'fine']
      const uris = names.map((name) => `resource://text/${encodeURIComponent(name)}`)
      const hostile = ['resource://text/../text/x', 'resource://text//etc', 'resource://text', 'resource://TEXT/x']
      await Promise.allSettled([...uris, ...hostile].map((uri) => client.readResource(uri)))
      const allowed = [...ENCODED, ['fine', 'fine']].map(([, text]) => `/v1/files/${text}/text`)
      expect(allowed).toEqual(expect.arrayContaining(api.asked.map(({ url }) => url)))
      expect(api.asked.map(({ url }) => url)).toContain('/v1/files/fine/text')
    })

    it('OA-02: headers and cookies hold no line breaks, and reserved ones are nobody’s', async () => {
      await using api = await startApi(() => ({}))
      const reserved = [
        'Host',
        'Authorization',
        'Content-Length',
        'Transfer-Encoding',
        'Cookie',
        'X-HTTP-Method-Override',
      ]
      const headers = [...reserved, 'X-Forwarded-For', 'X-Tenant', 'X-Trace'].map((name) => parameter(name, 'header'))
      const impossible = parameter('X-A\r\nHost', 'header')
      const document = documentOf({
        paths: {
          '/a': { get: { operationId: 'a', parameters: [...headers, impossible, parameter('sid', 'cookie')] } },
          '/raw': { get: { operationId: 'raw', parameters: [parameter('sid', 'cookie', { style: 'cookie' })] } },
          '/b': { get: { operationId: 'b', parameters: [parameter('X-Real-IP', 'header', { required: true })] } },
        },
      })
      const client = await open(fromOpenAPI(document, { ...quiet, baseUrl: api.url, headers: { 'x-tenant': 'ours' } }))
      const tools = await client.tools()
      expect(tools.map(({ name }) => name)).toEqual(['a', 'raw'])
      expect(Object.keys(tools[0]?.inputSchema.properties ?? {})).toEqual(['X-Trace', 'sid'])
      const hostile = [
        { 'X-Trace': 'a\r\nHost: evil' },
        { 'X-Trace': 'a\nb' },
        { 'X-Trace': 'a\u0000' },
        ...[...reserved, 'host', 'X-Tenant', 'X-A\r\nHost'].map((name) => ({ [name]: 'evil' })),
      ]
      for (const args of hostile) await expect(client.callTool('a', args)).rejects.toThrow()
      await expect(client.callTool('raw', { sid: 'a; admin=1' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
      expect(api.asked).toEqual([])
      await client.callTool('a', { 'X-Trace': 'fine', sid: 'a; admin=1\r\nX: y' })
      expect(api.asked[0]?.headers).toMatchObject({ 'x-trace': 'fine', 'x-tenant': 'ours' })
      expect(api.asked[0]?.headers.cookie).toBe('sid=a%3B%20admin%3D1%0D%0AX%3A%20y')
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'whatever a document says',
  (open) => {
    it('OA-06: names are safe and unique, and each calls its own operation', async () => {
      await using api = await startApi(({ url }) => ({ url }))
      const long = 'x'.repeat(300)
      const ids = ['__proto__', '__proto__', 'constructor', 'same', 'same', long, long, '😀', '../..', 'a\nb', '']
      const paths = Object.fromEntries(ids.map((operationId, n) => [`/p${n}`, { get: { operationId } }]))
      const client = await open(fromOpenAPI(documentOf({ paths }), { ...quiet, baseUrl: api.url }))
      const names = (await client.tools()).map(({ name }) => name)
      expect(new Set(names).size).toBe(ids.length)
      for (const [n, name] of names.entries()) {
        expect(name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/)
        expect((await client.callTool(name)).data).toEqual({ url: `/p${n}` })
      }
      await expect(client.callTool('__proto__')).rejects.toThrow()
    })

    it('OA-07, SC-05: patterns that backtrack take no time, or do not count', async () => {
      const patterns = ['^(a+)+$', '^(a|aa)+$', '^(?=(a+)+$)a', '^(([a-z])+.)+[A-Z]([a-z])+$']
      const bodies = patterns.map((pattern) => ({
        type: 'object',
        properties: { v: { type: 'string', pattern } },
        patternProperties: { [pattern]: {} },
      }))
      const paths = Object.fromEntries(
        bodies.map((schema, n) => [
          `/p${n}`,
          { post: { operationId: `op${n}`, requestBody: { content: { 'application/json': { schema } } } } },
        ]),
      )
      const fetch = async (): Promise<Response> => Response.json({})
      const client = await open(fromOpenAPI(documentOf({ paths }), { ...quiet, baseUrl: 'https://a.example', fetch }))
      for (const v of ['a', `${'a'.repeat(28)}!`, `${'a'.repeat(50_000)}!`]) {
        for (const [n] of patterns.entries()) {
          const began = performance.now()
          await client.callTool(`op${n}`, { v }).catch(() => undefined)
          expect(performance.now() - began).toBeLessThan(200)
        }
      }
    })
  },
  { transports: ['memory'] },
)

describe('wherever a document leads', () => {
  const get = { '/a': { get: { operationId: 'a' } } }
  /** Addresses that the document chooses, and where each operation of it then goes. */
  const REGION = [
    {
      url: 'https://{region}.example.com/{path}',
      variables: { region: { default: 'us', enum: ['us', 'eu'] }, path: { default: 'v1' } },
    },
  ]

  it('OA-03: a variable of an address is what the document lists, and nothing else', async () => {
    const place = async (serverVariables: Record<string, string>): Promise<string> => {
      const urls: string[] = []
      const fetch = async (url: string): Promise<Response> => {
        urls.push(url)
        return Response.json({})
      }
      const provider = openapi(documentOf({ paths: get, servers: REGION }), { ...quiet, fetch, serverVariables })
      const { skipped } = await provider.report()
      const tool = await provider.find('tool', 'a', { auth: undefined, sessionId: undefined })
      if (tool === undefined) return skipped[0]?.reason ?? ''
      await using client = await createTestClient(
        fromOpenAPI(documentOf({ paths: get, servers: REGION }), { ...quiet, fetch, serverVariables }),
      )
      await expect(client.callTool('a', { region: 'evil.example/#' })).rejects.toThrow('region')
      await client.callTool('a')
      return urls.join()
    }
    expect(await place({})).toBe('https://us.example.com/v1/a')
    expect(await place({ region: 'eu' })).toBe('https://eu.example.com/v1/a')
    for (const region of [
      'evil.example/#',
      'evil.example?',
      'a@evil.example',
      '169.254.169.254/',
      'EU',
      '',
      '__proto__',
    ]) {
      expect(await place({ region })).toContain('can only be "us", "eu"')
    }
    expect(await place({ path: '../..//evil.example' })).toContain('can only be "v1"')
  })

  it('OA-04: nothing inside a network is called because a document says so, by any spelling', async () => {
    await using api = await startApi(() => ({}))
    const { port } = new URL(api.url)
    const own = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '0',
      '[::1]',
      '[::ffff:7f00:1]',
    ]
    const others = [
      '169.254.169.254',
      '0xa9fea9fe',
      '[fd00:ec2::254]',
      '[64:ff9b::a9fe:a9fe]',
      '10.0.0.1',
      'metadata.google.internal',
    ]
    const spelled = ['localhost.', 'LOCALHOST', '①②⑦.0.0.1', 'api', 'x.local']
    const hosts = [...own, ...others, ...spelled]
    const variable = { url: `http://{h}:${port}`, variables: { h: { default: '127.0.0.1' } } }
    const odd = [
      `//127.0.0.1:${port}/`,
      'file:///etc/passwd',
      'ftp://example.com',
      'http://u:p@api.example.com',
      '/',
      'javascript:x',
    ]
    const servers = [
      ...hosts.map((host) => ({ url: `http://${host}:${port}/` })),
      variable,
      ...odd.map((url) => ({ url })),
    ]
    const fetched = vi.spyOn(globalThis, 'fetch')
    for (const server of servers) {
      const paths = { '/a': { get: {} }, '/b': { get: {}, servers: [{ url: 'https://api.example.com' }] } }
      const { taken, skipped } = await openapi(documentOf({ paths, servers: [server] }), quiet).report()
      expect([server.url, taken.map(({ path }) => path), skipped.map(({ path }) => path)]).toEqual([
        server.url,
        ['/b'],
        ['/a'],
      ])
      const onlyIn = { '/a': { get: { servers: [server] } } }
      expect((await openapi(documentOf({ paths: onlyIn }), quiet).report()).taken).toEqual([])
    }
    expect([api.asked.length, fetched.mock.calls.length]).toEqual([0, 0])
  })

  it('OA-04: nor by a name that leads there, or by a redirect', async () => {
    await using inside = await startApi(() => ({}))
    const looked = vi
      .spyOn(dns.promises, 'lookup')
      .mockImplementation(async () => [{ address: '127.0.0.1', family: 4 }] as never)
    const named = documentOf({
      paths: get,
      servers: [{ url: `http://rebinding.example.com:${new URL(inside.url).port}` }],
    })
    await using client = await createTestClient(fromOpenAPI(named, quiet))
    await expect(client.callTool('a')).rejects.toThrow(/not a public one/)
    await expect(client.callTool('a')).rejects.not.toThrow(/127|rebinding/)
    expect(looked).toHaveBeenCalled()

    const targets = [
      `${inside.url}/`,
      `http://localhost:${new URL(inside.url).port}/`,
      'http://169.254.169.254/latest/',
      '//2130706433/',
    ]
    await using api = await startApi(({ url }, response) => {
      response.writeHead(307, { location: targets[Number(url.slice(1))] ?? '' }).end()
    })
    const paths = Object.fromEntries(targets.map((_, n) => [`/${n}`, { post: { operationId: `t${n}` } }]))
    await using other = await createTestClient(fromOpenAPI(documentOf({ paths }), { ...quiet, baseUrl: api.url }))
    for (const [n] of targets.entries()) await expect(other.callTool(`t${n}`)).rejects.toThrow(/redirect/)
    expect([inside.asked.length, api.asked.length]).toEqual([0, targets.length])
  })
})
