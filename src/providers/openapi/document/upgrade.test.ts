import { describe, expect, it } from 'vitest'
import type { Api } from '../routes/api.ts'
import { readApi } from './read-api.ts'

function read(document: object): Api {
  const api = readApi(document)
  if (api instanceof Promise) throw new Error('it came later')
  return api
}

function swagger(paths: object, rest: object = {}): Api {
  return read({ swagger: '2.0', info: { title: 'S', version: '1' }, paths, ...rest })
}

describe('OpenAPI 3.0', () => {
  it('becomes 3.1', () => {
    const x = { type: 'string', nullable: true, format: 'byte' }
    const n = { type: 'integer', minimum: 1, exclusiveMinimum: true }
    const api = read({ openapi: '3.0.3', paths: {}, components: { schemas: { x, n } } })
    expect(api.resolve('#/components/schemas/n')).toEqual({ type: 'integer', exclusiveMinimum: 1 })
    expect(api.resolve('#/components/schemas/x')).toMatchObject({ type: ['string', 'null'] })
  })

  it('keeps properties and schemas that are named as keywords are', () => {
    const example = {
      type: 'object',
      properties: { id: {}, example: { type: 'string', example: 'x' }, examples: { type: 'array' } },
    }
    const api = read({ openapi: '3.0.3', paths: {}, components: { schemas: { example } } })
    expect(api.resolve('#/components/schemas/example')).toEqual({
      type: 'object',
      properties: { id: {}, example: { type: 'string', examples: ['x'] }, examples: { type: 'array' } },
    })
  })

  it('keeps what is told of bytes, which are bytes whatever type they are said to have', () => {
    const content = (schema: object) => ({ 'text/plain': {}, 'application/octet-stream': { schema }, 'text/csv': {} })
    const image = { type: 'string', format: 'binary', description: 'A picture', maxLength: 9 }
    const schemas = { Image: image }
    const paths = {
      '/a': { put: { requestBody: { content: content({ ...image, pattern: '^.{1,9}$', nullable: true }) } } },
      '/b': { put: { requestBody: { content: content({ $ref: '#/components/schemas/Image' }) } } },
      '/c': { put: { requestBody: { content: content({ type: 'object', description: 'What the file is called' }) } } },
      '/d': { put: { requestBody: { content: content({ $ref: '#/nowhere' }) } } },
    }
    const api = read({ openapi: '3.0.3', paths, components: { schemas } })
    expect(api.routes.map(({ body }) => body?.content.map(({ type }) => type))).toEqual(
      Array(4).fill(['text/plain', 'application/octet-stream', 'text/csv']),
    )
    const told = { description: 'A picture', maxLength: 9 }
    expect(api.routes.map(({ body }) => body?.content[1]?.schema)).toEqual([told, told, {}, {}])
  })

  it('is not taken for Swagger 2.0 by a member that is left of it', () => {
    expect(read({ openapi: '3.0.3', swagger: '2.0', paths: { '/a': { get: {} } } }).routes).toHaveLength(1)
  })
})

describe('OpenAPI 3.2', () => {
  it('is read as it is', () => {
    const paths = {
      '/a': {
        query: {},
        additionalOperations: { COPY: {}, OPTIONS: {} },
        get: { parameters: [{ name: 'q', in: 'querystring', content: { 'application/json': {} } }] },
      },
    }
    const api = read({ openapi: '3.2.0', paths })
    expect(api.routes.map(({ method }) => method)).toEqual(['QUERY', 'GET', 'OPTIONS'])
    expect(api.routes[1]?.parameters).toMatchObject([{ in: 'querystring', content: { type: 'application/json' } }])
    expect(api.skipped).toMatchObject([{ method: 'COPY', reason: expect.stringContaining('method') }])
  })
})

