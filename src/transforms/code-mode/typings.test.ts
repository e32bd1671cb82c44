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
  [{ $ref: '#/$defs/Loop' }, 'unknown[][]'],
  [{ $ref: 'https://example.com' }, 'unknown'],
  [{ type: 'constructor' }, 'unknown'],
  [true, 'unknown'],
  [false, 'never'],
])('shows %j as %s', (schema, type) => {
  const Loop = { type: 'array', items: { $ref: '#/$defs/Loop' } }
  const text = argsOf({ x: schema }, { $defs: { Id: { type: 'string' }, Loop } })
  const shown = /x\?: (.*)/.exec(text)?.[1]
  expect(schema).toBeDefined()
  if (type.includes('[][]')) expect(shown).toMatch(/^unknown(\[\])+$/)
  else expect(shown).toBe(type)
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

it('shows no more of a tool than can be read', () => {
  const properties = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`property_${i}`, { type: 'string' }]))
  expect(argsOf(properties)).toContain('a(args: object): Promise<unknown> // too large to show')
})
