import { describe, expect, it } from 'vitest'
import { originOf } from '../../../../tests/kit/origin.ts'
import { contextOf } from '../../../engine/backstage.ts'
import type { ReadResourceResult } from '../../../protocol/methods.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import type { ArgumentPlan } from '../arguments/plan.ts'
import type { Parameter, ParameterPlace, Route, RouteMethod } from '../routes/route.ts'
import { makeResource } from './make-resource.ts'
import { makeTemplate } from './make-template.ts'

const context = contextOf(originOf())

interface Given {
  readonly in: ParameterPlace
  readonly schema: JsonSchema
  readonly required?: boolean
  readonly description?: string
}

interface Told {
  readonly method?: RouteMethod
  readonly body?: ArgumentPlan['body']
  readonly $defs?: JsonSchema
  readonly content?: readonly string[]
}

/** A route and its plan, every parameter an argument of its name. */
function planned(path: string, given: Readonly<Record<string, Given>>, told: Told = {}): [Route, ArgumentPlan] {
  const parameters = Object.entries(given).map(
    ([name, { in: place, schema, required = place === 'path', description }]): Parameter => ({
      name,
      in: place,
      required,
      ...(description !== undefined && { description }),
      deprecated: false,
      schema,
      style: place === 'path' || place === 'header' ? 'simple' : 'form',
      explode: true,
      allowReserved: false,
    }),
  )
  const types = told.content ?? ['application/json']
  const route: Route = {
    method: told.method ?? 'GET',
    path,
    tags: [],
    deprecated: false,
    parameters,
    responses: [{ status: '200', content: types.map((type) => ({ type, encoding: new Map() })) }],
    servers: [{ url: 'https://api.example.com', variables: new Map() }],
    security: [],
    extensions: {},
  }
  const plan: ArgumentPlan = {
    schema: {
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
      ...(told.$defs !== undefined && { $defs: told.$defs }),
    },
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    ...(told.body !== undefined && { body: told.body }),
  }
  return [route, plan]
}

/** A template, and the arguments that its reads came to. */
function template([route, plan]: [Route, ArgumentPlan], name = 'thing') {
  const reads: unknown[] = []
  const read = (args: unknown, uri: string): ReadResourceResult => {
    reads.push(args)
    return { contents: [{ uri, text: 'read' }] }
  }
  return { reads, made: makeTemplate(route, { name, plan, read, tags: ['api'] }) }
}

const text: JsonSchema = { type: 'string' }
const path = (schema: JsonSchema = text): Given => ({ in: 'path', schema })
const query = (schema: JsonSchema = text, required = false): Given => ({ in: 'query', schema, required })

describe('the URI of a template', () => {
  it('has the parameters of the path in its order, and then those of the query', () => {
    const { made } = template(
      planned('/orgs/{org}/repos/{repo}', {
        page: query({ type: 'integer' }),
        repo: path(),
        org: path(),
        labels: query({ type: 'array', items: text }),
      }),
      'list-issues',
    )
    expect(made.id).toBe('resource://list-issues/{org}/{repo}{?page,labels*}')
    expect(made.definition).toMatchObject({ uriTemplate: made.id, name: 'list-issues', mimeType: 'application/json' })
    expect(made.tags).toEqual(['api'])
  })

  it('names what cannot be a variable so that it can', async () => {
    const { made, reads } = template(
      planned('/users/{user-id}', {
        'user-id': path({ type: 'integer' }),
        'filter[name]': query(),
        filter_name: query(),
        ['__proto__']: query(),
      }),
    )
    expect(made.id).toBe('resource://thing/{user_id}{?filter_name,filter_name_2,proto}')
    await made.read('resource://thing/7?filter_name=a&filter_name_2=b&proto=c', context)
    expect(reads).toEqual([
      Object.fromEntries([
        ['user-id', 7],
        ['filter[name]', 'a'],
        ['filter_name', 'b'],
        ['__proto__', 'c'],
      ]),
    ])
    expect(Object.prototype).not.toHaveProperty('c')
  })

  it('leaves out what may be left out, and is never another operation', () => {
    const { made } = template(planned('/users/{id}', { id: path(), lang: query() }))
    expect(made.matches('resource://thing/7')).toBe(true)
    expect(made.matches('resource://thing/7?lang=en')).toBe(true)
    expect(made.matches('resource://thing/7?secret=1')).toBe(false)
    expect(made.matches('resource://thing/7/orders')).toBe(false)
    expect(made.matches('resource://thing')).toBe(false)
  })
})

