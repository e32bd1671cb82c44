import { expect, it } from 'vitest'
import type { JsonSchema } from '../../schema/json-schema.ts'
import { typingsOf } from './typings.ts'

function argsOf(properties: Readonly<Record<string, JsonSchema | boolean>>, more: JsonSchema = {}): string {
  const inputSchema = { type: 'object' as const, properties, ...more }
  return typingsOf([{ name: 'a', description: '', inputSchema }])
}

it.each<[JsonSchema | boolean, string]>([
  [{ type: 'integer' }, 'number'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['a', 1] }, '"a" | 1'],
  [{ const: true }, 'true'],
  [{ type: 'array', items: { type: ['string', 'number'] } }, '(string | number)[]'],
  [{ type: 'array' }, 'unknown[]'],
  [{ type: 'array', prefixItems: [{ type: 'string' }, {}] }, '[string, unknown]'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
  [{ type: 'object', additionalProperties: false }, '{}'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  [{ allOf: [{ $ref: '#/$defs/Id' }, { minLength: 1 }] }, 'string'],
  [{ $ref: '#/$defs/Loop' }, 'Loop'],
  [{ allOf: [{ type: ['string', 'null'] }, { const: 'a' }] }, '(string | null) & "a"'],
  [{ $ref: 'https://example.com' }, 'unknown'],
  [{ type: 'constructor' }, 'unknown'],
  [true, 'unknown'],
  [false, 'never'],
])('shows %j as %s', (schema, type) => {
  const Loop = { type: 'array', items: { $ref: '#/$defs/Loop' } }
  const text = argsOf({ x: schema }, { $defs: { Id: { type: 'string' }, Loop } })
  const shown = /x\?: (.*)/.exec(text)?.[1]
  expect(shown).toBe(type)
})

it('shows what has to be given, odd names, and words that would end a comment', () => {
  const properties = { 'a-b': { type: 'string' }, c: { description: 'ends */ here\nand there', type: 'number' } }
  expect(
    typingsOf([
      {
        name: 'odd.name',
        description: 'Does it',
        inputSchema: { type: 'object', properties, required: ['c'] },
        outputSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
      },
      { name: 'none', description: '', inputSchema: { type: 'object' } },
    ]),
  ).toBe(`declare const tools: {
  /** Does it */
  "odd.name"(args: {
    "a-b"?: string
    /** ends *\\/ here and there */
    c: number
  }): Promise<{
    ok: boolean
  }>
  none(args?: Record<string, unknown>): Promise<unknown>
}`)
})

it('declares what is used several times, or leads to itself, once by a name', () => {
  const properties = { and: { type: 'array', items: { $ref: '#/$defs/filter' } }, not: { $ref: '#/$defs/filter' } }
  const filter = { type: 'object', properties: { ...properties, field: { type: 'string' } } }
  const inputSchema = { type: 'object' as const, properties: { where: { $ref: '#/$defs/filter' } }, $defs: { filter } }
  const text = typingsOf([
    { name: 'a', inputSchema },
    { name: 'b', inputSchema },
  ])
  expect(text).toBe(`type Filter = {
  and?: Filter[]
  not?: Filter
  field?: string
}
type Filter2 = {
  and?: Filter2[]
  not?: Filter2
  field?: string
}
declare const tools: {
  a(args?: {
    where?: Filter
  }): Promise<unknown>
  b(args?: {
    where?: Filter2
  }): Promise<unknown>
}`)
})

it('is not kept busy by a schema whose types lead to each other in many ways', () => {
  const names = Array.from({ length: 200 }, (_, i) => `T${i}`)
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]))
  const $defs = Object.fromEntries(names.map((name) => [name, { type: 'object', properties }]))
  expect(argsOf(properties, { $defs })).toContain('// too large to show')
})

it('shows no more of a tool than can be read', () => {
  const properties = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`property_${i}`, { type: 'string' }]))
  expect(argsOf(properties)).toContain('a(args: object): Promise<unknown> // too large to show')
})
