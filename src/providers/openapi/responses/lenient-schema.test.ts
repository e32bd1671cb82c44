import { FastMCP } from '@fastmcp/ts'
import { createTestClient } from '@fastmcp/ts/testing'
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonOf, routeOf } from '../../../../tests/kit/answered-route.ts'
import { wrapRoot } from '../../../schema/root.ts'
import { openapi } from '../openapi.ts'
import { compileReader } from './compile-reader.ts'
import { structuredOf } from './structured.ts'

async function shown(schema: object, schemas: object = {}): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { api, route } = await routeOf({ responses: { 200: jsonOf(schema) }, schemas })
  return compileReader(route, api, {}).outputSchema
}

const Everything = {
  type: 'object',
  description: 'A thing\n  of  many lines',
  required: ['id', 'missing'],
  additionalProperties: false,
  minProperties: 3,
  properties: {
    id: { type: 'integer', format: 'int64', minimum: 1, description: 'Its id' },
    at: { type: 'string', format: 'date-time', pattern: '^x$' },
    state: { enum: ['open', 'closed'] },
    kind: { const: 'thing' },
    note: { type: ['string', 'null'], maxLength: 3 },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    parts: { type: 'array', items: { type: 'object', properties: { size: { type: 'number' } } } },
    by: { type: 'object', additionalProperties: { type: 'object', properties: { n: { type: 'integer' } } } },
    either: {
      oneOf: [
        { type: 'object', properties: { a: { type: 'string' } } },
        { type: 'object', properties: { b: { type: 'string' } } },
      ],
    },
    password: { type: 'string', writeOnly: true },
  },
}

describe('what a tool shows of its answers', () => {
  it('has no titles that only say names', async () => {
    const titled = {
      type: 'object',
      properties: { user_id: { type: 'string', title: 'User Id' }, n: { title: 'Count' } },
    }
    expect(await shown(titled)).toMatchObject({
      properties: { user_id: { description: 'string' }, n: { description: 'Count' } },
    })
  })

  it('are names, nesting and words', async () => {
    expect(await shown(Everything)).toEqual({
      type: 'object',
      description: 'A thing of many lines',
      properties: {
        id: { description: 'integer: Its id' },
        at: { description: 'string (date-time)' },
        state: { description: 'one of open, closed' },
        kind: { description: 'always thing' },
        note: { description: 'string or null' },
        tags: { description: 'list of string', items: { description: 'string' } },
        parts: { items: { properties: { size: { description: 'number' } } } },
        by: { description: 'object', additionalProperties: { properties: { n: { description: 'integer' } } } },
        either: { properties: { a: { description: 'string' }, b: { description: 'string' } } },
      },
    })
  })

  it('of several successes are all of them, and nothing of what is none', async () => {
    const one = (name: string): object => jsonOf({ type: 'object', properties: { [name]: { type: 'string' } } })
    const { api, route } = await routeOf({
      responses: { 202: one('b'), 200: one('a'), '4XX': one('c'), default: one('d'), 204: { description: 'x' } },
    })
    expect(Object.keys(compileReader(route, api, {}).outputSchema?.properties ?? {})).toEqual(['a', 'b'])
    const other = await routeOf({ responses: { default: one('d'), 404: one('c') } })
    expect(compileReader(other.route, other.api, {}).outputSchema).toMatchObject({ properties: { d: {} } })
  })

  it.each([[true], [{}], [{ type: 'string' }], [{ type: 'object' }], [{ type: 'array', items: { type: 'string' } }]])(
    'is nothing where there are no names: %j',
    async (schema) => {
      expect(await shown(schema as object)).toBeUndefined()
    },
  )

  it('is nothing where that is wanted, and for HEAD', async () => {
    const { api, route } = await routeOf({ responses: { 200: jsonOf(Everything) } })
    expect(compileReader(route, api, { output: 'none' }).outputSchema).toBeUndefined()
    const head = await routeOf({ method: 'head', responses: { 200: jsonOf(Everything) } })
    expect(compileReader(head.route, head.api, { output: 'strict' }).outputSchema).toBeUndefined()
  })

  it('ends, and is short, for schemas in circles, and for very many and very long members', async () => {
    const reference = { $ref: '#/components/schemas/Node' }
    const properties = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`member_number_${i}`, reference]))
    const begun = performance.now()
    const wide = await shown(reference, {
      Node: {
        type: 'object',
        description: 'x'.repeat(100_000),
        properties,
        allOf: [reference, { $ref: '#/components/schemas/Other' }],
      },
      Other: { type: 'array', items: reference, anyOf: Array.from({ length: 5_000 }, () => reference) },
    })
    const list = { $ref: '#/components/schemas/List' }
    const lists = await shown(list, { List: { type: 'array', items: list, properties: { a: list } } })
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(JSON.stringify(wide).length).toBeGreaterThan(500)
    for (const schema of [wide, lists]) expect(JSON.stringify(schema).length).toBeLessThanOrEqual(4_096)
  })

  it('shows no more of a schema whose keywords are anything', async () => {
    const odd = {
      type: 7,
      enum: 'x',
      format: {},
      items: 'y',
      allOf: { a: 1 },
      description: 9,
      properties: { a: null, b: [], c: 'x', ['__proto__']: { type: 'string' } },
    }
    expect(JSON.stringify(await shown(odd))).not.toContain('__proto__')
  })
})

