import { FastMCP } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it } from 'vitest'
import { startApi } from '../../../tests/kit/local-api.ts'
import { originOf } from '../../../tests/kit/origin.ts'
import { contextOf } from '../../engine/backstage.ts'
import { openapi } from './openapi.ts'
import type { OpenApiOptions } from './options.ts'

interface Sent {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** One operation, what it is shown as, and what a call of it sends. */
async function operation(path: string, item: object, rest: Operation = {}) {
  const { answer = () => Response.json({}), options, ...document } = rest
  const sent: Sent[] = []
  const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
  const paths = { [path]: item }
  const fetch: OpenApiOptions['fetch'] = async (url, { headers, body = null }) => {
    sent.push({ url, headers: new Headers(headers), body: await new Response(body).text() })
    return answer(url)
  }
  const info = { title: 'API', version: '1' }
  const whole = { openapi: '3.1.0', info, servers: [{ url: 'https://api.example.com' }], paths, ...document }
  mcp.mount(openapi(whole, { fetch, onReport() {}, ...options }))
  const client = await createTestClient(mcp)
  const [tool] = await client.tools()
  const name = tool?.name ?? ''
  const call = async (args: Readonly<Record<string, unknown>>) => {
    const result = await client.callTool(name, args, { throwOnError: false })
    return { result, sent: sent.splice(0) }
  }
  return { tool, call, client, sent }
}

interface Operation extends Readonly<Record<string, unknown>> {
  readonly answer?: (url: string) => Response
  readonly options?: OpenApiOptions
}

const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
const OK = { 200: { description: 'Fine', ...json({}) } }

describe('a default', () => {
  const settings = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      private: { type: 'boolean', default: false },
      rules: {
        type: 'array',
        items: {
          type: 'object',
          properties: { kind: { $ref: '#/components/schemas/Kind' }, strict: { type: 'boolean', default: true } },
          required: ['kind'],
        },
      },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    },
    required: ['mode'],
  }
  const components = { schemas: { Kind: { type: 'string', enum: ['x', 'y'], default: 'x' } } }

  it('is told, and sent only where the document needs the value: a PATCH changes nothing else', async () => {
    const { tool, call } = await operation(
      '/repo',
      {
        parameters: [{ name: 'page', in: 'query', schema: { type: 'integer', default: 1 } }],
        patch: { requestBody: { required: true, ...json(settings) }, responses: OK },
      },
      { components },
    )
    expect(tool?.inputSchema.properties).toMatchObject({
      page: { type: 'integer', default: 1 },
      private: { type: 'boolean', default: false },
    })
    const [{ url, body } = FAILED] = (await call({ name: 'new', rules: [{}, { kind: 'y' }] })).sent
    expect(url).toBe('https://api.example.com/repo')
    expect(JSON.parse(body)).toEqual({ name: 'new', rules: [{ kind: 'x' }, { kind: 'y' }], mode: 'a' })
    const [given] = (await call({ private: false, page: 1, mode: 'b' })).sent
    expect(given).toMatchObject({ url: 'https://api.example.com/repo?page=1' })
    expect(JSON.parse(given?.body ?? '')).toEqual({ private: false, mode: 'b' })
  })

  it('of a variable of a template is not sent either', async () => {
    const { client, sent } = await operation(
      '/items',
      { get: { operationId: 'items', parameters: [limit, fields], responses: OK } },
      { options: { routeMaps: [{ type: 'resourceTemplate' }] } },
    )
    await client.readResource('resource://items')
    await client.readResource('resource://items?limit=5')
    expect(sent.map(({ url }) => url)).toEqual([
      'https://api.example.com/items',
      'https://api.example.com/items?limit=5',
    ])
  })
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', default: 30 } }
  const fields = { name: 'fields', in: 'query', schema: { type: 'array', items: { type: 'string' }, default: ['a'] } }
})

describe('componentFn', () => {
  const item = { get: { operationId: 'items', tags: ['a'], responses: OK } }

  it('may change what it is given, and give nothing', async () => {
    const options: OpenApiOptions = {
      componentFn: (route, component) => {
        if (component.kind !== 'tool') return
        component.tags.push(route.method)
        component.definition.description = 'All there is'
        component.definition.annotations = { ...component.definition.annotations, openWorldHint: false }
      },
    }
    const { tool, call } = await operation('/items', item, { options })
    expect(tool).toMatchObject({
      name: 'items',
      description: 'All there is',
      annotations: { readOnlyHint: true, openWorldHint: false },
    })
    expect((await call({})).sent).toHaveLength(1)
    const [component] = await openapi(documentOf(item), { fetch, onReport() {}, ...options }).list('tool', NOBODY)
    expect(component?.tags).toEqual(['a', 'GET'])
    expect(Object.isFrozen(component?.definition)).toBe(true)
  })

  it('cannot show a component under another name than it is found by', () => {
    const componentFn: OpenApiOptions['componentFn'] = (_, component) => {
      component.definition.name = 'others'
      return undefined
    }
    expect(() => openapi(documentOf(item), { fetch, componentFn })).toThrow('give it another name by `names`')
  })
  const fetch = async (): Promise<Response> => Response.json({})
  const documentOf = (get: object): object => ({
    ...{ openapi: '3.1.0', info: { title: 'API', version: '1' }, servers: [{ url: 'https://api.example.com' }] },
    paths: { '/items': get },
  })
})

