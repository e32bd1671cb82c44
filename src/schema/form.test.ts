import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { formOf } from './form.ts'
import type { AnySchema } from './schema.ts'

const fieldsOf = (schema: AnySchema): unknown => formOf(schema).requested.properties

describe('what a form can say', () => {
  it('says strings, with lengths and formats', () => {
    const schema = z.object({
      name: z.string().min(2).max(50).meta({ title: 'Name', description: 'Yours' }),
      mail: z.email(),
      site: z.url(),
      day: z.iso.date(),
      at: z.iso.datetime().optional(),
      nick: z.string().default('jo'),
    })
    expect(formOf(schema).requested).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string', title: 'Name', description: 'Yours', minLength: 2, maxLength: 50 },
        mail: { type: 'string', format: 'email' },
        site: { type: 'string', format: 'uri' },
        day: { type: 'string', format: 'date' },
        at: { type: 'string', format: 'date-time' },
        nick: { type: 'string', default: 'jo' },
      },
      required: ['name', 'mail', 'site', 'day'],
    })
  })

  it('says numbers, whole numbers and booleans', () => {
    const schema = z.object({
      score: z.number().min(0.5).max(100).default(95.5),
      age: z.int().positive(),
      sure: z.boolean().default(true),
      agreed: z.literal(true),
    })
    expect(fieldsOf(schema)).toEqual({
      score: { type: 'number', minimum: 0.5, maximum: 100, default: 95.5 },
      age: { type: 'integer', minimum: 1 },
      sure: { type: 'boolean', default: true },
      agreed: { type: 'boolean' },
    })
  })

  it('says one choice, with titles or without', () => {
    const named = z.union([z.literal('#f00').meta({ title: 'Red' }), z.literal('#0f0').meta({ title: 'Green' })])
    const schema = z.object({
      status: z.enum(['active', 'inactive']).default('active'),
      colour: named.default('#f00'),
      only: z.literal('yes'),
    })
    const choices = [
      { const: '#f00', title: 'Red' },
      { const: '#0f0', title: 'Green' },
    ]
    expect(fieldsOf(schema)).toEqual({
      status: { type: 'string', enum: ['active', 'inactive'], default: 'active' },
      colour: { type: 'string', oneOf: choices, default: '#f00' },
      only: { type: 'string', enum: ['yes'] },
    })
  })

  it('says several choices, with titles or without', () => {
    const named = z.union([z.literal('a').meta({ title: 'A' }), z.literal('b').meta({ title: 'B' })])
    const schema = z.object({
      plain: z
        .array(z.enum(['x', 'y']))
        .min(1)
        .max(2)
        .default(['x']),
      named: z.array(named),
    })
    expect(fieldsOf(schema)).toEqual({
      plain: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', enum: ['x', 'y'] }, default: ['x'] },
      named: {
        type: 'array',
        items: {
          anyOf: [
            { const: 'a', title: 'A' },
            { const: 'b', title: 'B' },
          ],
        },
      },
    })
  })

  it('keeps raw JSON Schema, names of choices in the old form included', () => {
    const properties = {
      legacy: { type: 'string', enum: ['a', 'b'], enumNames: ['Ah', 'Be'] },
      titled: { type: 'string', oneOf: [{ const: 'a', title: 'Ah' }] },
      several: { type: 'array', items: { anyOf: [{ const: 'a', title: 'Ah' }] } },
    }
    expect(fieldsOf({ type: 'object', properties })).toEqual(properties)
  })

  it('follows references, and what stands beside them wins', () => {
    const Named = z.enum(['a', 'b']).meta({ id: 'FormTestNamed', description: 'Of the type' })
    expect(fieldsOf(z.object({ x: Named.describe('Of the field'), y: Named }))).toEqual({
      x: { type: 'string', description: 'Of the field', enum: ['a', 'b'] },
      y: { type: 'string', description: 'Of the type', enum: ['a', 'b'] },
    })
  })

  it('takes any schema library', () => {
    const expected = { pick: { type: 'string', enum: ['x', 'y'] }, n: { type: 'integer', minimum: 1 } }
    const valibot = v.object({ pick: v.picklist(['x', 'y']), n: v.pipe(v.number(), v.integer(), v.minValue(1)) })
    expect(fieldsOf(toStandardJsonSchema(valibot))).toEqual(expected)
    expect(fieldsOf(type({ pick: "'x'|'y'", n: 'number.integer >= 1' }))).toEqual(expected)
  })

  it('can have no field at all', () => {
    expect(formOf(z.object({})).requested).toEqual({ type: 'object', properties: {} })
  })

  it('is made once', () => {
    const schema = z.object({ a: z.string() })
    expect(formOf(schema)).toBe(formOf(schema))
  })
})

describe('what a form cannot say', () => {
  it.each([
    ['an object', z.object({ at: z.object({ x: z.number() }) }), /field "at" is an object; a form is flat/],
    ['a list of texts', z.object({ tags: z.array(z.string()) }), /field "tags" is a list of anything/],
    ['null', z.object({ a: z.string().nullable() }), /field "a" may be null/],
    ['null beside choices', z.object({ a: z.enum(['x']).nullable() }), /field "a"/],
    ['two types', z.object({ a: z.string().or(z.number()) }), /field "a" is of the types/],
    ['anything', z.object({ a: z.unknown() }), /field "a" accepts anything/],
    ['numbers to choose from', z.object({ a: z.literal([1, 2]) }), /field "a" has a choice that is no string/],
    ['no object', z.string(), /no object with fields/],
    ['a union of objects', z.object({ a: z.string() }).or(z.object({ b: z.string() })), /no object|several/],
  ])('%s is refused, and the field named', (_, schema, words) => {
    expect(() => formOf(schema)).toThrow(words)
  })
})

describe('what looks like a secret', () => {
  it.each([
    'password',
    'apiKey',
    'API_KEY',
    'access-key',
    'token',
    'authToken',
    'cardNumber',
    'card',
    'cvv2',
    'pinCode',
    'clientSecret',
    'otp',
  ])('%s is told', (name) => {
    expect(formOf(z.object({ [name]: z.string() })).secrets).toEqual([name])
  })

  it.each(['name', 'discard', 'keyboard', 'key', 'maxTokens', 'shipping', 'opinion', 'passenger', 'tokenizer'])(
    '%s is none',
    (name) => {
      expect(formOf(z.object({ [name]: z.string() })).secrets).toEqual([])
    },
  )

  it('is told by title and format too', () => {
    const properties = { a: { type: 'string', title: 'Your API key' }, b: { type: 'string', format: 'password' } }
    expect(formOf({ type: 'object', properties }).secrets).toEqual(['a', 'b'])
    expect(fieldsOf({ type: 'object', properties })).toMatchObject({ b: { type: 'string' } })
    expect(JSON.stringify(fieldsOf({ type: 'object', properties }))).not.toContain('format')
    expect(formOf(z.object({ pin: z.int() })).secrets).toEqual(['pin'])
  })

  it('a choice or a yes or no is no secret', () => {
    expect(formOf(z.object({ card: z.enum(['visa']), rotateToken: z.boolean() })).secrets).toEqual([])
  })
})
