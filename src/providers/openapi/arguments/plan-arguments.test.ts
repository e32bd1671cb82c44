import { describe, expect, it } from 'vitest'
import { compileInput } from '../../../schema/compile.ts'
import { readApi } from '../document/read-api.ts'
import type { Api } from '../routes/api.ts'
import { FILE_SCHEMA, isFileSchema } from './file-argument.ts'
import type { ArgumentPlan } from './plan.ts'
import { planArguments } from './plan-arguments.ts'

const text = { type: 'string' }

function apiWith(paths: object, components: object = {}): Api {
  const api = readApi({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, components })
  if (api instanceof Promise) throw new Error('an object is read at once')
  return api
}

/** The plan of the only operation. */
function planned(
  paths: object,
  components?: object,
): { readonly plan: ArgumentPlan; readonly notes: readonly string[] } {
  const api = apiWith(paths, components)
  const [route] = api.routes
  if (route === undefined) throw new Error(JSON.stringify(api.skipped))
  return planArguments(route, api)
}

const post = (schema: unknown, more: object = {}, type = 'application/json') =>
  planned({ '/a': { post: { requestBody: { required: true, content: { [type]: { schema } }, ...more } } } })

const propertiesOf = ({ schema }: ArgumentPlan): Record<string, unknown> => Object(schema.properties)
const placesOf = ({ parameters }: ArgumentPlan) =>
  [...parameters].map(([argument, { name, in: place }]) => `${argument} = ${place} ${name}`)

async function accepts({ schema }: ArgumentPlan, args: unknown): Promise<boolean> {
  return (await compileInput(schema, { repair: false }).check(args)).ok
}

