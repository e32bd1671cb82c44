import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { z as z3 } from 'zod/v3'
import { compileInput, compileOutput } from './compile.ts'
import type { AnySchema } from './schema.ts'
import { SchemaError } from './schema-error.ts'

const DATE = { type: 'string', format: 'date-time' }
const BIGINT = { type: ['integer', 'string'], pattern: '^-?[0-9]+$' }

describe('what clients see of a schema of arguments', () => {
  it('is the input side: a field with a default is optional, a transform shows what it takes', () => {
    const schema = z.object({ unit: z.string().default('celsius'), days: z.string().transform(Number) })
    expect(compileInput(schema).json).toEqual({
      type: 'object',
      properties: { unit: { type: 'string', default: 'celsius' }, days: { type: 'string' } },
      required: ['days'],
    })
  })

  it('names no dialect, so that validators of older drafts read it too', () => {
    expect(compileInput(z.object({})).json).not.toHaveProperty('$schema')
    expect(compileInput(type({ a: 'string' })).json).not.toHaveProperty('$schema')
  })

  it('shows with zod a date as a date-time string, a bigint as an integer, and what JSON has no word for as anything', () => {
    const schema = z.object({
      at: z.date().describe('When'),
      big: z.bigint(),
      map: z.map(z.string(), z.number()),
      fn: z.custom(),
    })
    expect(compileInput(schema).json.properties).toEqual({
      at: { ...DATE, description: 'When' },
      big: BIGINT,
      map: {},
      fn: {},
    })
  })

  it('shows the same with arktype', () => {
    const schema = type({ at: 'Date', after: 'Date > d"2020-01-01"', big: 'bigint', map: 'Map', 'name?': 'string' })
    expect(compileInput(schema).json).toMatchObject({
      properties: { at: DATE, after: DATE, big: BIGINT, map: {}, name: { type: 'string' } },
      required: ['after', 'at', 'big', 'map'],
    })
  })

  it('shows the same with valibot and its wrapper', () => {
    const schema = v.object({
      at: v.pipe(v.date(), v.minValue(new Date(0))),
      big: v.bigint(),
      map: v.map(v.string(), v.number()),
    })
    const { properties } = compileInput(toStandardJsonSchema(schema)).json
    expect(properties).toEqual({ at: DATE, big: BIGINT, map: {} })
  })

  it('leaves out a default that is made anew for each call, since what it once was is no promise', () => {
    let count = 0
    const schema = z.object({
      id: z.number().default(() => count++),
      at: z.date().default(() => new Date()),
      n: z.number().default(3),
    })
    expect(compileInput(schema).json.properties).toEqual({
      id: { type: 'number' },
      at: DATE,
      n: { type: 'number', default: 3 },
    })
  })

  it('keeps recursion as references', () => {
    const Node = z.object({
      name: z.string(),
      get children() {
        return z.array(Node)
      },
    })
    expect(compileInput(Node).json).toMatchObject({ properties: { children: { items: { $ref: '#' } } } })
    const Tree = type({ name: 'string', 'children?': 'this[]' })
    expect(JSON.stringify(compileInput(Tree).json)).toContain('"$ref":"#/$defs/')
  })

  it('does not change afterwards', () => {
    const raw = { type: 'object', properties: { a: { type: 'string' } } }
    const { json } = compileInput(raw)
    raw.properties.a.type = 'number'
    expect(json).toEqual({ type: 'object', properties: { a: { type: 'string' } } })
    expect(Object.isFrozen(json) && Object.isFrozen(json.properties)).toBe(true)
  })
})

describe('what clients see of a schema of results', () => {
  it('is the output side, as JSON carries it', () => {
    const schema = z.object({
      unit: z.string().default('celsius'),
      at: z.date(),
      big: z.bigint(),
      length: z.string().transform((text) => text.length),
    })
    expect(compileOutput(schema).json).toEqual({
      type: 'object',
      properties: { unit: { type: 'string', default: 'celsius' }, at: DATE, big: BIGINT, length: {} },
      required: ['unit', 'at', 'big', 'length'],
      additionalProperties: false,
    })
  })

  it('does not claim of a valibot pipe that it ends as it began', () => {
    const schema = v.object({
      length: v.pipe(
        v.string(),
        v.description('How long'),
        v.transform((text) => text.length),
      ),
      at: v.pipe(v.string(), v.toDate()),
      name: v.pipe(v.string(), v.trim()),
    })
    expect(compileOutput(toStandardJsonSchema(schema)).json.properties).toEqual({
      length: { description: 'How long' },
      at: DATE,
      name: { type: 'string' },
    })
  })

  it('checks results as the handler returns them, dates and all', async () => {
    const at = new Date(0)
    expect(await compileOutput(z.object({ at: z.date(), n: z.number().default(1) })).check({ at })).toEqual({
      ok: true,
      value: { at, n: 1 },
    })
  })

  it('repairs nothing', async () => {
    expect(await compileOutput(z.object({ n: z.number() })).check({ n: '3' })).toMatchObject({ ok: false })
  })
})

