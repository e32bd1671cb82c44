import { describe, expect, it } from 'vitest'
import { readApi } from '../document/read-api.ts'
import type { Api } from './api.ts'
import type { Route } from './route.ts'

function read(paths: unknown, rest: object = {}): Api {
  const api = readApi({ openapi: '3.1.0', paths, ...rest })
  if (api instanceof Promise) throw new Error('it came later')
  return api
}

function route(operation: unknown, path = '/a', rest: object = {}): Route {
  const [first] = read({ [path]: { get: operation } }, rest).routes
  if (first === undefined) throw new Error('it was skipped')
  return first
}

const reasonOf = (paths: unknown, rest: object = {}): string | undefined => read(paths, rest).skipped[0]?.reason

describe('operations', () => {
  it('come in the order of the document', () => {
    const api = read({
      '/b': { post: {}, get: {} },
      '/a': { delete: {}, summary: 'x', servers: [] },
      'x-no': { get: {} },
    })
    expect(api.routes.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /b', 'GET /b', 'DELETE /a'])
  })

  it('tell what they are', () => {
    const operation = {
      operationId: 'list',
      summary: 'S',
      description: 'D',
      tags: ['t', 1],
      deprecated: true,
      'x-a': { b: 1 },
      other: 1,
    }
    expect(route(operation)).toMatchObject({
      operationId: 'list',
      summary: 'S',
      description: 'D',
      tags: ['t'],
      deprecated: true,
      extensions: { 'x-a': { b: 1 } },
    })
    expect(route({ operationId: '__proto__' }).operationId).toBe('__proto__')
  })

  it('may be of a path that is elsewhere, with members of its own', () => {
    const api = read(
      { '/a': { $ref: '#/components/pathItems/p', summary: 'own' } },
      { components: { pathItems: { p: { get: {}, put: {} } } } },
    )
    expect(api.routes.map(({ method, summary }) => [method, summary])).toEqual([
      ['GET', 'own'],
      ['PUT', 'own'],
    ])
  })

  it.each([
    [{ '/a': { get: 'x' } }, 'it is no object'],
    [{ '/a': null }, 'it is no object'],
    [{ '/a': { $ref: '#/none' } }, 'its reference "#/none" leads nowhere'],
    [{ '/a': { $ref: '#/paths/~1a' } }, 'leads'],
    [{ a: { get: {} } }, 'does not begin with "/"'],
    [{ '/{a': { get: {} } }, 'a brace without its other half'],
    [{ [`/${'a'.repeat(3_000)}`]: { get: {} } }, 'longer than'],
    [{ '/a': { get: { parameters: [{ $ref: '#/none' }] } } }, 'leads nowhere'],
    [{ '/a': { get: { parameters: Array.from({ length: 1_001 }) } } }, 'more than 1000 parameters'],
    [{ '/a': { post: { requestBody: { $ref: 'b.json' } } } }, 'leads to another document'],
    [{ '/a': { additionalOperations: { LOCK: {} } } }, 'its method is none'],
    [{ '/a': { get: {}, additionalOperations: { GET: {} } } }, 'described twice'],
    [{ '/a#{id}': { get: { parameters: [{ name: 'id', in: 'path' }] } } }, 'nothing behind that is sent'],
    [
      { [`/${'{a}{b}{c}'.repeat(9)}${Array.from({ length: 101 }, (_, n) => `{p${n}}`).join('')}`]: { get: {} } },
      'more than 100',
    ],
    [
      { '/a': { get: { security: [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [n, []]))] } } },
      'too many proofs',
    ],
  ])('are skipped with the reason', (paths, reason) => {
    expect(reasonOf(paths)).toContain(reason)
  })

  it('have servers of their own, else of the path, else of the document', () => {
    const servers = (url: string) => [
      { url, variables: { port: { default: 8080, enum: ['80', 8080, null] }, odd: {} } },
    ]
    const api = read(
      {
        '/a': { servers: servers('/p'), get: { servers: servers('/o') }, put: { servers: [{ url: 1 }] } },
        '/b': { get: {} },
      },
      { servers: servers('/d') },
    )
    expect(api.routes.map((found) => found.servers[0]?.url)).toEqual(['/o', '/p', '/d'])
    expect(api.routes[0]?.servers[0]?.variables).toEqual(new Map([['port', { default: '8080', enum: ['80', '8080'] }]]))
    expect(route({}, '/a', { servers: 'x' }).servers).toEqual([{ url: '/', variables: new Map() }])
  })

  it('need what they say, else what the document says', () => {
    const security = [{ key: [], login: ['read', 1] }, {}]
    expect(route({}, '/a', { security }).security).toEqual([
      new Map([
        ['key', []],
        ['login', ['read']],
      ]),
      new Map(),
    ])
    expect(route({ security: [] }, '/a', { security }).security).toEqual([])
  })

  it('have answers in their order, without those that make no sense', () => {
    const content = {
      'application/json; charset=utf-8': { schema: { type: 'object' } },
      'application/JSON': {},
      nonsense: {},
    }
    const responses = {
      200: { description: 'ok', content },
      '4xx': { $ref: '#/components/responses/E' },
      500: { $ref: '#/none' },
      default: {},
      99: {},
      'x-a': {},
    }
    const found = route({ responses }, '/a', { components: { responses: { E: { description: 'bad' } } } })
    expect(found.responses).toMatchObject([
      { status: '200', description: 'ok', content: [{ type: 'application/json', schema: { type: 'object' } }] },
      { status: '4XX', description: 'bad' },
      { status: 'default' },
    ])
    expect(found.notes).toEqual(['"nonsense" is no media type', 'its reference "#/none" leads nowhere'])
  })
})