describe('parameters are arguments', () => {
  it('with examples that stand beside their schemas, where they can be values and nothing else shows them', () => {
    const at = { in: 'query', schema: text }
    const { plan } = planned(
      {
        '/a': {
          get: {
            parameters: [
              { ...at, name: 'one', example: 'x' },
              { ...at, name: 'some', examples: { a: { value: 'y' }, b: { $ref: '#/components/examples/z' }, c: 1 } },
              { ...at, name: 'shown', schema: { ...text, examples: ['own'] }, example: 'x' },
              { ...at, name: 'listed', schema: { ...text, enum: ['p', 'q'] }, example: 'p' },
              { ...at, name: 'list', schema: { type: 'array', items: text }, example: 'a,b' },
              { ...at, name: 'share', schema: { type: 'number' }, example: 2 },
              { ...at, name: 'hidden', schema: { type: 'object' }, example: JSON.parse('{"__proto__":1}') },
            ],
          },
        },
      },
      { examples: { z: { value: 'z' } } },
    )
    expect(propertiesOf(plan)).toEqual({
      one: { ...text, examples: ['x'] },
      some: { ...text, examples: ['y', 'z'] },
      shown: { ...text, examples: ['own'] },
      listed: { ...text, enum: ['p', 'q'] },
      list: { type: 'array', items: text },
      share: { type: 'number', examples: [2] },
      hidden: { type: 'object', examples: [{}] },
    })
  })

  it('with their schemas and words, and required where the document says so', () => {
    const { plan, notes } = planned({
      '/users/{id}': {
        get: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 }, description: 'Who' },
            { name: 'limit', in: 'query', schema: { type: 'integer', default: 30 }, deprecated: true },
            { name: 'X-Trace', in: 'header', schema: text },
            { name: 'theme', in: 'cookie', required: true, schema: { type: 'string', enum: ['dark', 'light'] } },
            { name: 'filter', in: 'query', style: 'deepObject', schema: { type: 'object', properties: { a: text } } },
            { name: 'where', in: 'query', content: { 'application/json': { schema: { type: 'array', items: text } } } },
          ],
        },
      },
    })
    expect(plan.schema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer', minimum: 1, description: 'Who' },
        limit: { type: 'integer', default: 30, deprecated: true },
        'X-Trace': text,
        theme: { type: 'string', enum: ['dark', 'light'] },
        filter: { type: 'object', properties: { a: text } },
        where: { type: 'array', items: text },
      },
      required: ['id', 'theme'],
      additionalProperties: false,
    })
    expect(placesOf(plan)).toEqual([
      ...['id = path id', 'limit = query limit', 'X-Trace = header X-Trace', 'theme = cookie theme'],
      ...['filter = query filter', 'where = query where'],
    ])
    expect(plan.body).toBeUndefined()
    expect(notes).toEqual([])
  })

  it('that can only be one thing need not be said', () => {
    const one = (name: string, schema: object, required = true): object => ({ name, in: 'query', required, schema })
    const { plan } = planned({
      '/a': {
        get: {
          parameters: [one('Action', { enum: ['List'] }), one('v', { const: 2 }), one('x', { enum: ['y'] }, false)],
        },
      },
    })
    expect(plan.schema.required).toBeUndefined()
    expect(propertiesOf(plan)).toEqual({
      Action: { enum: ['List'], default: 'List' },
      v: { const: 2, default: 2 },
      x: { enum: ['y'] },
    })
  })

  it('have no titles that only say their names', () => {
    const titled = (title: string): object => ({ name: 'user_id', in: 'query', schema: { type: 'string', title } })
    expect(propertiesOf(planned({ '/a': { get: { parameters: [titled('User Id')] } } }).plan).user_id).toEqual(text)
    expect(propertiesOf(planned({ '/a': { get: { parameters: [titled('Who')] } } }).plan).user_id).toHaveProperty(
      'title',
    )
  })

  it('of a route without any there are none', async () => {
    const { plan } = planned({ '/a': { get: {} } })
    expect(plan.schema).toEqual({ type: 'object', properties: {}, additionalProperties: false })
    expect(await accepts(plan, { a: 1 })).toBe(false)
  })

  it('share definitions with each other and with the body', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#/components/schemas/Tree' } } }
    const { plan } = planned(
      {
        '/a': {
          post: {
            parameters: [
              { name: 'from', in: 'query', schema: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
            ],
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Tree' } } } },
          },
        },
      },
      { schemas: { Tree: tree } },
    )
    expect(plan.schema).toMatchObject({
      properties: { from: { items: { $ref: '#/$defs/Tree' } }, next: { $ref: '#/$defs/Tree' } },
      $defs: { Tree: { type: 'object' } },
    })
  })

  it('OA-02: but never headers that say who is calling or how a message is framed', () => {
    const names = [
      'Host',
      'content-length',
      'Authorization',
      'Cookie',
      'Connection',
      'Transfer-Encoding',
      'X-Forwarded-For',
      'Accept',
    ]
    const { plan } = planned({
      '/a': { get: { parameters: names.map((name) => ({ name, in: 'header', schema: text })) } },
    })
    expect(propertiesOf(plan)).toEqual({})
    expect(plan.parameters.size).toBe(0)
  })

  it('OA-02: an operation that needs such a header is not offered, unless something else gives it', () => {
    const need =
      (name: string, more: object = {}) =>
      () =>
        planned(
          { '/a': { get: { parameters: [{ name, in: 'header', required: true, schema: text }], ...more } } },
          {
            securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'sid' } },
          },
        )
    expect(need('Cookie')).toThrow(
      /needs the header "Cookie", which no argument may set; give it by the option `headers`/,
    )
    expect(need('X-Forwarded-For')).toThrow(/X-Forwarded-For/)
    expect(need('Cookie', { security: [{ session: [] }] })).not.toThrow()
    expect(need('Content-Length')).not.toThrow()
    expect(need('Host')).not.toThrow()
  })

  it('and never what proves the caller', () => {
    const { plan } = planned(
      {
        '/a': {
          get: {
            security: [{ key: [] }],
            parameters: [
              { name: 'api_key', in: 'query', required: true, schema: text },
              { name: 'api_key', in: 'header', schema: text },
            ],
          },
        },
      },
      { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } },
    )
    expect(placesOf(plan)).toEqual(['api_key = header api_key'])
  })
})