it('what the author wants to get is asked for, whatever the document says', async () => {
  const item = { get: { responses: OK } }
  const { call } = await operation('/readme', item, { options: { headers: { accept: 'application/vnd.github.raw' } } })
  expect((await call({})).sent[0]?.headers.get('accept')).toBe('application/vnd.github.raw')
})

it('a whole number of more digits than a number holds reaches the API as that number, wherever it is', async () => {
  const id = { type: 'integer', format: 'int64' }
  const schema = {
    type: 'object',
    properties: {
      id,
      items: { type: 'array', items: { type: 'object', properties: { id } } },
      note: { type: 'string' },
    },
  }
  const query = { name: 'since', in: 'query', schema: id }
  const post = { parameters: [query], requestBody: { required: true, ...json(schema) }, responses: OK }
  const { call } = await operation('/orders', { post })
  const digits = '9007199254740993'
  const { sent } = await call({ id: digits, items: [{ id: `-${digits}` }, { id: 1 }], note: digits, since: digits })
  expect(sent[0]?.url).toBe(`https://api.example.com/orders?since=${digits}`)
  expect(sent[0]?.body).toBe(`{"id":${digits},"items":[{"id":-${digits}},{"id":1}],"note":"${digits}"}`)
  const lost = await call({ items: [{ id: 2 ** 53 }] })
  expect(lost.sent).toEqual([])
  expect(lost.result.text).toContain('`items[0].id` has lost digits')
})

it('base64 is sent as it is where the document says that the body is base64, and otherwise as its bytes', async () => {
  const image = (schema: object): object => {
    const content = { 'image/jpeg': { schema: { type: 'string', ...schema } } }
    return { put: { requestBody: { required: true, content }, responses: OK } }
  }
  const encoded = await operation('/cover', image({ format: 'base64' }), { openapi: '3.0.3' })
  const newer = await operation('/cover', image({ contentEncoding: 'base64' }))
  const raw = await operation('/cover', image({ format: 'binary' }), { openapi: '3.0.3' })
  for (const body of ['aGVsbG8=', { base64: 'aGVsbG8=', filename: 'a.jpg' }]) {
    for (const { call } of [encoded, newer]) expect((await call({ body })).sent[0]?.body).toBe('aGVsbG8=')
    const [sent] = (await raw.call({ body })).sent
    expect(sent?.body).toBe('hello')
    expect(sent?.headers.get('content-type')).toBe('image/jpeg')
  }
  expect((await encoded.call({ body: 'no base64' })).sent).toEqual([])
})