describe('raw JSON Schema', () => {
  const fixture = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: {
        $anchor: 'addressDef',
        type: 'object',
        properties: { street: { type: 'string' }, city: { type: 'string' } },
      },
    },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  }

  it('reaches the wire byte for byte', () => {
    expect(JSON.stringify(compileInput(fixture).json)).toBe(JSON.stringify(fixture))
  })

  it('keeps keywords that nobody here knows', () => {
    const schema = {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region', 'x-own': { deep: [1, { a: null }] } } },
      'x-fastmcp-decoding': 'date',
    }
    expect(JSON.stringify(compileInput(schema).json)).toBe(JSON.stringify(schema))
  })
})

describe('schemas that cannot serve are refused with the fix', () => {
  const refusal = (schema: unknown): string => {
    try {
      compileInput(schema as AnySchema)
    } catch (error) {
      expect(error).toBeInstanceOf(SchemaError)
      return (error as SchemaError).message
    }
    return 'accepted'
  }

  it.each([
    ['plain valibot', v.object({ a: v.string() }), /toStandardJsonSchema\(schema\) from '@valibot\/to-json-schema'/],
    ['zod 3', z3.object({ a: z3.string() }), /zod 4\.2 or later/],
    ['zod/mini', mini.object({ a: mini.string() }), /zod\/mini/],
    [
      'another library',
      { '~standard': { vendor: 'other', version: 1, validate: () => ({ value: 1 }) } },
      /of other has no JSON Schema/,
    ],
    [
      'a library that cannot validate',
      { '~standard': { vendor: 'other', version: 1, jsonSchema: {} } },
      /cannot validate/,
    ],
    ['undefined', undefined, /is undefined and no schema; expected a Standard Schema/],
    ['null', null, /is null and no schema/],
    ['a string', 'object', /is a string and no schema/],
    ['true', true, /is true and no schema/],
    ['an array', [{ type: 'object' }], /is an array and no schema/],
    ['a function', () => ({}), /is a function and no schema/],
    ['an instance', new Map(), /is an instance of Map and no schema/],
    ['an object of schemas', { city: z.string() }, /is an object of schemas \(see "city"\); wrap it, as in z\.object/],
    [
      'an old dialect',
      { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' },
      /draft 2020-12, 2019-09 and 07/,
    ],
    ['a dialect that is no string', { $schema: 7 }, /\$schema is no string/],
    ['a dialect in a subschema', { properties: { a: { $schema: 'x:y' } } }, /#\/properties\/a\/\$schema is "x:y"/],
    ['a reference to the network', { $ref: 'http://127.0.0.1:9/x' }, /never fetched; copy the definition into \$defs/],
    [
      'a reference to a file',
      { properties: { a: { $ref: 'common.json#/a' } } },
      /"common\.json#\/a" leads out of the schema/,
    ],
    ['a reference to nothing', { $ref: '#/$defs/missing' }, /leads to nothing/],
    [
      'a reference to itself',
      { $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } },
      /refers to itself/,
    ],
    [
      'two references in one',
      { $ref: '#/$defs/a', $dynamicRef: '#a', $defs: { a: {} } },
      /side by side; put each into an allOf/,
    ],
    [
      'an ambiguous dynamic reference',
      { $dynamicRef: '#a', $defs: { x: { $dynamicAnchor: 'a' }, y: { $dynamicAnchor: 'a' } } },
      /more than one/,
    ],
    [
      'a type that is none',
      { properties: { a: { type: 'strnig' } } },
      /#\/properties\/a\/type must be one of array, boolean/,
    ],
    ['required as in draft 3', { properties: { a: { required: true } } }, /#\/properties\/a\/required must be a list/],
    ['limits as in draft 4', { properties: { a: { exclusiveMinimum: true } } }, /exclusiveMinimum must be a number/],
    ['a pattern that is none', { properties: { a: { pattern: '(' } } }, /regular expression/],
    ['a key pattern that is none', { patternProperties: { '(': {} } }, /regular expression/],
    ['a property that is no schema', { properties: { a: 'string' } }, /#\/properties\/a must be a schema/],
    ['properties that are none', { properties: [] }, /#\/properties must be an object/],
    ['a union that is none', { anyOf: {} }, /#\/anyOf must be a list of schemas/],
    ['a function in it', { properties: { a: { default: () => 1 } } }, /#\/properties\/a\/default holds a function/],
    ['a number JSON has not', { properties: { a: { default: Number.NaN } } }, /holds NaN/],
    ['a property named __proto__', JSON.parse('{"properties":{"__proto__":{}}}'), /__proto__/],
  ])('%s', (_name, schema, words) => {
    expect(refusal(schema)).toMatch(words)
  })

  it('SC-01: more than 64 schemas deep, more than 10,000 of them, more than 1 MiB', () => {
    const nest = (depth: number): object => (depth === 0 ? {} : { items: nest(depth - 1) })
    expect(refusal(nest(64))).toBe('accepted')
    expect(refusal(nest(65))).toMatch(/nests more than 64 schemas/)
    const cyclic: Record<string, unknown> = {}
    cyclic.items = cyclic
    expect(refusal(cyclic)).toMatch(/say recursion by \$ref/)
    const wide = (count: number): object => ({
      properties: Object.fromEntries(Array.from({ length: count }, (_, i) => [i, {}])),
    })
    expect(refusal(wide(9_999))).toBe('accepted')
    expect(refusal(wide(10_000))).toMatch(/more than 10000 subschemas/)
    expect(refusal({ description: 'é'.repeat(524_300) })).toMatch(/at most 1 MiB/)
    const data: unknown[] = []
    data.push(data)
    expect(refusal({ default: data })).toMatch(/nests too deeply, or contains itself/)
  })

  it('a schema that its library cannot say as JSON, with the cause', () => {
    const library = {
      '~standard': {
        vendor: 'other',
        version: 1,
        validate: (value: unknown) => ({ value }),
        jsonSchema: {
          input: () => {
            throw new Error('no word for a symbol')
          },
          output: () => 'nothing',
        },
      },
    } as const
    expect(() => compileInput(library)).toThrow(/other cannot say this schema as JSON Schema: no word for a symbol/)
    expect(() => compileOutput(library as unknown as AnySchema)).toThrow(/gives no JSON Schema/)
  })
})

describe('a check is', () => {
  it('answered at once where the library is synchronous', () => {
    expect(compileInput(z.object({ a: z.string() })).check({ a: 'x' })).toEqual({ ok: true, value: { a: 'x' } })
    expect(compileInput(type({ a: 'string' })).check({ a: 'x' })).toEqual({ ok: true, value: { a: 'x' } })
    const valibot = toStandardJsonSchema(v.object({ a: v.string() }))
    expect(compileInput(valibot).check({ a: 'x' })).toEqual({ ok: true, value: { a: 'x' } })
  })

  it('a promise where the schema is asynchronous', async () => {
    const schema = z.object({ n: z.number().refine(async (n) => n > 2, 'must be more than 2') })
    const checked = compileInput(schema).check({ n: '3' })
    expect(checked).toBeInstanceOf(Promise)
    expect(await checked).toEqual({ ok: true, value: { n: 3 } })
    expect(await compileInput(schema).check({ n: 1 })).toEqual({
      ok: false,
      problems: [{ path: ['n'], message: 'must be more than 2' }],
    })
  })

  it('a promise with asynchronous valibot too, whose schema is shown all the same', async () => {
    const schema = v.objectAsync({
      n: v.pipeAsync(
        v.number(),
        v.checkAsync(async (n) => n > 2, 'Too few'),
      ),
    })
    // The wrapper's types know only synchronous schemas, its code all.
    const compiled = compileInput(toStandardJsonSchema(schema as unknown as v.GenericSchema))
    expect(compiled.json).toMatchObject({ type: 'object', properties: { n: { type: 'number' } }, required: ['n'] })
    expect(await compiled.check({ n: '3' })).toEqual({ ok: true, value: { n: 3 } })
    expect(await compiled.check({ n: 1 })).toMatchObject({ problems: [{ path: ['n'], message: 'Too few' }] })
  })

  it('the same with a schema that is made when it is first needed', () => {
    const compiled = compileInput(z.lazy(() => z.object({ n: z.number() })))
    expect(compiled.json).toMatchObject({ type: 'object' })
    expect(compiled.check({ n: '3' })).toEqual({ ok: true, value: { n: 3 } })
  })

  it('a real promise even if the library only has something like one', async () => {
    const library = {
      '~standard': {
        vendor: 'other',
        version: 1,
        // biome-ignore lint/suspicious/noThenProperty: a thenable is the point
        validate: (value: unknown) => ({ then: (done: (result: unknown) => void) => done({ value }) }),
        jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
      },
    }
    const checked = compileInput(library as unknown as AnySchema).check({ a: 1 })
    expect(checked).toBeInstanceOf(Promise)
    expect(await checked).toEqual({ ok: true, value: { a: 1 } })
  })

  it('broken by an error in the schema itself: that is no fault of the arguments', async () => {
    const schema = z.object({
      a: z.string().refine(() => {
        throw new Error('a slip in the schema')
      }),
    })
    await expect(async () => compileInput(schema).check({ a: 'x' })).rejects.toThrow('a slip in the schema')
  })
})
