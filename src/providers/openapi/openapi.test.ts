import { FastMCP, hide, pipe } from '@fastmcp/ts'
import { createTestClient, recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Asked, sendJson, startApi } from '../../../tests/kit/local-api.ts'
import { openapi } from './openapi.ts'
import type { OpenApiOptions } from './options.ts'
import type { OpenApiReport } from './report.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const json = (schema: object): object => ({ description: 'x', content: { 'application/json': { schema } } })
const parameter = (name: string, place: string, schema: object = { type: 'string' }): object => ({
  name,
  in: place,
  ...(place === 'path' && { required: true }),
  schema,
})
const User = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } }, required: ['name'] }
const documentOf = (paths: object, rest: object = {}): object => ({
  openapi: '3.1.0',
  info: { title: 'Users', version: '1.2.0' },
  paths,
  ...rest,
})
const USERS = documentOf({
  '/users': {
    get: {
      operationId: 'list_users',
      summary: 'All users',
      tags: ['users'],
      parameters: [parameter('page', 'query', { type: 'integer' }), parameter('x-team', 'header')],
      responses: { 200: json({ type: 'array', items: User }) },
    },
    post: {
      operationId: 'create_user',
      requestBody: { required: true, content: { 'application/json': { schema: User } } },
      responses: { 201: json(User) },
    },
  },
  '/users/{id}': {
    get: {
      operationId: 'get_user',
      parameters: [parameter('id', 'path', { type: 'integer' })],
      responses: { 200: json(User) },
    },
    delete: {
      operationId: 'delete_user',
      parameters: [parameter('id', 'path', { type: 'integer' })],
      responses: { 204: { description: 'gone' } },
    },
  },
  '/internal/secrets': { get: { operationId: 'secrets', responses: { 200: json({}) } } },
})

function serve(document: object | string, options: OpenApiOptions = {}): FastMCP {
  const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
  mcp.mount(openapi(document, options))
  return mcp
}

const answer = ({ method, url, body }: Asked): unknown => {
  if (method === 'POST') return { id: 3, ...JSON.parse(body) }
  return url.startsWith('/v1/users/') ? { id: 7, name: 'Ada' } : [{ id: 7, name: 'Ada' }]
}