describe('values', () => {
  const kinds = planned(
    '/{id}',
    {
      id: path({ type: 'integer' }),
      ids: query({ type: 'array', items: { type: 'integer' } }),
      deep: query({ type: 'object', properties: { a: { type: 'integer' } } }),
      on: query({ type: 'boolean' }),
      word: query(),
      either: query({ anyOf: [text, { type: 'array', items: text }] }),
      order: query({ $ref: '#/$defs/Order' }),
    },
    { $defs: { Order: { type: 'string', enum: ['asc', 'desc'] } } },
  )

  it('come as text, and are what the schema says', async () => {
    const { made, reads } = template(kinds)
    const result = await made.read(
      'resource://thing/7?ids=1&ids=2&deep=%7B%22a%22%3A3%7D&on=true&word=12&either=x&order=asc',
      context,
    )
    expect(reads).toEqual([{ id: 7, ids: [1, 2], deep: { a: 3 }, on: true, word: '12', either: 'x', order: 'asc' }])
    expect(result.contents).toMatchObject([{ text: 'read' }])
    await made.read('resource://thing/7?ids=5&either=x&either=y', context)
    expect(reads[1]).toEqual({ id: 7, ids: [5], either: ['x', 'y'] })
  })

  it.each([
    ['resource://thing/seven', 'id'],
    ['resource://thing/7?ids=1&ids=two', 'ids'],
    ['resource://thing/7?order=up', 'order'],
    ['resource://thing/7?on=perhaps', 'on'],
  ])('that are wrong are refused before anything is sent: %s', async (uri, name) => {
    const { made, reads } = template(kinds)
    const read = Promise.resolve().then(() => made.read(uri, context))
    await expect(read).rejects.toMatchObject({ code: 'INVALID_PARAMS', message: expect.stringContaining(name) })
    expect(reads).toEqual([])
  })

  it('that must stand in the query are asked for', async () => {
    const { made, reads } = template(planned('/search', { q: query(text, true) }), 'search')
    expect(made.id).toBe('resource://search{?q}')
    const read = Promise.resolve().then(() => made.read('resource://search', context))
    await expect(read).rejects.toMatchObject({ code: 'INVALID_PARAMS', message: expect.stringContaining('q') })
    await made.read('resource://search?q=', context)
    expect(reads).toEqual([{ q: '' }])
  })

  it('lists in a path are separated by commas, or JSON', async () => {
    const { made, reads } = template(planned('/{ids}', { ids: path({ type: 'array', items: { type: 'integer' } }) }))
    await made.read('resource://thing/1,2', context)
    await made.read(`resource://thing/${encodeURIComponent('[3]')}`, context)
    expect(reads).toEqual([{ ids: [1, 2] }, { ids: [3] }])
  })

  it.each(['../admin', '..%2Fadmin', '%2e%2e', '%252e%252e', '..%5cadmin', '%2Fetc', '~root', 'C:x', 'a%00b'])(
    'TPL-01: that could lead out of the path are no resource: %s',
    async (value) => {
      const { made, reads } = template(planned('/users/{id}', { id: path() }))
      expect(made.matches(`resource://thing/${value}`)).toBe(false)
      const read = Promise.resolve().then(() => made.read(`resource://thing/${value}`, context))
      await expect(read).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
      expect(reads).toEqual([])
    },
  )

  it('of a query may be anything, since they lead nowhere', async () => {
    const { made, reads } = template(planned('/files', { folder: query() }))
    await made.read('resource://thing?folder=..%2F~x', context)
    expect(reads).toEqual([{ folder: '../~x' }])
  })
})