describe('a body of any media type', () => {
  const body = (type: string, schema: object, required = true): object => ({
    post: { requestBody: { required, content: { [type]: { schema } } }, responses: OK },
  })
  const file = { type: 'object', properties: { base64: { type: 'string' } }, required: ['base64'] }
  const components = { schemas: { File: file } }

  it.each(['*/*', 'application/*'])(
    'is JSON where what it takes is an object, a list or a number: %s',
    async (type) => {
      const { tool, call } = await operation('/files', body(type, { $ref: '#/components/schemas/File' }), {
        components,
      })
      expect(tool?.inputSchema).toMatchObject({ properties: { base64: { type: 'string' } }, required: ['base64'] })
      const sentBy = async (args: Readonly<Record<string, unknown>>, given = call) => {
        const [one = FAILED] = (await given(args)).sent
        return [one.headers.get('content-type'), one.body]
      }
      // Nor is it taken for a file, although it looks like one.
      expect(await sentBy({ base64: 'AQID' })).toEqual(['application/json', '{"base64":"AQID"}'])
      const map = await operation('/files', body(type, { type: 'object', additionalProperties: file }))
      expect(await sentBy({ body: { base64: { base64: 'AQID' } } }, map.call)).toEqual([
        'application/json',
        '{"base64":{"base64":"AQID"}}',
      ])
      const list = await operation('/files', body(type, { type: 'array', items: { type: 'integer' } }))
      expect(await sentBy({ body: [1] }, list.call)).toEqual(['application/json', '[1]'])
      const one = await operation('/files', body(type, { oneOf: [{ type: 'integer' }, { type: 'boolean' }] }))
      expect(await sentBy({ body: true }, one.call)).toEqual(['application/json', 'true'])
    },
  )

  it.each([{ type: 'string' }, { oneOf: [{ type: 'string' }, { type: 'object' }] }, {}])(
    'is written by its value where that may be a text: %j',
    async (schema) => {
      const { call } = await operation('/notes', body('*/*', schema))
      const [one] = (await call({ body: 'a' })).sent
      expect(one).toMatchObject({ body: 'a' })
      expect(one?.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    },
  )
})

it('a body that may be left out is given as a whole or not at all', async () => {
  const text = { type: 'string' }
  const schema = { type: 'object', properties: { to: text, text, note: text, urgent: text }, required: ['to', 'text'] }
  const given = { to: 'Ada', text: 'Hi', note: 'n', urgent: 'u' }
  const subsets = [...Array(16).keys()].map((bits) =>
    Object.fromEntries(Object.entries(given).filter((_, index) => bits & (1 << index))),
  )
  const token = { name: 'token', in: 'query', schema: text }
  for (const parameters of [[], [token]]) {
    const post = { parameters, requestBody: json(schema), responses: OK }
    const { call } = await operation('/send', { post })
    const tokens = parameters.length === 0 ? [{}] : [{}, { token: 't' }]
    for (const args of subsets.flatMap((subset) => tokens.map((more) => ({ ...subset, ...more })))) {
      const { token: _, ...members } = { token: '', ...args }
      const isWhole = Object.keys(members).length === 0 || ('to' in members && 'text' in members)
      const { sent, result } = await call(args)
      expect([args, sent.length]).toEqual([args, isWhole ? 1 : 0])
      if (!isWhole) expect(result.text).toMatch(/`(?:to|text)` is required/)
    }
  }
})

describe('OA-04: a redirect that the document tells of', () => {
  const item = { get: { responses: { 302: { description: 'Where the file is' } } } }

  it('leads out through the guard', async () => {
    await using inside = await startApi(() => ({ secret: true }))
    for (const location of ['https://169.254.169.254/latest', 'http://[::1]/x', inside.url]) {
      await using api = await startApi((_, response) => void response.writeHead(302, { location }).end())
      const { call } = await operation('/file', item, { options: { baseUrl: api.url, fetch: undefined } })
      const { result } = await call({})
      expect(api.asked).toHaveLength(1)
      expect(result.isError).toBe(true)
      expect(result.text).toContain('not a public one')
    }
    expect(inside.asked).toEqual([])
  })

  it('leads nowhere else where the author asks by other means', async () => {
    const answer = (): Response => new Response(null, { status: 302, headers: { location: 'https://files.example/x' } })
    const { call } = await operation('/file', item, { answer })
    const { result, sent } = await call({})
    expect(sent.map(({ url }) => url)).toEqual(['https://api.example.com/file'])
    expect(result.text).toContain('to another origin, where it is not followed')
  })
})

describe('a list of Swagger 2.0 is written with what its collectionFormat puts between', () => {
  const types = ['application/x-www-form-urlencoded']
  const list = (place: string, collectionFormat: string) => ({
    ...{ name: 'a', in: place, required: true, type: 'array', items: { type: 'string' }, collectionFormat },
  })
  const sentFor = async (place: string, collectionFormat: string, a: readonly string[] = ['x', 'y']) => {
    const parameters = [list(place, collectionFormat)]
    const post = { consumes: types, parameters, responses: { 200: { description: 'Fine' } } }
    const path = place === 'path' ? '/v/{a}' : '/v'
    const swagger = { swagger: '2.0', openapi: undefined, host: 'api.example.com' }
    const { call } = await operation(path, { post }, swagger)
    const { sent, result } = await call({ a })
    const [one] = sent
    if (one === undefined) return result.text
    return place === 'header' ? one.headers.get('a') : place === 'formData' ? one.body : one.url.replace(/.*\/v/, '')
  }

  it.each([
    ['csv', '?a=x,y', '/x,y', 'x,y', 'a=x,y'],
    ['ssv', '?a=x%20y', '/x%20y', 'x y', 'a=x%20y'],
    ['tsv', '?a=x%09y', '/x%09y', 'x\ty', 'a=x%09y'],
    ['pipes', '?a=x%7Cy', '/x%7Cy', 'x|y', 'a=x%7Cy'],
  ])('%s', async (format, query, path, header, form) => {
    expect(await sentFor('query', format)).toBe(query)
    expect(await sentFor('path', format)).toBe(path)
    expect(await sentFor('header', format)).toBe(header)
    expect(await sentFor('formData', format)).toBe(form)
  })

  it.each(['query', 'path', 'header', 'formData'])('and a value in a %s that holds that is refused', async (place) => {
    for (const [format, value] of [
      ['ssv', 'x y'],
      ['tsv', 'x\ty'],
      ['pipes', 'x|y'],
    ] as const) {
      expect(await sentFor(place, format, [value])).toContain('which separates its values')
    }
  })
})

const NOBODY = contextOf(originOf())
const FAILED: Sent = { url: 'nothing was sent', headers: new Headers(), body: 'null' }