describe('parameters', () => {
  const parametersOf = (parameters: unknown, path = '/a') => route({ parameters }, path).parameters

  it.each([
    ['path', 'simple', false],
    ['query', 'form', true],
    ['header', 'simple', false],
    ['cookie', 'form', true],
  ])('in the %s are written as %s unless they say otherwise', (place, style, explode) => {
    const found = parametersOf([{ name: 'p', in: place }], place === 'path' ? '/{p}' : '/a')
    expect(found).toMatchObject([{ in: place, style, explode, required: place === 'path', allowReserved: false }])
  })

  it('have only styles that their place allows', () => {
    const styles = ['deepObject', 'simple', 7].map((style, index) => ({ name: `q${index}`, in: 'query', style }))
    expect(parametersOf(styles).map(({ style, explode }) => [style, explode])).toEqual([
      ['deepObject', false],
      ['form', true],
      ['form', true],
    ])
  })

  it('of the operation win over those of the path, by name and place', () => {
    const shared = [
      { name: 'A', in: 'header', description: 'path' },
      { name: 'b', in: 'query' },
    ]
    const own = [
      { name: 'a', in: 'header', description: 'own' },
      { name: 'b', in: 'cookie' },
    ]
    const [found] = read({ '/a': { parameters: shared, get: { parameters: own } } }).routes
    expect(found?.parameters.map(({ name, in: place, description }) => [name, place, description])).toEqual([
      ['a', 'header', 'own'],
      ['b', 'query', undefined],
      ['b', 'cookie', undefined],
    ])
  })

  it('are ignored where the specification says so', () => {
    const names = ['Accept', 'content-type', 'AUTHORIZATION', 'X-Mine']
    expect(parametersOf(names.map((name) => ({ name, in: 'header' }))).map(({ name }) => name)).toEqual(['X-Mine'])
  })

  it('of the path are those of its template, declared or not', () => {
    const found = route(
      {
        parameters: [
          { name: 'b', in: 'path' },
          { name: 'c', in: 'path' },
        ],
      },
      '/{a}/{b}',
    )
    expect(found.parameters).toMatchObject([{ name: 'a', required: true, schema: { type: 'string' } }, { name: 'b' }])
    expect(found.notes).toHaveLength(2)
  })

  it('of a query in the path may be declared as what they are', () => {
    expect(parametersOf([{ name: 'q', in: 'query' }], '/a?q={q}')).toHaveLength(1)
  })

  it.each<[string, string, readonly (readonly [string, string, boolean])[]]>([
    [
      '/a{?page,limit}',
      'page',
      [
        ['limit', 'query', false],
        ['page', 'query', false],
      ],
    ],
    ['/a?x=1{&page}', '', [['page', 'query', false]]],
    ['/a?page={page}', '', [['page', 'query', false]]],
    ['/a?p={page}', '', [['page', 'path', true]]],
    ['/a?page={page}#{x}', 'page in path', [['page', 'path', true]]],
    ['/a{?page}', 'page in path', [['page', 'query', false]]],
    ['/a{#x}', '', []],
    ['/{+page}/b', 'page in path', [['page', 'path', true]]],
    ['/{page*}', '', [['page', 'path', true]]],
    ['/a{.page}', 'page in path', [['page', 'path', true]]],
  ])('of %s with "%s" are where they stand', (path, declared, expected) => {
    const [name, , place = 'query'] = declared.split(' ')
    const found = parametersOf(name === '' ? [] : [{ name, in: place }], path)
    expect(found.map((one) => [one.name, one.in, one.required])).toEqual(expected)
  })

  it('may be of a media type', () => {
    const content = { 'application/json': { schema: { type: 'object' } } }
    expect(parametersOf([{ name: 'q', in: 'query', content }])).toMatchObject([
      { content: { type: 'application/json' } },
    ])
  })

  it('may be references, with a description of their own', () => {
    const parameters = [{ $ref: '#/components/parameters/p', description: 'own' }]
    const found = route({ parameters }, '/a', {
      components: { parameters: { p: { name: 'p', in: 'query', description: 'shared' } } },
    })
    expect(found.parameters).toMatchObject([{ name: 'p', description: 'own' }])
  })

  it('are not both the whole query and parts of it', () => {
    const parameters = [
      { name: 'q', in: 'query' },
      { name: 'all', in: 'querystring', content: {} },
    ]
    expect(reasonOf({ '/a': { get: { parameters } } })).toContain('whole query string')
  })

  it('are left out where they make no sense', () => {
    const found = route({
      parameters: [null, 'x', {}, { name: 'a' }, { name: 1, in: 'query' }, { name: 'a', in: '__proto__' }],
    })
    expect(found.parameters).toEqual([])
    expect(found.notes?.[0]).toContain('left out')
  })
})