describeEras(
  'an API over HTTP',
  (open) => {
    it('is tools: with arguments, results, annotations and errors', async () => {
      await using api = await startApi((asked, response) => {
        if (asked.method !== 'DELETE') return answer(asked)
        sendJson(response, 404, { message: 'There is no such user' })
        return undefined
      })
      const client = await open(() => serve(USERS, { baseUrl: `${api.url}/v1`, headers: { 'x-team': 'blue' } }))
      const tools = await client.tools()
      expect(tools.map(({ name }) => name)).toEqual(['list_users', 'create_user', 'get_user', 'delete_user', 'secrets'])
      expect(tools[0]).toMatchObject({
        title: 'All users',
        inputSchema: { type: 'object', properties: { page: { type: 'integer' } } },
        annotations: { readOnlyHint: true },
      })
      // What the author gives is not asked for.
      expect(Object.keys(tools[0]?.inputSchema.properties ?? {})).toEqual(['page'])
      expect((await client.callTool('get_user', { id: '7' })).data).toEqual({ id: 7, name: 'Ada' })
      expect((await client.callTool('list_users', { page: 2 })).data).toEqual([{ id: 7, name: 'Ada' }])
      expect((await client.callTool('create_user', { name: 'Bob' })).data).toEqual({ id: 3, name: 'Bob' })
      await expect(client.callTool('delete_user', { id: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(api.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /v1/users/7',
        'GET /v1/users?page=2',
        'POST /v1/users',
        'DELETE /v1/users/9',
      ])
      expect(api.asked[1]?.headers).toMatchObject({
        'x-team': 'blue',
        accept: expect.stringMatching(/^application\/json/),
      })
    })

    it('is sent nothing when the arguments cannot be', async () => {
      await using api = await startApi(answer)
      const client = await open(() => serve(USERS, { baseUrl: api.url }))
      await expect(client.callTool('get_user', { id: 'seven' })).rejects.toThrow('id')
      await expect(client.callTool('get_user', {})).rejects.toThrow('id')
      await expect(client.callTool('create_user', { id: 1 })).rejects.toThrow('name')
      expect(api.asked).toEqual([])
    })

    it('is resources and templates where a rule says so', async () => {
      await using api = await startApi(answer)
      const options: OpenApiOptions = {
        baseUrl: `${api.url}/v1`,
        routeMaps: [
          { methods: ['GET'], pattern: /\{id\}/, type: 'resourceTemplate' },
          { methods: ['GET'], pattern: '^/users$', type: 'resource' },
        ],
      }
      const client = await open(() => serve(USERS, options))
      expect((await client.tools()).map(({ name }) => name)).toEqual(['create_user', 'delete_user', 'secrets'])
      expect((await client.resources()).map(({ uri }) => uri)).toEqual(['resource://list_users'])
      expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual(['resource://get_user/{id}'])
      const { contents } = await client.readResource('resource://get_user/7')
      expect(contents).toMatchObject([{ uri: 'resource://get_user/7', mimeType: 'application/json' }])
      await client.readResource('resource://list_users')
      await expect(client.readResource('resource://get_user/x')).rejects.toThrow('id')
      expect(api.asked.map(({ url }) => url)).toEqual(['/v1/users/7', '/v1/users'])
    })

    it('shows of what is excluded nothing, by no way', async () => {
      await using api = await startApi(answer)
      const options: OpenApiOptions = { baseUrl: api.url, routeMaps: [{ pattern: '^/internal/', type: 'exclude' }] }
      const client = await open(() => serve(USERS, options))
      expect((await client.tools()).map(({ name }) => name)).not.toContain('secrets')
      await expect(client.callTool('secrets')).rejects.toThrow()
      await expect(client.callTool('GET /internal/secrets')).rejects.toThrow()
      await expect(client.readResource('resource://secrets')).rejects.toThrow()
      expect(api.asked).toEqual([])
    })

    it('stands under a namespace, below transforms', async () => {
      await using api = await startApi(answer)
      const create = (): FastMCP => {
        const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
        const source = openapi(USERS, {
          baseUrl: `${api.url}/v1`,
          routeMaps: [{ pattern: /\{id\}/, methods: ['get'], type: 'resourceTemplate' }],
        })
        mcp.mount('shop', pipe(source, hide({ names: ['delete_*', 'secrets'] })))
        return mcp
      }
      const client = await open(create)
      expect((await client.tools()).map(({ name }) => name)).toEqual(['shop_list_users', 'shop_create_user'])
      const [template] = await client.templates()
      await client.readResource((template?.uriTemplate ?? '').replace('{id}', '7'))
      await expect(client.callTool('shop_delete_user', { id: 7 })).rejects.toThrow()
      await expect(client.callTool('list_users')).rejects.toThrow()
      expect(api.asked.map(({ url }) => url)).toEqual(['/v1/users/7'])
    })
  },
  { transports: ['memory'] },
)

describe('names', () => {
  it('are safe and unique, whatever the document says', async () => {
    const ids = ['__proto__', 'constructor', 'same', 'same', 'x'.repeat(300), '😀', 'größe', 'toString', '']
    const paths = Object.fromEntries(
      ids.map((operationId, n) => [`/p${n}`, { get: { operationId, responses: { 200: json({}) } } }]),
    )
    const { fetch, requests } = recordedUpstream(Object.fromEntries(ids.map((_, n) => [`GET /p${n}`, { n }])))
    const mcp = serve(documentOf(paths), { fetch, baseUrl: 'https://api.example.com', onReport() {} })
    await using client = await createTestClient(mcp)
    const names = (await client.tools()).map(({ name }) => name)
    expect(names.length).toBe(ids.length)
    expect(new Set(names).size).toBe(ids.length)
    for (const [n, name] of names.entries()) {
      expect(name).toMatch(/^[A-Za-z0-9_.-]{1,64}$/)
      expect((await client.callTool(name)).data).toEqual({ n })
    }
    expect(requests.length).toBe(ids.length)
    await expect(client.callTool('__proto__')).rejects.toThrow()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('may be chosen, and components changed', async () => {
    const options: OpenApiOptions = {
      baseUrl: 'https://api.example.com',
      names: { get_user: 'user', create_user: 'user' },
      tags: ['all'],
      routeMaps: [{ methods: ['POST'], type: 'tool', mcpTags: ['writes'] }],
      componentFn: (route, component) =>
        route.method === 'DELETE' ? { ...component, tags: [...component.tags, 'dangerous'] } : undefined,
    }
    const provider = openapi(USERS, options)
    const tools = await provider.list('tool', { auth: undefined, sessionId: undefined })
    expect(tools.map(({ id, tags }) => [id, ...tags])).toEqual([
      ['list_users', 'users', 'all'],
      ['user', 'writes', 'all'],
      ['user_2', 'all'],
      ['delete_user', 'all', 'dangerous'],
      ['secrets', 'all'],
    ])
    const { taken } = await provider.report()
    expect(taken[2]).toMatchObject({ id: 'user_2', renamedFrom: 'user', operationId: 'get_user' })
  })

  it('need functions that do not fail', () => {
    const fail = (): never => {
      throw new Error('no')
    }
    const place = { baseUrl: 'https://api.example.com' }
    expect(() => openapi(USERS, { ...place, names: fail })).toThrow('names for GET /users failed: no')
    expect(() => openapi(USERS, { ...place, componentFn: fail })).toThrow('componentFn for GET /users failed: no')
    expect(() => openapi(USERS, { ...place, habits: fail })).toThrow('habits for GET /users failed: no')
    expect(() => openapi(USERS, { ...place, componentFn: () => ({}) as never })).toThrow('gave no component')
    const halfRenamed: OpenApiOptions['componentFn'] = (_, component) => ({ ...component, id: 'other' })
    expect(() => openapi(USERS, { ...place, componentFn: halfRenamed })).toThrow(
      /shown as "\w+" and found as "other"; give it another name by `names`/,
    )
  })
})

describe('habits', () => {
  it('of single operations: what is kept of answers, pages, time', async () => {
    const pages: Record<string, object> = {
      'GET /users': { items: [{ id: 1, name: 'Ada', secret: 'x' }], next: 'b' },
      'GET /users?cursor=b': { items: [{ id: 2, name: 'Bob', secret: 'y' }] },
    }
    const document = documentOf({
      '/users': {
        get: {
          operationId: 'list',
          parameters: [parameter('cursor', 'query')],
          responses: { 200: json({ type: 'object', properties: { items: { type: 'array', items: User } } }) },
        },
      },
    })
    const { fetch, requests } = recordedUpstream(pages)
    const habits: OpenApiOptions['habits'] = ({ operationId }) =>
      operationId === 'list'
        ? { pick: ['items.*.name'], paginate: { by: 'cursor', parameter: 'cursor', next: 'next', items: 'items' } }
        : undefined
    await using client = await createTestClient(serve(document, { baseUrl: 'https://api.example.com', fetch, habits }))
    const { data } = await client.callTool('list')
    expect(JSON.stringify(data)).toContain('Bob')
    expect(JSON.stringify(data)).not.toContain('secret')
    expect(requests.map(({ url }) => url)).toEqual([
      'https://api.example.com/users',
      'https://api.example.com/users?cursor=b',
    ])
  })

  it('wait for their turn no longer than a request may take', async () => {
    const { fetch, requests } = recordedUpstream({ 'GET /users': [] })
    const limits: OpenApiOptions = { rateLimit: { limit: 1, per: 60_000 }, timeout: 1_000 }
    await using client = await createTestClient(serve(USERS, { baseUrl: 'https://api.example.com', fetch, ...limits }))
    await client.callTool('list_users')
    await expect(client.callTool('list_users')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(requests.length).toBe(1)
  })

  it('that cannot be are named at once', () => {
    const place = { baseUrl: 'https://api.example.com' }
    expect(() => openapi(USERS, { ...place, timeout: -1 })).toThrow('timeout')
    expect(() => openapi(USERS, { ...place, rateLimit: { limit: 0, per: 1 } })).toThrow('limit')
    expect(() => openapi(USERS, { ...place, output: 'loose' as 'strict' })).toThrow('output must be')
    expect(() => openapi(USERS, { ...place, baseUrl: 'ftp://x' })).toThrow('baseUrl')
    expect(() => openapi(USERS, { ...place, forwardHeaders: ['authorization'] })).toThrow('forwardHeaders')
    expect(() => openapi(USERS, { ...place, habits: () => ({ timeout: 0 }) })).toThrow('timeout')
    const paginate = { by: 'cursor', parameter: 'nope', next: 'n', items: 'i' } as const
    expect(() => openapi(USERS, { ...place, habits: () => ({ paginate }) })).toThrow('nope')
    expect(() => openapi(USERS, { ...place, habits: () => ({ pick: ['a..b'] }) })).toThrow(
      /habits for GET \/users failed: pick: "a\.\.b" is no path/,
    )
  })
})

describe('credentials', () => {
  const secured = documentOf(
    {
      '/mine': {
        get: { operationId: 'mine', parameters: [parameter('api_key', 'query')], responses: { 200: json({}) } },
      },
    },
    {
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } },
    },
  )

  it('are given by the author and never asked for', async () => {
    const { fetch, requests } = recordedUpstream({ 'GET /mine': ({ url }) => ({ url }) })
    const options = { baseUrl: 'https://api.example.com', fetch, auth: { key: 'hush-hush-1234' } }
    await using client = await createTestClient(serve(secured, options))
    const [tool] = await client.tools()
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual([])
    await client.callTool('mine')
    expect(requests[0]?.url).toBe('https://api.example.com/mine?api_key=hush-hush-1234')
  })

  it('go along no redirect to elsewhere, and nobody is told of an option that there is not', async () => {
    const { fetch, requests } = recordedUpstream({
      'GET /mine': () => new Response(null, { status: 307, headers: { location: 'https://evil.example/' } }),
    })
    const options = { baseUrl: 'https://api.example.com', fetch, auth: { key: 'hush-hush-1234' } }
    await using client = await createTestClient(serve(secured, options))
    await expect(client.callTool('mine')).rejects.toMatchObject({
      code: 'API_ERROR',
      message: 'Users redirected GET /mine to another origin, where it is not followed',
    })
    expect(requests.length).toBe(1)
  })

  it('that are missing are reported, and logged when the server starts', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const { fetch } = recordedUpstream({})
    const mcp = serve(secured, { baseUrl: 'https://api.example.com', fetch })
    expect(said).not.toHaveBeenCalled()
    await using client = await createTestClient(mcp)
    await client.tools()
    expect(said.mock.calls).toEqual([
      ['[fastmcp] openapi: of Users 1.2.0, 1 operation is offered; no credentials for key'],
    ])
    const { missingCredentials, advice } = await openapi(secured, {
      baseUrl: 'https://api.example.com',
      onReport() {},
    }).report()
    expect(missingCredentials).toEqual(['key'])
    expect(advice.join()).toContain('auth: { key: … }')
  })
})

describe('the report', () => {
  it('says what was taken, left out and why, and what it costs a model', async () => {
    const document = documentOf({
      '/a': { trace: { operationId: 'trace' }, get: { operationId: 'a', responses: { 200: json({}) } } },
      '/b': { get: { operationId: 'b', responses: { 200: json({}) } } },
    })
    const reports: OpenApiReport[] = []
    const provider = openapi(document, {
      baseUrl: 'https://api.example.com',
      routeMaps: [{ pattern: '/b', type: 'exclude' }],
      onReport: (report) => void reports.push(report),
    })
    const [report] = reports
    expect(reports.length).toBe(1)
    expect(await provider.report()).toBe(report)
    expect(report).toMatchObject({
      title: 'Users',
      version: '1.2.0',
      taken: [{ method: 'GET', path: '/a', operationId: 'a', type: 'tool', id: 'a', notes: [] }],
      excluded: [{ method: 'GET', path: '/b', operationId: 'b' }],
      skipped: [{ method: 'TRACE', path: '/a', operationId: 'trace', reason: 'TRACE cannot be sent' }],
      advice: [],
    })
    expect(report?.tokens).toBeGreaterThan(10)
  })

  it('says what of an operation could not be read', async () => {
    const { taken } = await openapi(documentOf({ '/a/{b}': { get: { parameters: [parameter('c', 'path')] } } }), {
      baseUrl: 'https://api.example.com',
      onReport() {},
    }).report()
    expect(taken[0]?.notes).toEqual([expect.stringContaining('"c"'), expect.stringContaining('{b}')])
  })

  it('is logged in one line, whatever the document holds, and each reason once', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const paths = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`/${n}\n[fastmcp] no{`, { get: {} }]))
    const securitySchemes = { 'a\n[fastmcp] no\u001b[2J': { type: 'http', scheme: 'bearer' } }
    const document = documentOf(
      { ...paths, '/a': { get: {}, trace: {} } },
      { security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })), components: { securitySchemes } },
    )
    await using client = await createTestClient(serve(document, { baseUrl: 'https://api.example.com' }))
    await client.tools()
    const [[line = ''] = []] = said.mock.calls
    expect(line).toMatch(/10 cannot be \(GET \/0 .{1,40} and 8 more: its path .*; TRACE \/a: TRACE cannot be sent\)/)
    expect(line).not.toMatch(/\p{Cc}/u)
  })

  it('advises to search above 40 tools', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 41 }, (_, n) => [
        `/p${n}`,
        { get: { operationId: `op${n}`, responses: { 200: json({}) } } },
      ]),
    )
    const { advice } = await openapi(documentOf(paths), { baseUrl: 'https://api.example.com' }).report()
    expect(advice.join()).toContain('search()')
  })

  it('tells what a rule made of an operation that cannot be what it asked for', async () => {
    const { taken, skipped } = await openapi(USERS, {
      baseUrl: 'https://api.example.com',
      routeMaps: [
        { methods: ['GET', 'DELETE'], pattern: /\{id\}/, type: 'resource' },
        { pattern: 'secrets', type: 'resourceTemplate' },
      ],
    }).report()
    const byId = new Map(taken.map((route) => [route.operationId, route]))
    expect(byId.get('get_user')).toMatchObject({
      type: 'resourceTemplate',
      notes: [expect.stringContaining('template')],
    })
    expect(byId.get('secrets')).toMatchObject({ type: 'resource', notes: [expect.stringContaining('resource')] })
    expect(skipped).toMatchObject([{ operationId: 'delete_user', reason: expect.stringContaining('make it a tool') }])
  })
})