describe('what a tool shows accepts every answer', () => {
  const anything = fc.anything({
    withNullPrototype: false,
    values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
  })
  const value = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.record(Object.fromEntries(Object.keys(Everything.properties).map((name) => [name, fc.jsonValue()])), {
      requiredKeys: [],
    }),
    anything.map((each) => JSON.parse(JSON.stringify(each) ?? 'null')),
  )

  it.each([
    ['an object', Everything],
    ['a list', { type: 'array', items: Everything }],
    ['either', { oneOf: [Everything, { type: 'array', items: Everything }] }],
  ])('by the validators of the official clients: %s', async (_, schema) => {
    const json = await shown(schema)
    if (json === undefined) throw new Error('It shows nothing')
    const isObject = json.type === 'object'
    // As the eras show them: an object, or any value, which the one that wants objects wraps.
    const stateful = isObject ? json : wrapRoot(json)
    const engines = [new AjvJsonSchemaValidator(), new CfWorkerJsonSchemaValidator()]
    const checks = engines.flatMap((engine) => [
      { check: engine.getValidator(json), wraps: false },
      { check: engine.getValidator(stateful), wraps: !isObject },
    ])
    fc.assert(
      fc.property(value, (answer) => {
        const { structuredContent } = structuredOf(answer, isObject ? 'object' : 'value')
        for (const { check, wraps } of checks) {
          const sent = wraps ? { result: structuredContent } : structuredContent
          expect(check(JSON.parse(JSON.stringify(sent))).valid).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  const answers: readonly (() => Response)[] = [
    () => Response.json({ id: 'no number', parts: 7, by: [], extra: 1 }),
    () => Response.json([1, 2]),
    () => Response.json(null),
    () => Response.json('words'),
    () => new Response('words', { headers: { 'content-type': 'text/plain' } }),
    () => new Response(new Uint8Array([0x89, 0x50]), { headers: { 'content-type': 'image/png' } }),
    () => new Response(null, { status: 204 }),
  ]

  it.each([
    ['stateful', Everything],
    ['stateless', Everything],
    ['stateful', { type: 'array', items: Everything }],
    ['stateless', { type: 'array', items: Everything }],
  ] as const)('through a real client: %s', async (era, schema) => {
    let count = 0
    const document = {
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      servers: [{ url: 'https://api.example' }],
      paths: { '/things': { get: { operationId: 'things', responses: { 200: jsonOf(schema) } } } },
    }
    const mcp = new FastMCP({ name: 'test', version: '1.0.0' })
    mcp.mount(openapi(document, { fetch: async () => answers[count++]?.() ?? Response.error() }))
    await using client = await createTestClient(mcp, { era })
    expect(await client.tools()).toMatchObject([{ outputSchema: {} }])
    for (const _ of answers) expect((await client.callTool('things', {})).isError).toBe(false)
    expect(count).toBe(answers.length)
  })
})
