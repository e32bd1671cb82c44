import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileInput } from './compile.ts'
import type { JsonSchema } from './json-schema.ts'
import { quickCheck } from './quick-check.ts'
import type { CompiledSchema } from './schema.ts'

const ORDER: JsonSchema = {
  type: 'object',
  description: 'x',
  properties: {
    id: { type: 'integer', minimum: 1, maximum: 10 },
    price: { type: 'number', minimum: 0 },
    name: { type: 'string', minLength: 2, maxLength: 5 },
    size: { type: 'string', enum: ['S', 'M'] },
    isNew: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: 3 },
    inner: { type: 'object', properties: { deep: { type: 'integer' } }, required: ['deep'] },
  },
  required: ['id'],
  additionalProperties: false,
}

const VALUES: readonly unknown[] = [
  { id: 1 },
  { id: 1, price: 0, name: 'four', size: 'M', isNew: true, tags: ['a'], inner: { deep: 1 } },
  { id: 10, inner: { deep: 1, other: 2 } },
  { id: 1, name: '😀😀' },
  { id: 1, name: '😀' },
  { id: 1, name: 'sixsix' },
  { id: 0 },
  { id: 11 },
  { id: 1.5 },
  { id: '1' },
  { id: null },
  {},
  [],
  null,
  'x',
  { id: 1, other: 1 },
  { id: 1, size: 'L' },
  { id: 1, size: 1 },
  { id: 1, tags: [] },
  { id: 1, tags: ['a', ''] },
  { id: 1, tags: ['a', 'b', 'c', 'd'] },
  { id: 1, tags: 'a' },
  { id: 1, inner: {} },
  { id: 1, inner: { deep: 1.1 } },
  { id: 1, price: Number.NaN },
  { id: 1, price: Number.POSITIVE_INFINITY },
  { id: 1, price: undefined },
  JSON.parse('{"id":1,"__proto__":{"x":1}}'),
  Object.assign(Object.create({ id: 1 }), {}),
]

/** The check that the quick one spares: a word that says nothing, but that only the whole check reads, leads to it. */
function wholeCheck(schema: JsonSchema): CompiledSchema {
  return compileInput({ ...schema, allOf: [{}] }, { repair: false })
}

const bound = fc.option(fc.nat(4), { nil: undefined })
const given = (members: Readonly<Record<string, unknown>>): JsonSchema =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** Schemas of which the quick check may know something, and of which it may not. */
const { schema: anySchema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constant('string'), minLength: bound, maxLength: bound }).map(given),
    fc.record({ type: fc.constantFrom('number', 'integer'), minimum: bound, maximum: bound }).map(given),
    fc.constantFrom<JsonSchema>({ type: 'boolean' }, { type: 'null' }, {}, { type: 'string', enum: ['a', 'b'] }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: bound, maxItems: bound }).map(given),
    fc
      .record({
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { noNullPrototype: true }),
        required: fc.option(fc.subarray(['a', 'b', 'c']), { nil: undefined }),
        additionalProperties: fc.option(fc.boolean(), { nil: undefined }),
      })
      .map(given),
  ),
}))
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(0, 1, -1, 1.5, '', 'a', 'ab', '😀', '😀😀', true, null, 'b'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), { noNullPrototype: true }),
  ),
}))

describe('the quick check', () => {
  it('never takes what the whole check refuses', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(anySchema, fc.array(anyValue, { minLength: 20, maxLength: 20 }), async (schema, values) => {
        const quick = quickCheck(schema)
        if (quick === undefined) return
        const whole = wholeCheck(schema)
        for (const value of values.filter(quick)) {
          taken++
          expect(await whole.check(value)).toEqual({ ok: true, value })
        }
      }),
      { numRuns: 300 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  it('takes nothing that the whole check refuses, or would change', async () => {
    const quick = quickCheck(ORDER)
    const whole = wholeCheck(ORDER)
    for (const value of VALUES) {
      if (quick?.(value) !== true) continue
      expect(await whole.check(value)).toEqual({ ok: true, value })
    }
    expect(VALUES.filter((value) => quick?.(value)).length).toBe(3)
  })

  it('counts lengths in characters: where that is not the same it does not know', () => {
    const quick = quickCheck({ type: 'string', minLength: 2, maxLength: 4 })
    expect([quick?.('ab'), quick?.('abcd'), quick?.('😀😀'), quick?.('😀😀😀')]).toEqual([false, true, true, false])
    expect(quickCheck({ type: 'string', minLength: 1 })?.('a')).toBe(true)
  })

  it.each<[string, JsonSchema]>([
    ['defaults', { type: 'object', properties: { a: { type: 'string', default: 'x' } } }],
    ['patterns', { type: 'string', pattern: '^a' }],
    ['formats', { type: 'string', format: 'email' }],
    ['several types', { type: ['string', 'null'] }],
    ['no type', {}],
    ['unions', { type: 'object', properties: { a: { anyOf: [{ type: 'string' }] } } }],
    ['references', { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'string' } } }],
    ['conditions', { type: 'object', properties: {}, allOf: [{ required: ['a'] }] }],
    ['numbers among the values', { type: 'integer', enum: [1, 2] }],
    ['schemas of other members', { type: 'object', additionalProperties: { type: 'string' } }],
    ['items of any kind', { type: 'array' }],
    ['unique items', { type: 'array', items: { type: 'string' }, uniqueItems: true }],
    ['words that it does not know', { type: 'integer', multipleOf: 2 }],
    ['dates', { type: 'string', 'x-fastmcp-decode': 'date' }],
  ])('leaves %s to the whole check', (_, schema) => {
    expect(quickCheck(schema)).toBeUndefined()
  })
})