describe('names of arguments', () => {
  it('a property of the body keeps its name, and a parameter gets its place', () => {
    const { plan } = planned({
      '/users/{id}': {
        put: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: text },
            { name: 'page', in: 'query', schema: text },
            { name: 'page', in: 'header', schema: text },
          ],
          requestBody: {
            content: { 'application/json': { schema: { type: 'object', properties: { id: text, name: text } } } },
          },
        },
      },
    })
    expect(placesOf(plan)).toEqual(['id__path = path id', 'page__query = query page', 'page__header = header page'])
    expect(plan.body).toMatchObject({
      kind: 'properties',
      properties: new Map([
        ['id', 'id'],
        ['name', 'name'],
      ]),
    })
    expect(plan.schema.required).toEqual(['id__path'])
  })

  it('a body as a whole is `body`, whatever else has the name', () => {
    const { plan } = planned({
      '/a': {
        post: {
          parameters: [{ name: 'body', in: 'query', schema: text }],
          requestBody: { content: { 'text/plain': { schema: text } } },
        },
      },
    })
    expect(placesOf(plan)).toEqual(['body__query = query body'])
    expect(plan.body).toMatchObject({ kind: 'whole', argument: 'body' })
  })

  it('OA-06: are names that a model can send, each once, and say which they stand for', () => {
    const names = [
      'filter[a]',
      'filter_a',
      '$top',
      'top',
      'été',
      '日本',
      '🙂',
      'x'.repeat(300),
      `${'x'.repeat(300)}y`,
      'a.b-c',
      '',
      'constructor',
    ]
    const { plan } = planned({
      '/a': { get: { parameters: names.filter(Boolean).map((name) => ({ name, in: 'query', schema: text })) } },
    })
    const given = Object.keys(propertiesOf(plan))
    expect(given.every((name) => /^[A-Za-z0-9_.-]{1,64}$/.test(name))).toBe(true)
    expect(new Map([...plan.parameters].map(([argument, { name }]) => [name, argument]))).toEqual(
      new Map([
        ...([
          ['filter[a]', 'filter_a_2'],
          ['filter_a', 'filter_a'],
          ['$top', 'top_2'],
          ['top', 'top'],
          ['été', 'ete'],
        ] as const),
        ...([
          ['日本', 'argument'],
          ['🙂', 'argument_2'],
          ['x'.repeat(300), 'x'.repeat(64)],
        ] as const),
        ...([
          [`${'x'.repeat(300)}y`, `${'x'.repeat(62)}_2`],
          ['a.b-c', 'a.b-c'],
          ['constructor', 'constructor'],
        ] as const),
      ]),
    )
    expect(propertiesOf(plan).filter_a_2).toEqual({ type: 'string', description: '`filter[a]`' })
  })

  it('that compare say so in letters', () => {
    const parameters = ['At', 'At<', 'At>', 'At>=', 'At!='].map((name) => ({ name, in: 'query', schema: text }))
    const { plan } = planned({ '/a': { get: { parameters } } })
    expect(Object.keys(propertiesOf(plan))).toEqual(['At', 'At_lt', 'At_gt', 'At_gte', 'At_ne'])
    expect(placesOf(plan)[1]).toBe('At_lt = query At<')
    expect(propertiesOf(plan).At_lt).toHaveProperty('description', '`At<`')
  })

  it('OA-06: __proto__ is an argument like any other, of another name', () => {
    const { plan } = planned({
      '/a/{__proto__}': { get: { parameters: [{ name: '__proto__', in: 'query', schema: text }] } },
    })
    expect(placesOf(plan).toSorted()).toEqual(['proto__path = path __proto__', 'proto__query = query __proto__'])
  })
})

