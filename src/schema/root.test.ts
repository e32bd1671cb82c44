import { type } from 'arktype'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileInput, compileOutput } from './compile.ts'
import type { JsonSchema } from './json-schema.ts'
import { isObjectRoot, isWrapped, objectRoot, unwrapRoot, wrapRoot } from './root.ts'
import type { AnySchema } from './schema.ts'

const rootOf = (schema: AnySchema) => objectRoot(compileInput(schema).json)

describe('the root of a tool input', () => {
  it('passes as it is where it is an object', () => {
    const { json } = compileInput({ type: 'object', properties: {} })
    expect(objectRoot(json)).toBe(json)
  })

  it('gets its type written beside a union of objects', () => {
    const schema = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])
    expect(rootOf(schema)).toMatchObject({ type: 'object', anyOf: [{ type: 'object' }, { type: 'object' }] })
    expect(rootOf(type({ a: 'string' }).or({ b: 'number' }))).toMatchObject({ type: 'object' })
    const tagged = z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })])
    expect(rootOf(tagged)).toMatchObject({ type: 'object', oneOf: [{}, {}] })
  })

  it('gets its type written beside a reference to an object, and beside an allOf with one', () => {
    expect(rootOf(type({ v: 'number', 'next?': 'this' }))).toMatchObject({ type: 'object', $ref: expect.any(String) })
    const raw = { allOf: [{ $ref: '#/$defs/a' }, { required: ['x'] }], $defs: { a: { type: 'object' } } }
    expect(rootOf(raw)).toEqual({ type: 'object', ...raw })
  })

  it.each([
    ['a string', z.string(), /it is of type "string"; wrap it in an object/],
    ['an array', z.array(z.string()), /it is of type "array"/],
    ['an object or nothing', z.object({}).nullable(), /not every branch of its union is one/],
    ['anything', z.any(), /it accepts anything/],
    ['properties without a type', { properties: { a: {} } }, /write type: 'object' beside them/],
    ['an empty union', { anyOf: [] }, /not every branch/],
    ['a list of types', { type: ['object', 'null'] }, /of type \["object","null"\]/],
  ])('is refused where it is %s', (_name, schema, words) => {
    expect(() => rootOf(schema)).toThrow(words)
  })

  it('ends where unions refer to themselves', () => {
    expect(isObjectRoot({ anyOf: [{ $ref: '#' }] })).toBe(false)
  })
})

describe('a result that is no object, for revisions that demand one', () => {
  it('is wrapped, its definitions moved and its references still right', () => {
    const json = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Tree',
      type: 'array',
      items: { anyOf: [{ $ref: '#/$defs/leaf' }, { $ref: '#' }, { $ref: '#/items/anyOf/0' }] },
      $defs: { leaf: { type: 'string' }, forest: { items: { $ref: '#' } }, own: { $id: 'own', $ref: '#' } },
      default: [{ $ref: '#' }],
    }
    expect(wrapRoot(json)).toEqual({
      $schema: json.$schema,
      type: 'object',
      required: ['result'],
      'x-fastmcp-wrap-result': true,
      properties: {
        result: {
          title: 'Tree',
          type: 'array',
          items: {
            anyOf: [
              { $ref: '#/$defs/leaf' },
              { $ref: '#/properties/result' },
              { $ref: '#/properties/result/items/anyOf/0' },
            ],
          },
          default: [{ $ref: '#' }],
        },
      },
      $defs: {
        leaf: { type: 'string' },
        forest: { items: { $ref: '#/properties/result' } },
        own: { $id: 'own', $ref: '#' },
      },
    })
  })

  it('is a document of its own below the wrapping if it has an $id', () => {
    const json = { $id: 'https://example.com/list', type: 'array', items: { $ref: '#/$defs/a' }, $defs: { a: {} } }
    expect(wrapRoot(json).properties).toEqual({ result: json })
  })

  it.each([
    ['draft 2020-12', { type: 'array', items: { anyOf: [{ type: 'integer' }, { $ref: '#' }] } }],
    [
      'draft 7',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        items: { $ref: '#/definitions/n' },
        definitions: { n: { type: 'integer' } },
      },
    ],
    [
      '2019-09',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        items: { anyOf: [{ type: 'integer' }, { $recursiveRef: '#' }] },
        type: 'array',
      },
    ],
    ['an $id', { $id: 'urn:list', type: 'array', items: { $ref: '#/$defs/n' }, $defs: { n: { type: 'integer' } } }],
  ])('means the same as before in %s', async (_name, json) => {
    const wrapped = compileOutput(wrapRoot(compileOutput(json).json))
    expect(await wrapped.check({ result: [1, 2] })).toMatchObject({ ok: true })
    expect(await wrapped.check({ result: [1, 'x'] })).toMatchObject({ ok: false })
    expect(await wrapped.check([1, 2])).toMatchObject({ ok: false })
  })

  it.each<[string, JsonSchema]>([
    [
      'a plain schema',
      { type: 'array', items: { type: 'integer' }, $schema: 'https://json-schema.org/draft/2020-12/schema' },
    ],
    ['definitions', { type: 'array', items: { $ref: '#/$defs/n' }, $defs: { n: { type: 'integer' } } }],
    ['itself', { type: 'array', items: { anyOf: [{ type: 'integer' }, { $ref: '#' }] } }],
    ['a place inside', { type: 'array', items: { $ref: '#/contains' }, contains: { type: 'integer' } }],
    ['an $id', { $id: 'urn:list', type: 'array', items: { $ref: '#/$defs/n' }, $defs: { n: { type: 'integer' } } }],
  ])('can be taken off again from %s', (_name, json) => {
    const wrapped = wrapRoot(json)
    expect(isWrapped(wrapped)).toBe(true)
    expect(isWrapped(json)).toBe(false)
    expect(unwrapRoot(wrapped)).toEqual(json)
  })
})

it('a schema of somebody else that leads out of itself is no object, and no error', () => {
  expect(isObjectRoot({ $ref: 'https://example.com/schema' })).toBe(false)
  expect(isObjectRoot({ type: 'object', properties: { a: { $ref: 'https://example.com/schema' } } })).toBe(true)
})