describe('a document elsewhere', () => {
  const options = (
    fetch: OpenApiOptions['fetch'],
    onError: (problem: Error) => void = () => undefined,
  ): OpenApiOptions => ({
    fetch,
    onError,
    onReport() {},
    baseUrl: 'https://api.example.com',
  })

  it('is read when it is first needed, once', async () => {
    const { fetch, requests } = recordedUpstream({ 'GET /openapi.json': USERS, 'GET /users': [] })
    const provider = openapi('https://api.example.com/openapi.json', options(fetch))
    expect([provider.isRemote, requests.length]).toEqual([true, 0])
    const view = { auth: undefined, sessionId: undefined }
    const [list, again] = await Promise.all([provider.list('tool', view), provider.list('tool', view)])
    expect(list).toBe(again)
    expect(list.length).toBe(5)
    expect([provider.isRemote, requests.length]).toEqual([false, 1])
    expect(provider.list('tool', view)).toBe(list)
  })

  it('that cannot be read hides nothing else; it is told, tried again, and clients hear of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      let isUp = false
      const problems: string[] = []
      const { fetch } = recordedUpstream({
        'GET /openapi.json': () => (isUp ? Response.json(USERS) : new Response('', { status: 503 })),
        'GET /users': [{ name: 'Ada' }],
      })
      const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
      mcp.tool('own', { description: 'Mine' }, () => 'here')
      mcp.mount(
        'api',
        openapi(
          new URL('https://api.example.com/openapi.json'),
          options(fetch, ({ message }) => void problems.push(message)),
        ),
      )
      await using client = await createTestClient(mcp)
      expect((await client.tools()).map(({ name }) => name)).toEqual(['own'])
      expect((await client.callTool('own')).data).toBe('here')
      await expect(client.callTool('api_list_users')).rejects.toThrow()
      expect(problems).toEqual([expect.stringContaining('503')])
      const changes: string[] = []
      await client.listen({ tools: true }, ({ kind }) => void changes.push(kind))
      isUp = true
      await vi.advanceTimersByTimeAsync(1_000)
      await vi.waitUntil(() => changes.length > 0)
      expect((await client.tools()).map(({ name }) => name)).toContain('api_get_user')
      expect((await client.callTool('api_list_users')).data).toEqual([{ name: 'Ada' }])
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells of a change when it has come', async () => {
    const { fetch } = recordedUpstream({ 'GET /openapi.json': USERS })
    const provider = openapi('https://api.example.com/openapi.json', {
      ...options(fetch),
      routeMaps: [{ pattern: 'secrets', type: 'resource' }],
    })
    const kinds: string[] = []
    const stop = provider.onChange(({ kind }) => void kinds.push(kind))
    const end = await provider.start?.()
    await provider.report()
    expect(kinds).toEqual(['tool', 'resource'])
    stop()
    await end?.()
  })

  it('is not waited for by the start of the server', async () => {
    const { fetch } = recordedUpstream({ 'GET /openapi.json': () => new Promise<Response>(() => undefined) })
    const end = await openapi('https://api.example.com/openapi.json', options(fetch)).start?.()
    await end?.()
  })
})

describe('an app', () => {
  it('is called in this process', async () => {
    const app = {
      fetch: async (request: Request) =>
        request.url.endsWith('/openapi.json')
          ? Response.json(USERS)
          : Response.json([{ name: new URL(request.url).pathname }]),
    }
    const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
    mcp.mount(openapi(app, { onReport() {} }))
    mcp.mount('given', openapi(app, { document: USERS, onReport() {} }))
    await using client = await createTestClient(mcp)
    expect((await client.callTool('list_users')).data).toEqual([{ name: '/users' }])
    expect((await client.callTool('given_list_users')).data).toEqual([{ name: '/users' }])
  })
})