describe('a body', () => {
  it('that is an object is its properties', () => {
    const { plan } = post({
      type: 'object',
      properties: { a: text, id: { type: 'integer', readOnly: true } },
      required: ['a', 'id', 'b'],
    })
    expect(plan.schema).toEqual({
      type: 'object',
      properties: { a: text, b: {} },
      required: ['a', 'b'],
      additionalProperties: false,
    })
    expect(plan.body).toMatchObject({
      kind: 'properties',
      required: true,
      properties: new Map([
        ['a', 'a'],
        ['b', 'b'],
      ]),
    })
  })

  it('that is put together from several is the properties of all', () => {
    const { plan } = planned(
      {
        '/a': {
          post: {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Dog' } } },
            },
          },
        },
      },
      {
        schemas: {
          Pet: {
            type: 'object',
            properties: { name: text, kind: { type: 'string', enum: ['dog', 'cat'] } },
            required: ['name'],
            additionalProperties: false,
          },
          Dog: {
            allOf: [
              { $ref: '#/components/schemas/Pet' },
              { properties: { bark: text, kind: { const: 'dog' } }, required: ['bark'] },
            ],
          },
        },
      },
    )
    expect(plan.schema).toEqual({
      type: 'object',
      properties: {
        name: text,
        kind: { allOf: [{ const: 'dog' }, { type: 'string', enum: ['dog', 'cat'] }] },
        bark: text,
      },
      required: ['bark', 'name'],
      additionalProperties: false,
    })
  })

  it('that may be left out needs its properties only where one of them is given', async () => {
    const { plan } = post(
      { type: 'object', properties: { a: text, b: { type: 'integer', default: 1 } }, required: ['a'] },
      { required: false },
    )
    expect(plan.body).toMatchObject({ kind: 'properties', required: false })
    expect(await accepts(plan, {})).toBe(true)
    expect(await accepts(plan, { a: 'x' })).toBe(true)
    expect(await accepts(plan, { b: 2 })).toBe(false)
    expect(propertiesOf(plan).b).toEqual({ type: 'integer', examples: [1] })
    expect(plan.schema).toMatchObject({ if: { maxProperties: 0 }, else: { required: ['a'] } })
  })

  it('as a patch says which', () => {
    const words = { type: 'object', description: 'What changes' }
    const { plan } = post(words, {}, 'application/merge-patch+json')
    expect(propertiesOf(plan).body).toHaveProperty('description', 'What changes (application/merge-patch+json)')
  })

  it('whose branches only say which properties go together is its properties all the same', () => {
    const { plan, notes } = post({
      type: 'object',
      properties: { a: text, b: text },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    })
    expect(Object.keys(propertiesOf(plan))).toEqual(['a', 'b'])
    expect(notes).toEqual(['which arguments go together is left to the API'])
  })

  it('that may be null is its properties', () => {
    const { plan } = post({ anyOf: [{ type: 'object', properties: { a: text } }, { type: 'null' }] })
    expect(Object.keys(propertiesOf(plan))).toEqual(['a'])
  })

  it.each<[string, unknown]>([
    ['a list', { type: 'array', items: text }],
    ['a text', text],
    [
      'one of several forms',
      {
        oneOf: [
          { type: 'object', properties: { a: text } },
          { type: 'object', properties: { b: text } },
        ],
      },
    ],
    ['an object of any members', { type: 'object' }],
    ['an object with more members', { type: 'object', properties: { a: text }, additionalProperties: text }],
    [
      'an object with members by pattern',
      { type: 'object', properties: { a: text }, patternProperties: { '^x': text } },
    ],
    ['anything', true],
    ['unknown', undefined],
    [
      'of three hundred properties',
      { type: 'object', properties: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${i}`, text])) },
    ],
  ])('that is %s is one argument', (_name, schema) => {
    const { plan } = post(schema)
    expect(Object.keys(propertiesOf(plan))).toEqual(['body'])
    expect(plan.schema.required).toEqual(['body'])
    expect(plan.body).toMatchObject({ kind: 'whole', argument: 'body' })
  })

  it.each([
    [['text/plain', 'application/json', 'application/x-www-form-urlencoded'], 'application/json'],
    [['multipart/form-data', 'application/vnd.a+json'], 'application/vnd.a+json'],
    [['application/vnd.a+json', 'application/json'], 'application/json'],
    [['multipart/form-data', 'application/x-www-form-urlencoded'], 'application/x-www-form-urlencoded'],
    [['application/octet-stream', 'text/csv'], 'text/csv'],
    [['image/png', 'multipart/form-data'], 'multipart/form-data'],
  ])('is sent in the form that a model writes best: of %j', (types, expected) => {
    const content = Object.fromEntries(
      types.map((type) => [type, { schema: { type: 'object', properties: { a: text } } }]),
    )
    const { plan } = planned({ '/a': { post: { requestBody: { content } } } })
    expect(plan.body?.media.type).toBe(expected)
  })

  it.each(['text/xml', 'application/xml', 'text/csv'])('as %s is one text, whatever its schema says', (type) => {
    const { plan } = post({ type: 'object', properties: { a: text } }, { description: 'The rows' }, type)
    expect(propertiesOf(plan)).toEqual({ body: { type: 'string', description: 'The rows' } })
  })

  it('is left out where the method has none, and an operation that needs one is not offered', () => {
    const get = (required: boolean) => () =>
      planned({
        '/a': { get: { requestBody: { required, content: { 'application/json': { schema: { type: 'object' } } } } } },
      })
    expect(get(false)().plan.body).toBeUndefined()
    expect(get(false)().notes).toEqual(['a body cannot be sent with GET, so it is left out'])
    expect(get(true)).toThrow('it needs a body, and none can be sent with GET')
    const empty = { required: true, content: { 'application/json': { schema: { type: 'object', properties: {} } } } }
    expect(planned({ '/a': { get: { requestBody: empty } } }).notes).toEqual([])
  })

  it('is of the form that a model writes best', () => {
    const forms = ['application/json-patch+json', 'text/plain', 'application/merge-patch+json']
    const content = Object.fromEntries(forms.map((type) => [type, { schema: { type: 'object' } }]))
    const { plan } = planned({ '/a': { patch: { requestBody: { content } } } })
    expect(plan.body?.media.type).toBe('application/merge-patch+json')
  })
})

describe('files', () => {
  it.each<[string, unknown]>([
    ['application/octet-stream', { type: 'string', format: 'binary' }],
    ['application/octet-stream', undefined],
    ['image/png', {}],
    ['image/*', { type: 'string', contentMediaType: 'image/png' }],
    ['application/foo', { type: 'string', format: 'binary' }],
  ])('as the body, %s', async (type, schema) => {
    const { plan } = post(schema, {}, type)
    expect(isFileSchema(propertiesOf(plan).body)).toBe(true)
    expect(isFileSchema(structuredClone(propertiesOf(plan).body))).toBe(true)
    expect(await accepts(plan, { body: 'aGk=' })).toBe(true)
    expect(await accepts(plan, { body: { base64: 'aGk=', filename: 'a.txt', contentType: 'text/plain' } })).toBe(true)
    expect(await accepts(plan, { body: { filename: 'a.txt' } })).toBe(false)
  })

  it('as parts of a form, alone and in a list', () => {
    const file = { type: 'string', format: 'binary', description: 'A picture' }
    const { plan } = post(
      { type: 'object', properties: { one: file, many: { type: 'array', items: file }, name: text } },
      {},
      'multipart/form-data',
    )
    expect(propertiesOf(plan)).toMatchObject({
      one: { ...FILE_SCHEMA, description: 'A picture' },
      many: { type: 'array', items: FILE_SCHEMA },
      name: text,
    })
  })

  it('of as many bytes as the document says', async () => {
    const size = { type: 'string', format: 'binary', minLength: 1, maxLength: 4 }
    const bytes = async (plan: ArgumentPlan, name: string, counts: readonly number[]) =>
      Promise.all(counts.map((count) => accepts(plan, { [name]: Buffer.alloc(count).toString('base64') })))
    const { plan } = post(size, {}, 'application/octet-stream')
    expect(await bytes(plan, 'body', [0, 1, 4, 7])).toEqual([false, true, true, false])
    expect(await accepts(plan, { body: { base64: 'AAAAAAAAAAAA' } })).toBe(false)
    const parts = { type: 'object', properties: { file: size, many: { type: 'array', items: size } } }
    const form = post(parts, {}, 'multipart/form-data').plan
    expect(await bytes(form, 'file', [0, 1, 4, 7])).toEqual([false, true, true, false])
    expect(await accepts(form, { many: ['AAAA', ''] })).toBe(false)
    // Where the base64 is what is sent, it is what has so many characters.
    const text = { type: 'string', contentEncoding: 'base64', maxLength: 4 }
    const encoded = post(text, {}, 'image/png').plan
    expect(await bytes(encoded, 'body', [3, 4])).toEqual([true, false])
  })

  it('stay files where the rest of the arguments is cut', () => {
    const wide = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`p${i}`, text])),
    }
    const some = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`w${i}`, wide]))
    const file = { type: 'string', format: 'binary', maxLength: 30 }
    const { plan } = post({ type: 'object', properties: { ...some, file } }, {}, 'multipart/form-data')
    expect(JSON.stringify(plan.schema).length).toBeLessThan(65_536)
    expect(propertiesOf(plan).file).toMatchObject({ anyOf: [{ maxLength: 40 }, { required: ['base64'] }] })
  })

  it('as parts without names', async () => {
    const { plan } = post({ type: 'array', items: { type: 'string', format: 'binary' } }, {}, 'multipart/mixed')
    expect(propertiesOf(plan).body).toMatchObject({ type: 'array', items: FILE_SCHEMA })
    expect(await accepts(plan, { body: ['aGk=', { base64: 'aGk=' }] })).toBe(true)
  })

  it('but in JSON, and where base64 is what is sent, a text is a text', () => {
    const encoded = { type: 'string', contentEncoding: 'base64' }
    expect(
      isFileSchema(
        propertiesOf(post({ type: 'object', properties: { a: encoded } }, {}, 'multipart/form-data').plan).a,
      ),
    ).toBe(false)
    const binary = { type: 'string', format: 'binary' }
    expect(propertiesOf(post({ type: 'object', properties: { a: binary } }).plan).a).not.toHaveProperty('anyOf')
  })
})

describe('too much of anything', () => {
  it('of parameters: the first 200, and all that are required', async () => {
    const parameters = Array.from({ length: 500 }, (_, i) => ({
      name: `p${i}`,
      in: 'query',
      required: i === 499,
      schema: text,
    }))
    const { plan, notes } = planned({ '/a': { get: { parameters } } })
    expect(plan.parameters.size).toBe(201)
    expect(plan.schema.required).toEqual(['p499'])
    expect(notes).toEqual([expect.stringMatching(/500 parameters/)])
    expect(await accepts(plan, { p499: 'x' })).toBe(true)
  })

  it('of words: arguments stay, descriptions are cut', () => {
    const wide = {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 240 }, (_, i) => [
          `property${i}`,
          { type: 'string', description: `${i} ${'words '.repeat(100)}` },
        ]),
      ),
    }
    const { plan } = post(wide)
    expect(Object.keys(propertiesOf(plan))).toHaveLength(240)
    expect(JSON.stringify(plan.schema).length).toBeLessThan(65_536)
    expect(plan.schema.additionalProperties).toBe(false)
  })
})
