import { describe, expect, it } from 'vitest'
import { admitSchema } from '../../../schema/admit.ts'
import { compileInput } from '../../../schema/compile.ts'
import type { JsonSchema } from '../../../schema/json-schema.ts'
import { readApi } from '../document/read-api.ts'
import type { Api } from '../routes/api.ts'
import { LARGEST, portable, portableSchema } from './portable-schema.ts'

function apiWith(schemas: object): Api {
  const api = readApi({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {}, components: { schemas } })
  if (api instanceof Promise) throw new Error('an object is read at once')
  return api
}

const NONE = apiWith({})

function requestOf(schema: JsonSchema, api = NONE): JsonSchema {
  const made = portable(schema, api, 'request').schema
  admitSchema(made, 'raw')
  return made
}

const notesOf = (schema: JsonSchema, api = NONE): readonly string[] => portable(schema, api, 'request').notes

const at = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

async function accepts(schema: JsonSchema, value: unknown): Promise<boolean> {
  const compiled = compileInput({ type: 'object', properties: { value: {} }, ...wrapped(schema) }, { repair: false })
  return (await compiled.check({ value })).ok
}

function wrapped({ $defs = {}, ...schema }: JsonSchema): JsonSchema {
  return { properties: { value: schema }, $defs }
}

describe('references', () => {
  const tree = {
    type: 'object',
    properties: { name: { type: 'string' }, children: { type: 'array', items: at('Tree') } },
  }

  it('become definitions of the schema itself; the root is written out', () => {
    const api = apiWith({
      Order: { type: 'object', properties: { customer: at('Customer'), other: at('Customer') } },
      Customer: { type: 'object', properties: { id: { type: 'integer' } } },
    })
    expect(requestOf(at('Order'), api)).toEqual({
      type: 'object',
      properties: { customer: { $ref: '#/$defs/Customer' }, other: { $ref: '#/$defs/Customer' } },
      $defs: { Customer: { type: 'object', properties: { id: { type: 'integer' } } } },
    })
  })

  it('to small schemas are written out, with what stands beside them', () => {
    const api = apiWith({ Color: { type: 'string', enum: ['red', 'blue'], description: 'A color' } })
    expect(
      requestOf(
        { properties: { a: at('Color'), b: { allOf: [at('Color')], description: 'Of the car', default: 'red' } } },
        api,
      ),
    ).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string', enum: ['red', 'blue'], description: 'A color' },
        b: { type: 'string', enum: ['red', 'blue'], description: 'Of the car', default: 'red' },
      },
    })
  })

  it('that lead in circles through the value stay', async () => {
    const schema = requestOf(at('Tree'), apiWith({ Tree: tree }))
    expect(schema).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
      $defs: {
        Tree: {
          ...tree,
          properties: { ...tree.properties, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
        },
      },
    })
    expect(await accepts(schema, { children: [{ children: [{ name: 'leaf' }] }] })).toBe(true)
    expect(await accepts(schema, { children: [{ children: [{ name: 1 }] }] })).toBe(false)
  })

  it.each<[string, object]>([
    ['to itself', { A: { allOf: [at('A'), { type: 'object' }] } }],
    [
      'to another and back',
      { A: { anyOf: [at('B')], type: 'object' }, B: { allOf: [{ oneOf: [at('A'), { type: 'object' }] }] } },
    ],
    ['with words beside it', { A: { ...at('B'), description: 'a' }, B: { ...at('A'), description: 'b' } }],
    [
      'in a chain of a thousand',
      Object.fromEntries(
        Array.from({ length: 1_000 }, (_, i) => [
          i === 0 ? 'A' : `A${i}`,
          { allOf: [at(`A${i + 1}`)], properties: { [`p${i}`]: { type: 'string' } } },
        ]),
      ),
    ],
  ])('that lead nowhere but in circles are cut: %s', async (_name, schemas) => {
    const schema = requestOf(at('A'), apiWith(schemas))
    expect(await accepts(schema, {})).toBe(true)
    expect(notesOf(at('A'), apiWith(schemas)).length).toBeGreaterThan(0)
  })

  it('that lead out of the document, or nowhere, take any value and keep their words', () => {
    for (const $ref of [
      'other.yaml#/X',
      'https://example.com/schema.json',
      '#/nowhere',
      '#/info/title',
      '#',
      'file:///etc/passwd',
    ]) {
      const schema = requestOf({ type: 'object', properties: { a: { $ref, description: 'Any' } } })
      expect(schema).toMatchObject({ properties: { a: { description: 'Any' } } })
      expect(JSON.stringify(schema)).not.toContain($ref === '#' ? '"#"' : $ref)
    }
    expect(notesOf({ $ref: 'other.yaml#/X' })).toEqual([expect.stringMatching(/"other.yaml#\/X" leads to no schema/)])
  })

  it('may lead anywhere in the document, and their names need no escaping', () => {
    const object = { type: 'object', properties: { deep: { type: 'object', properties: { id: { type: 'string' } } } } }
    const api = apiWith({ 'a/b~c "d"': object, '__proto__ ': object, constructor: object, Ü: object })
    const refs = ['a~1b~0c%20%22d%22', '__proto__%20', 'constructor', '%C3%9C', 'a~1b~0c%20%22d%22/properties/deep']
    const schema = requestOf({ type: 'array', prefixItems: refs.map((ref) => at(ref)) }, api)
    expect(schema.prefixItems).toEqual(
      ['a_b_c_d', 'proto', 'constructor', 'Schema', 'deep'].map((name) => ({ $ref: `#/$defs/${name}` })),
    )
    expect(Object.keys(Object(schema.$defs))).toEqual(['a_b_c_d', 'proto', 'constructor', 'Schema', 'deep'])
  })

  it('are worked out once: the same schema gives the very same answer', () => {
    const api = apiWith({ Tree: tree })
    const schema = at('Tree')
    expect(portableSchema(schema, api, 'request')).toBe(portableSchema(schema, api, 'request'))
    expect(portableSchema(true, api, 'request')).toBe(true)
  })
})

