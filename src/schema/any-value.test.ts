import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileInput, compileOutput } from './compile.ts'
import { explain } from './explain.ts'
import type { AnySchema } from './schema.ts'

const Shape = z.union([
  z.object({ kind: z.literal('a'), n: z.number() }),
  z.strictObject({ kind: z.literal('b'), at: z.date() }),
])

const schemas: [string, AnySchema][] = [
  [
    'zod',
    z.strictObject({
      a: z.number().optional(),
      b: z.array(z.string().max(5)).optional(),
      c: z.record(z.string().min(2), Shape).optional(),
      d: z.enum(['red', 'green']).nullable().optional(),
      e: z.tuple([z.boolean(), z.int()]).optional(),
      f: Shape.optional(),
      __proto: z.string().optional(),
    }),
  ],
  [
    'arktype',
    type({
      'a?': 'number',
      'b?': 'string[]',
      'c?': { '[string]': 'Date' },
      'd?': "'red' | 'green' | null",
      'e?': ['boolean', 'number'],
      'f?': type({ n: 'number' }).or({ s: 'string' }),
    }),
  ],
  [
    'valibot',
    toStandardJsonSchema(
      v.object({
        a: v.optional(v.number()),
        b: v.optional(v.array(v.string())),
        c: v.optional(v.record(v.string(), v.date())),
        d: v.optional(v.nullable(v.picklist(['red', 'green']))),
        e: v.optional(v.tuple([v.boolean(), v.number()])),
        f: v.optional(v.union([v.object({ n: v.number() }), v.object({ s: v.string() })])),
      }),
    ),
  ],
  [
    'raw JSON Schema',
    {
      type: 'object',
      properties: {
        a: { type: 'number', default: 1 },
        b: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        c: { type: 'object', patternProperties: { '^a': { type: 'null' } }, additionalProperties: { $ref: '#' } },
        d: { enum: ['red', 'green', null] },
        e: { prefixItems: [{ type: 'boolean' }, { type: 'integer' }], items: false },
        f: {
          oneOf: [
            { type: 'object', required: ['n'] },
            { type: 'object', properties: { s: { $ref: '#/properties/b' } } },
          ],
        },
      },
      propertyNames: { maxLength: 3 },
      unevaluatedProperties: false,
    },
  ],
]

/** Values that come near the schemas: known keys, and text that repairs look at. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('1', 'true', 'null', '[1]', '{"n":"1"}', '2026-01-31', 'red', '__proto__', '\ud800'),
)
const { any } = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    text,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'n', 's', 'kind', 'constructor'), text),
    tie('any'),
    { maxKeys: 5 },
  ),
}))
const root = fc.oneof(fc.jsonValue(), any)

describe.each(schemas)('for any JSON value, with %s,', (_name, schema) => {
  const input = compileInput(schema)
  const strict = compileInput(schema, { repair: false })
  const output = compileOutput(schema)

  it('a check answers, and leaves the value as it is', async () => {
    await fc.assert(
      fc.asyncProperty(root, async (value) => {
        const before = JSON.stringify(value)
        const checked = await input.check(value)
        expect(typeof checked.ok).toBe('boolean')
        await output.check(value)
        expect(JSON.stringify(value)).toBe(before)
      }),
      { numRuns: 300 },
    )
  })

  it('repair changes nothing that is valid', async () => {
    await fc.assert(
      fc.asyncProperty(root, async (value) => {
        const plain = await strict.check(value)
        if (plain.ok) expect(await input.check(value)).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })

  it('what repair gives is valid', async () => {
    await fc.assert(
      fc.asyncProperty(root, async (value) => {
        const checked = await input.check(value)
        if (checked.ok) expect(await strict.check(checked.value)).toMatchObject({ ok: true })
      }),
      { numRuns: 300 },
    )
  })

  it('the explanation is at most 12 lines and shows no long value', async () => {
    const canary = 'CANARY_'.repeat(8)
    const withCanary = fc.tuple(
      root,
      fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', canary),
      fc.constantFrom<unknown>(canary, [canary], { [canary]: canary }),
    )
    await fc.assert(
      fc.asyncProperty(withCanary, async ([value, key, secret]) => {
        const base = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
        const sent = { ...base, [key]: secret }
        const checked = await input.check(sent)
        if (checked.ok) return
        const words = explain(checked.problems, input.json, sent)
        expect(words).not.toContain(canary)
        expect(JSON.stringify(checked.problems.map(({ message }) => message))).not.toContain(canary)
        expect(words.split('\n').length).toBeLessThanOrEqual(12)
        expect(words).not.toMatch(/\n\n|^$/)
      }),
      { numRuns: 300 },
    )
  })
})

it('an explanation is made of any problems about any value, even if they have nothing to do with the schema', () => {
  const path = fc.array(fc.oneof(fc.string(), fc.nat(9)), { maxLength: 5 })
  const problems = fc.array(fc.record({ path, message: fc.string() }), { maxLength: 20 })
  fc.assert(
    fc.property(problems, fc.anything(), (told, value) => {
      for (const [, schema] of schemas) expect(typeof explain(told, compileInput(schema).json, value)).toBe('string')
    }),
    { numRuns: 100 },
  )
})