describe('Swagger 2.0', () => {
  const Pet = { type: 'object', properties: { name: { type: 'string', 'x-nullable': true } } }
  const definitions = { Pet }

  it('has servers, with the encrypted ones first', () => {
    const [route] = swagger(
      { '/a': { get: {} } },
      { host: 'example.com', basePath: 'v1/', schemes: ['http', 'ws', 'https'] },
    ).routes
    expect(route?.servers.map(({ url }) => url)).toEqual(['https://example.com/v1/', 'http://example.com/v1/'])
    expect(swagger({ '/a': { get: {} } }).routes[0]?.servers).toMatchObject([{ url: '/' }])
  })

  it('has bodies with the media types of the operation, else of the document', () => {
    const body = { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }
    const paths = {
      '/a': {
        post: { parameters: [body] },
        put: { consumes: ['text/xml'], parameters: [{ $ref: '#/parameters/pet' }] },
      },
    }
    const api = swagger(paths, { definitions, consumes: ['application/json'], parameters: { pet: body } })
    const schema = { $ref: '#/components/schemas/Pet' }
    expect(api.routes.map((route) => route.body)).toMatchObject([
      { required: true, content: [{ type: 'application/json', schema }] },
      { required: true, content: [{ type: 'text/xml', schema }] },
    ])
    expect(api.resolve('#/components/schemas/Pet')).toMatchObject({
      properties: { name: { type: ['string', 'null'] } },
    })
  })

  it('has forms with all that their fields say', () => {
    const parameters = [
      { $ref: '#/parameters/file' },
      {
        name: 'tags',
        in: 'formData',
        type: 'array',
        items: { type: 'string', enum: ['a', 'b'] },
        collectionFormat: 'multi',
      },
      { name: 'ids', in: 'formData', type: 'array', items: { type: 'integer' } },
    ]
    const api = swagger(
      { '/a': { post: { parameters } } },
      { parameters: { file: { name: 'file', in: 'formData', type: 'file', required: true } } },
    )
    const [form] = api.routes[0]?.body?.content ?? []
    expect(form).toMatchObject({
      type: 'multipart/form-data',
      schema: { required: ['file'], properties: { tags: { type: 'array', items: { enum: ['a', 'b'] } } } },
    })
    expect(form?.encoding.get('tags')).toMatchObject({ style: 'form', explode: true })
    expect(form?.encoding.get('ids')).toMatchObject({ style: 'form', explode: false })
    const file = Object(form?.schema).properties.file.$ref
    expect(api.resolve(file)).toEqual({ type: 'string', contentMediaType: 'application/octet-stream' })
  })

  it('has parameters with the style of their collection format', () => {
    const list = { in: 'query', type: 'array', items: { type: 'string' } }
    const parameters = [
      { ...list, name: 'a' },
      { ...list, name: 'b', collectionFormat: 'multi' },
      { ...list, name: 'c', collectionFormat: 'pipes' },
    ]
    const [route] = swagger(
      { '/a': { parameters: [{ $ref: '#/parameters/limit' }], get: { parameters } } },
      { parameters: { limit: { name: 'limit', in: 'query', type: 'integer' } } },
    ).routes
    expect(
      route?.parameters.map(({ name, style, explode, schema }) => [name, style, explode, Object(schema).type]),
    ).toEqual([
      ['limit', 'form', true, 'integer'],
      ['a', 'form', false, 'array'],
      ['b', 'form', true, 'array'],
      ['c', 'pipeDelimited', false, 'array'],
    ])
  })

  it('has answers with the media types of the operation, and shared ones', () => {
    const schema = { $ref: '#/definitions/Pet' }
    const get = {
      produces: ['text/xml', 'application/json'],
      responses: { 200: { description: '', schema }, 404: { $ref: '#/responses/No' } },
    }
    const api = swagger(
      { '/a': { get } },
      { definitions, produces: ['text/html'], responses: { No: { description: 'no', schema: { type: 'file' } } } },
    )
    expect(api.routes[0]?.responses.map(({ status, content }) => [status, content.map(({ type }) => type)])).toEqual([
      ['200', ['text/xml', 'application/json']],
      ['404', ['text/xml', 'application/json']],
    ])
  })

  it('keeps schemas that are referred to where they stand', () => {
    const get = { responses: { 200: { description: '', schema: { type: 'string' } } } }
    const schema = { $ref: '#/paths/~1a/get/responses/200/schema' }
    const api = swagger({ '/a': { get }, '/b': { get: { responses: { 200: { description: '', schema } } } } })
    const found = api.routes.map(({ responses }) => api.resolve(Object(responses[0]?.content[0]?.schema).$ref))
    expect(found).toEqual([{ type: 'string' }, { type: 'string' }])
  })

  it('has security schemes', () => {
    const securityDefinitions = {
      a: { type: 'basic' },
      b: { type: 'apiKey', name: 'k', in: 'query' },
      c: { type: 'oauth2', flow: 'implicit' },
      d: null,
    }
    const api = swagger({ '/a': { get: {} } }, { securityDefinitions, security: [{ a: [] }] })
    expect([...api.schemes]).toEqual([
      ['a', { type: 'http', scheme: 'basic' }],
      ['b', { type: 'apiKey', name: 'k', in: 'query' }],
      ['c', { type: 'oauth2' }],
    ])
    expect(api.routes[0]?.security).toEqual([new Map([['a', []]])])
  })

  it('may share paths', () => {
    const api = swagger(
      { '/a': { $ref: '#/x-p' }, '/b': { $ref: '#/x-p' } },
      { 'x-p': { get: { parameters: [{ name: 'q', in: 'query', type: 'string' }] } } },
    )
    expect(api.routes.map(({ path, parameters }) => [path, parameters[0]?.name])).toEqual([
      ['/a', 'q'],
      ['/b', 'q'],
    ])
  })
})