describe('the two sides', () => {
  const user = {
    type: 'object',
    properties: {
      id: { type: 'integer', readOnly: true },
      name: { type: 'string' },
      password: { type: 'string', writeOnly: true },
      stamp: at('Stamp'),
    },
    required: ['id', 'name', 'password', 'stamp'],
  }
  const api = apiWith({ Stamp: { type: 'string', readOnly: true } })

  it('a request has no part that is only read', () => {
    expect(portableSchema(user, api, 'request')).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, password: { type: 'string' } },
      required: ['name', 'password'],
    })
  })

  it('an answer has no part that is only written', () => {
    expect(portableSchema(user, api, 'response')).toEqual({
      type: 'object',
      properties: { id: { type: 'integer' }, name: { type: 'string' }, stamp: { type: 'string' } },
      required: ['id', 'name', 'stamp'],
    })
  })
})

describe('what is written otherwise than JSON Schema 2020-12 has it', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'a nullable enum',
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'a nullable union',
      { nullable: true, oneOf: [{ type: 'string' }, { type: 'object' }] },
      { anyOf: [{ type: 'string' }, { type: 'object' }, { type: 'null' }] },
    ],
    [
      'an exclusive limit',
      { type: 'number', minimum: 0, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 0 },
    ],
    [
      'an exclusive limit that is none',
      { type: 'number', maximum: 9, exclusiveMaximum: false },
      { type: 'number', maximum: 9 },
    ],
    ['a file', { type: 'file' }, { type: 'string', format: 'binary' }],
    ['another word for a type', { type: 'Int64' }, { type: 'integer' }],
    ['a type that is none', { type: 'frobnicated', description: 'x' }, { description: 'x' }],
    [
      'an enum of another type',
      { type: 'string', enum: [1, true, 'a', 'a'] },
      { type: 'string', enum: ['1', 'true', 'a'] },
    ],
    ['numbers in text', { type: 'integer', enum: ['1', '2'] }, { type: 'integer', enum: [1, 2] }],
    ['an enum that is none', { enum: 'a' }, {}],
    ['an enum of nothing', { enum: [] }, {}],
    ['negative lengths', { type: 'string', minLength: -1, maxLength: 'x' }, { type: 'string' }],
    [
      'required on a property',
      { type: 'object', properties: { a: { type: 'string', required: true } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    ['required twice', { type: 'object', required: ['a', 'a', 1, null] }, { type: 'object', required: ['a'] }],
    [
      'properties without a type',
      { properties: { a: { type: 'string' } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    [
      'a tuple of draft 4',
      { type: 'array', items: [{ type: 'string' }], additionalItems: false },
      { type: 'array', prefixItems: [{ type: 'string' }], items: { not: {} } },
    ],
    [
      'a property that is none',
      { type: 'object', properties: { a: 'string', b: null, c: [] } },
      { type: 'object', properties: { a: {}, b: {}, c: {} } },
    ],
    ['unions that are none', { oneOf: {}, anyOf: [], allOf: 'x' }, {}],
    [
      'what only OpenAPI knows',
      {
        type: 'object',
        discriminator: { propertyName: 'k' },
        xml: {},
        externalDocs: {},
        example: {},
        'x-mcp-header': 'A',
      },
      { type: 'object', examples: [{}] },
    ],
    [
      'names of its own',
      {
        $id: 'https://a.example',
        $schema: 'http://x',
        $anchor: 'a',
        $dynamicAnchor: 'b',
        $comment: 'c',
        type: 'string',
      },
      { type: 'string' },
    ],
    [
      'a pattern with needless escapes',
      { type: 'string', pattern: '^[\\w\\-\\#]+\\-\\@$' },
      { type: 'string', pattern: '^[\\w\\x2d#]+\\x2d@$' },
    ],
    [
      'a title that says the name again',
      { type: 'object', properties: { user_id: { title: 'User Id', type: 'string' }, b: { title: 'Other' } } },
      { type: 'object', properties: { user_id: { type: 'string' }, b: { title: 'Other' } } },
    ],
    [
      'HTML',
      { description: '<p>One <b>two</b></p>\n<ul><li>three &lt;id&gt;</li></ul>' },
      { description: 'One two three <id>' },
    ],
    [
      'a dependency of names',
      { type: 'object', dependentRequired: { a: ['b', 'b'], c: 'd' } },
      { type: 'object', dependentRequired: { a: ['b'] } },
    ],
    [
      'what is forbidden, in words that stay',
      { type: 'string', not: { enum: ['a'] } },
      { type: 'string', not: { enum: ['a'] } },
    ],
    ['what is forbidden, in words that may go', { type: 'string', not: { pattern: '(?=x)' } }, { type: 'string' }],
  ])('%s', (_name, schema, expected) => {
    expect(requestOf(schema)).toEqual(expected)
  })

  it('members named __proto__ are left out, and nothing is polluted', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},"required":["__proto__","constructor"],"patternProperties":{"__proto__":{}},"dependentRequired":{"__proto__":["a"]}}',
    )
    expect(requestOf(schema)).toEqual({
      type: 'object',
      properties: { constructor: { type: 'string' } },
      required: ['constructor'],
      additionalProperties: true,
    })
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
  })
})