describe('what helps to fill a template in', () => {
  const { made } = template(
    planned('/issues/{kind}', {
      kind: { in: 'path', schema: { enum: ['open', 'closed'] }, description: 'Which of them. In detail, all.' },
      levels: query({ type: 'array', items: { enum: [1, 2, 12] } }),
      mine: query({ type: 'boolean' }),
      q: query(text, true),
    }),
  )

  it.each([
    ['kind', 'o', ['open']],
    ['levels', '1', ['1', '12']],
    ['mine', '', ['true', 'false']],
    ['q', 'x', []],
  ])('%s is completed', async (name, value, values) => {
    const { completion } = await made.complete({ name, value, others: {} }, context)
    expect(completion.values).toEqual(values)
  })

  it('the description says what each variable is', () => {
    expect(made.definition.description).toBe(
      ['- kind (open | closed): Which of them', '- levels (list)', '- mine (boolean)', '- q (required)'].join('\n'),
    )
  })
})

describe('an operation that a URI cannot call says why', () => {
  const read = (): ReadResourceResult => ({ contents: [] })

  it.each([
    ['a method that changes things', planned('/a/{b}', { b: path() }, { method: 'DELETE' }), /DELETE.*tool/],
    [
      'a needed header',
      planned('/a/{b}', { b: path(), 'x-tenant': { in: 'header', schema: text, required: true } }),
      /x-tenant/,
    ],
    [
      'a needed cookie',
      planned('/a/{b}', { b: path(), sid: { in: 'cookie', schema: text, required: true } }),
      /cookie "sid"/,
    ],
    [
      'a needed body',
      planned(
        '/a/{b}',
        { b: path() },
        {
          body: {
            kind: 'properties',
            media: { type: 'application/json', encoding: new Map() },
            properties: new Map(),
            required: true,
          },
        },
      ),
      /body/,
    ],
    ['no parameters', planned('/a', {}), /make it a resource/],
    [
      'too many parameters',
      planned('/a', Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`p${index}`, query()]))),
      /256/,
    ],
    [
      'a URI that is too long',
      planned(
        '/a',
        Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`p${index}${'x'.repeat(100)}`, query()])),
      ),
      /8192|shorten/,
    ],
  ])('as a template: %s', (_, [route, plan], reason) => {
    expect(() => makeTemplate(route, { name: 'a', plan, read })).toThrow(reason)
    expect(() => makeTemplate(route, { name: 'a', plan, read })).toThrow(
      expect.objectContaining({ name: 'RouteProblem' }),
    )
  })

  it('optional headers and cookies are left out', async () => {
    const made = template(planned('/a/{b}', { b: path(), etag: { in: 'header', schema: text } }))
    expect(made.made.id).toBe('resource://thing/{b}')
  })

  it('as a resource: needed parameters', () => {
    const [route, plan] = planned('/a', { q: query(text, true) })
    expect(() => makeResource(route, { name: 'a', plan, read })).toThrow(/"q".*resourceTemplate/)
  })
})

describe('a resource', () => {
  it('is read without arguments', async () => {
    const [route, plan] = planned(
      '/status',
      { verbose: query() },
      { content: ['text/html', 'application/problem+json'] },
    )
    const seen: unknown[] = []
    const made = makeResource(route, {
      name: 'get_status',
      title: 'Status',
      description: 'How it is',
      plan,
      read: async (args, uri) => {
        seen.push(args)
        return { contents: [{ uri, text: 'fine' }] }
      },
    })
    expect(made.definition).toEqual({
      uri: 'resource://get_status',
      name: 'get_status',
      title: 'Status',
      description: 'How it is',
      mimeType: 'application/problem+json',
    })
    expect(await made.read('resource://get_status', context)).toEqual({
      contents: [{ uri: 'resource://get_status', text: 'fine' }],
    })
    expect(seen).toEqual([{}])
  })

  it.each(['*/*', 'image/*', 'text/html; x', 'no type'])('says no media type that is none: %s', (type) => {
    const [route, plan] = planned('/status', {}, { content: [type] })
    const made = makeResource(route, { name: 'a', plan, read: () => ({ contents: [] }) })
    expect(made.definition.mimeType).toBeUndefined()
  })
})