describe('bodies', () => {
  it('have the encodings of their properties', () => {
    const encoding = {
      a: {
        contentType: 'text/plain',
        style: 'form',
        explode: true,
        headers: { 'X-A': { schema: {} }, 'Content-Type': {} },
      },
      b: 1,
    }
    const requestBody = { required: true, content: { 'multipart/form-data': { schema: true, encoding } } }
    const media = read({ '/a': { post: { requestBody } } }).routes[0]?.body?.content[0]
    expect(media).toMatchObject({ type: 'multipart/form-data', schema: true })
    expect([...(media?.encoding ?? [])]).toMatchObject([
      ['a', { contentType: 'text/plain', explode: true, headers: [{ name: 'X-A', in: 'header' }] }],
    ])
  })

  it('keep the parameters of their types, but for those that say how they are written', () => {
    const types = [
      'application/JSON; odata=minimalmetadata ;version=2',
      'text/plain; utf-8',
      'text/csv;charset=utf-16;a=b',
    ]
    const content = Object.fromEntries(types.map((type) => [type, {}]))
    const found = read({ '/a': { post: { requestBody: { content } } } }).routes[0]?.body?.content
    expect(found?.map(({ type, parameters }) => [type, parameters])).toEqual([
      ['application/json', 'odata=minimalmetadata; version=2'],
      ['text/plain', undefined],
      ['text/csv', 'a=b'],
    ])
  })

  it('may be sequences of which each item is described', () => {
    const content = { 'application/x-ndjson': { itemSchema: { type: 'integer' } }, 'text/plain': { itemSchema: 'x' } }
    const found = read({ '/a': { post: { requestBody: { content } } } }).routes[0]?.body?.content
    expect(found).toMatchObject([{ schema: { type: 'array', items: { type: 'integer' } } }, { type: 'text/plain' }])
    expect(found?.[1]).not.toHaveProperty('schema')
  })

  it('are none without a form', () => {
    for (const requestBody of [{}, { content: {} }, { content: { x: {} } }, 'x', { content: [] }]) {
      expect(read({ '/a': { post: { requestBody } } }).routes[0]).not.toHaveProperty('body')
    }
  })
})

describe('security schemes', () => {
  it('are read by their type', () => {
    const securitySchemes = {
      key: { type: 'apiKey', name: 'X', in: 'header' },
      half: { type: 'apiKey', name: 'X', in: 'body' },
      bearer: { $ref: '#/components/securitySchemes/http' },
      http: { type: 'http', scheme: 'Bearer' },
      login: { type: 'openIdConnect' },
      lost: { $ref: '#/none' },
      odd: 7,
    }
    expect(Object.fromEntries(read({}, { components: { securitySchemes } }).schemes)).toEqual({
      key: { type: 'apiKey', name: 'X', in: 'header' },
      half: { type: 'unknown' },
      bearer: { type: 'http', scheme: 'bearer' },
      http: { type: 'http', scheme: 'bearer' },
      login: { type: 'openIdConnect' },
      lost: { type: 'unknown' },
      odd: { type: 'unknown' },
    })
  })
})