it('limits of other types are left out: they mean nothing and cost a model', () => {
  const limits = { uniqueItems: true, minLength: 2, maximum: 9, maxProperties: 3 }
  expect(requestOf({ type: 'string', ...limits })).toEqual({ type: 'string', minLength: 2 })
  expect(requestOf({ type: ['integer', 'null'], ...limits })).toEqual({ type: ['integer', 'null'], maximum: 9 })
  expect(requestOf({ type: 'array', ...limits })).toEqual({ type: 'array', uniqueItems: true })
  expect(requestOf(limits)).toEqual(limits)
})

describe('defaults', () => {
  it.each<[string, JsonSchema, unknown]>([
    ['that fit stay', { type: 'integer', minimum: 1, default: 30 }, 30],
    ['in text are read', { type: 'boolean', default: 'False' }, false],
    ['of a list', { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: ['a'] }, ['a']],
    ['of one of several types', { anyOf: [{ type: 'string' }, { type: 'null' }], default: 'x' }, 'x'],
    ['of another type go', { type: 'integer', default: 'many' }, undefined],
    ['beyond the limits go', { type: 'integer', maximum: 10, default: 30 }, undefined],
    ['not in the enum go', { type: 'string', enum: ['a'], default: 'b' }, undefined],
    ['that break the pattern go', { type: 'string', pattern: '^a', default: 'b' }, undefined],
    ['of a format that is checked go', { type: 'string', format: 'uuid', default: 'none' }, undefined],
    ['that lost digits go', { type: 'integer', default: 2 ** 63 }, undefined],
    ['of null go', { type: ['string', 'null'], default: null }, undefined],
    ['that are objects go', { type: 'object', default: { a: 1 } }, undefined],
  ])('%s', (_name, schema, expected) => {
    expect(requestOf(schema).default).toEqual(expected)
  })
})

describe('parts that are put together', () => {
  it('of an object are one object, and none refuses the members of the others', async () => {
    const schema = requestOf({
      description: 'A whole',
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
        { allOf: [{ type: 'object', properties: { b: { type: 'string' } }, required: ['b'] }] },
      ],
    })
    expect(schema).toEqual({
      description: 'A whole',
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['a', 'b'],
    })
  })

  it('may refer to objects that are closed', async () => {
    const closed = (name: string) => ({
      type: 'object',
      properties: { [name]: { type: 'string' } },
      additionalProperties: false,
    })
    const api = apiWith({ A: closed('a'), B: { ...at('C'), description: 'b' }, C: closed('c') })
    const schema = requestOf({ allOf: [at('A'), at('B'), { type: 'object', properties: { d: {} } }] }, api)
    expect(await accepts(schema, { a: 'x', c: 'y', d: 1 })).toBe(true)
    expect(await accepts(schema, { a: 1 })).toBe(false)
  })

  it('OA-05: a hundred deep are not', () => {
    let schema: JsonSchema = { type: 'object', properties: { x: { type: 'string' } } }
    for (let i = 0; i < 100; i++) schema = { allOf: [schema, { properties: { [`p${i}`]: { type: 'integer' } } }] }
    const made = requestOf(schema)
    expect(Object.keys(Object(made.properties))).toHaveLength(101)
    expect(made.allOf).toBeUndefined()
  })

  it('that overlap take what any of them takes', async () => {
    const schema = requestOf({
      oneOf: [
        { type: 'object', properties: { a: {} } },
        { type: 'object', properties: { b: {} } },
      ],
    })
    expect(await accepts(schema, { a: 1 })).toBe(true)
  })
})

describe('OA-07: patterns of a document', () => {
  it.each(['^(a+)+$', '(x+x+)+y'])(
    'that could take long are kept, as they are checked in linear time: %s',
    async (pattern) => {
      const schema = requestOf({ type: 'string', pattern })
      expect(schema.pattern).toBe(pattern)
      const began = performance.now()
      expect(await accepts(schema, `${'x'.repeat(50_000)}!`)).toBe(false)
      expect(performance.now() - began).toBeLessThan(500)
    },
  )

  it.each(['(?=x)y', '(a)\\1', '(', '^.{1,100000}$', '/^a$/i'])(
    'that cannot be do not count, and it is said: %s',
    (pattern) => {
      expect(requestOf({ type: 'string', pattern: pattern })).toEqual({ type: 'string' })
      expect(notesOf({ type: 'string', pattern: pattern })).toEqual([expect.stringContaining('pattern')])
      expect(
        requestOf({ type: 'object', patternProperties: { [pattern]: {}, '^b': {} }, additionalProperties: false }),
      ).toMatchObject({
        additionalProperties: true,
      })
    },
  )
})

describe('what is too large', () => {
  it('loses its deepest parts, and says so', () => {
    let schema: JsonSchema = { type: 'string', description: 'The end' }
    for (let i = 0; i < 150; i++) schema = { type: 'object', description: `Level ${i}`, properties: { next: schema } }
    expect(JSON.stringify(requestOf(schema))).toContain('Level 120')
    expect(JSON.stringify(requestOf(schema))).not.toContain('Level 100')
    expect(notesOf(schema)).toEqual([expect.stringMatching(/too deep/)])
  })

  it('keeps what is nearest to its root', () => {
    const wide = (depth: number): JsonSchema =>
      depth === 0
        ? { type: 'string', description: 'Some words about it' }
        : {
            type: 'object',
            description: `Level ${depth}`,
            properties: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`p${i}`, wide(depth - 1)])),
          }
    const schema = requestOf(wide(5))
    const text = JSON.stringify(schema)
    expect(text.length).toBeLessThan(LARGEST.request)
    expect(text).toContain('Level 4')
    expect(text).not.toContain('Level 1')
  })

  it('leaves out definitions that are far away, and keeps their words', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [
        `S${i}`,
        {
          type: 'object',
          description: `Number ${i}`,
          properties: { next: at(`S${i + 1}`), text: { type: 'string', description: 'x'.repeat(300) } },
        },
      ]),
    )
    const schema = requestOf(at('S0'), apiWith(schemas))
    expect(JSON.stringify(schema).length).toBeLessThan(LARGEST.request)
    expect(Object.keys(Object(schema.$defs)).length).toBeGreaterThan(30)
    expect(notesOf(at('S0'), apiWith(schemas))).toEqual([expect.stringMatching(/large/)])
  })

  it('is no danger in any direction: properties, values, branches, words, names', () => {
    const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
    for (const schema of [
      {
        type: 'object',
        properties: Object.fromEntries(many(20_000, (i) => [`property${i}`, {}])),
        required: ['property19999'],
      },
      { enum: many(50_000, (i) => `value ${i}`) },
      { anyOf: many(20_000, (i) => ({ const: i })) },
      {
        description: 'é'.repeat(2_000_000),
        title: 'x'.repeat(100_000),
        default: 'y'.repeat(100_000),
        format: 'z'.repeat(10_000),
      },
      { type: 'object', properties: { ['n'.repeat(100_000)]: {} } },
      { type: 'array', prefixItems: many(20_000, () => ({ type: 'object', properties: { a: {} } })) },
    ]) {
      expect(JSON.stringify(requestOf(schema)).length).toBeLessThan(LARGEST.request)
    }
  })

  it('is checked all the same: a chain of definitions, each as deep as it may be', async () => {
    const deep = (i: number): JsonSchema => {
      let schema: JsonSchema = at(`S${i + 1}`)
      for (let level = 0; level < 38; level++) schema = { items: schema }
      return schema
    }
    const api = apiWith(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`S${i}`, deep(i)])))
    expect(await accepts(requestOf({ type: 'object', properties: { a: at('S0') } }, api), { a: [] })).toBe(true)
  })
})
