import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileInput } from './compile.ts'
import type { AnySchema } from './schema.ts'

const dialects: [string, AnySchema][] = [
  [
    'zod',
    z.object({
      list: z.array(z.number()).optional(),
      place: z.object({ x: z.number(), on: z.boolean() }).optional(),
      n: z.number().optional(),
      i: z.int().optional(),
      on: z.boolean().optional(),
      text: z.string().optional(),
      tags: z.array(z.string()).optional(),
    }),
  ],
  [
    'arktype',
    type({
      'list?': 'number[]',
      'place?': { x: 'number', on: 'boolean' },
      'n?': 'number',
      'i?': 'number.integer',
      'on?': 'boolean',
      'text?': 'string',
      'tags?': 'string[]',
    }),
  ],
  [
    'valibot',
    toStandardJsonSchema(
      v.object({
        list: v.optional(v.array(v.number())),
        place: v.optional(v.object({ x: v.number(), on: v.boolean() })),
        n: v.optional(v.number()),
        i: v.optional(v.pipe(v.number(), v.integer())),
        on: v.optional(v.boolean()),
        text: v.optional(v.string()),
        tags: v.optional(v.array(v.string())),
      }),
    ),
  ],
  [
    'raw JSON Schema',
    {
      type: 'object',
      properties: {
        list: { type: 'array', items: { type: 'number' } },
        place: { $ref: '#/$defs/place' },
        n: { type: 'number' },
        i: { type: 'integer' },
        on: { type: 'boolean' },
        text: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
      },
      $defs: {
        place: {
          type: 'object',
          properties: { x: { type: 'number' }, on: { type: 'boolean' } },
          required: ['x', 'on'],
        },
      },
    },
  ],
]

describe.each(dialects)('what models write by mistake is undone with %s:', (_name, schema) => {
  it.each([
    ['a list as JSON in a string', { list: '[1, 2]' }, { list: [1, 2] }],
    ['an object as JSON in a string', { place: ' {"x": 1, "on": true} ' }, { place: { x: 1, on: true } }],
    ['mistakes inside such JSON', { place: '{"x": "1", "on": "true"}' }, { place: { x: 1, on: true } }],
    ['a number as a string', { n: '3', i: '-4' }, { n: 3, i: -4 }],
    ['a number with fraction and exponent', { n: '1.5e3' }, { n: 1500 }],
    ['a boolean as a string', { on: 'true' }, { on: true }],
    ['a boolean as Python writes it', { on: 'False' }, { on: false }],
    ['a number where text is wanted', { text: 3.5 }, { text: '3.5' }],
    ['a boolean where text is wanted', { text: true }, { text: 'true' }],
    ['null for what may be left out', { n: null, text: 'x' }, { text: 'x' }],
    ['one value for a list of it', { tags: 'red', list: 3 }, { tags: ['red'], list: [3] }],
    ['one value for a list of it, as a string', { list: '3' }, { list: [3] }],
    ['strings in a list of numbers', { list: ['1', 2, '3'] }, { list: [1, 2, 3] }],
    ['all arguments as JSON in a string', '{"n": "3"}', { n: 3 }],
  ])('%s', async (_mistake, sent, meant) => {
    const before = structuredClone(sent)
    expect(await compileInput(schema).check(sent)).toEqual({ ok: true, value: meant })
    expect(sent).toEqual(before)
  })

  it.each([
    ['text that is no number', { n: '3 apples' }],
    ['an empty string for a number', { n: '' }],
    ['a number that would lose digits', { i: '12345678901234567890' }],
    ['a fraction for an integer', { i: '1.5' }],
    ['text that may already be a list', { tags: 'red, green' }],
    ['JSON of the wrong kind', { list: '{"a": 1}' }],
    ['half of a JSON text', { list: '[1, 2' }],
    ['1 for true', { on: 1 }],
    ['yes for true', { on: 'yes' }],
    ['an object for text', { text: {} }],
    ['null in a list', { list: [null] }],
  ])('but not %s', async (_mistake, sent) => {
    expect(await compileInput(schema).check(sent)).toMatchObject({ ok: false })
  })

  it('only if the tool wants it', async () => {
    expect(await compileInput(schema, { repair: false }).check({ n: '3' })).toMatchObject({ ok: false })
  })
})

describe('repair', () => {
  it('makes no list of lists of one value, which a list of itself would have no end of', async () => {
    const itself = { type: 'array', items: { $ref: '#/$defs/itself' } }
    const schema = { type: 'object', properties: { a: { $ref: '#/$defs/itself' } }, $defs: { itself } }
    expect(await compileInput(schema).check({ a: 'x' })).toMatchObject({ ok: false })
    expect(await compileInput(schema).check({ a: [[], [[]]] })).toMatchObject({ ok: true })
  })

  it.each(dialects)('takes no list for an object, whatever the library %s thinks', async (_name, schema) => {
    expect(await compileInput(schema).check([])).toEqual({
      ok: false,
      problems: [{ path: [], message: 'must be an object' }],
    })
  })

  it('leaves what is valid as it is', async () => {
    const schema = z.object({ id: z.union([z.string(), z.number()]), any: z.unknown(), n: z.number() })
    expect(await compileInput(schema).check({ id: '3', any: '[1]', n: '3' })).toEqual({
      ok: true,
      value: { id: '3', any: '[1]', n: 3 },
    })
  })

  it('tells the problems of what was sent if something is still wrong', async () => {
    const checked = await compileInput(z.object({ a: z.number(), b: z.number() })).check({ a: '1', b: 'x' })
    expect(checked).toMatchObject({ ok: false, problems: [{ path: ['a'] }, { path: ['b'] }] })
  })

  it('leaves null where null is meant, and refuses it where a value is required', async () => {
    const schema = compileInput(z.object({ a: z.number().nullable(), b: z.number() }))
    expect(await schema.check({ a: null, b: '1' })).toEqual({ ok: true, value: { a: null, b: 1 } })
    expect(await schema.check({ a: null, b: null })).toMatchObject({ ok: false, problems: [{ path: ['b'] }] })
    expect(await schema.check({ a: 'null', b: 1 })).toEqual({ ok: true, value: { a: null, b: 1 } })
  })

  it('gives a field its default where null was sent', async () => {
    expect(await compileInput(z.object({ n: z.number().default(7) })).check({ n: null })).toEqual({
      ok: true,
      value: { n: 7 },
    })
    const raw = { type: 'object', properties: { n: { type: 'number', default: 7 } } }
    expect(await compileInput(raw).check({ n: null })).toEqual({ ok: true, value: { n: 7 } })
  })

  it('repairs in the branch of a union that is meant', async () => {
    const Shape = z.union([
      z.object({ kind: z.literal('circle'), size: z.string() }),
      z.object({ kind: z.literal('square'), size: z.number() }),
    ])
    const schema = compileInput(z.object({ shape: Shape, shapes: z.array(Shape) }))
    const sent = {
      shape: { kind: 'square', size: '2' },
      shapes: '[{"kind":"square","size":"3"},{"kind":"circle","size":4}]',
    }
    expect(await schema.check(sent)).toEqual({
      ok: true,
      value: {
        shape: { kind: 'square', size: 2 },
        shapes: [
          { kind: 'square', size: 3 },
          { kind: 'circle', size: '4' },
        ],
      },
    })
  })

  it('finds its way through tuples, records, patterns and recursion', async () => {
    const schema = {
      type: 'object',
      properties: {
        pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
        old: { type: 'array', items: [{ type: 'number' }], additionalItems: { type: 'boolean' } },
        scores: { type: 'object', additionalProperties: { type: 'integer' } },
        flags: { type: 'object', patternProperties: { '^is': { type: 'boolean' } } },
        next: { $ref: '#' },
        both: { allOf: [{ type: 'object' }, { properties: { n: { type: 'number' } } }] },
        if: { if: { properties: { k: { const: 1 } } }, else: { properties: { v: { type: 'number' } } } },
      },
    }
    const sent = {
      pair: ['a', '1'],
      old: ['1', 'true'],
      scores: { ann: '3' },
      flags: { isOn: 'true' },
      next: { next: { scores: '{"bob": "4"}' } },
      both: { n: '5' },
      if: { k: 2, v: '6' },
    }
    expect(await compileInput(schema).check(sent)).toEqual({
      ok: true,
      value: {
        pair: ['a', 1],
        old: [1, true],
        scores: { ann: 3 },
        flags: { isOn: true },
        next: { next: { scores: { bob: 4 } } },
        both: { n: 5 },
        if: { k: 2, v: 6 },
      },
    })
  })

  it('gives up on a value with more than 100 problems', async () => {
    const schema = compileInput(z.object({ list: z.array(z.number()) }))
    const strings = (count: number) => ({ list: Array.from({ length: count }, () => '1') })
    expect(await schema.check(strings(100))).toMatchObject({ ok: true })
    expect(await schema.check(strings(101))).toMatchObject({ ok: false })
  })

  it('does not read JSON that is too long or too deep', async () => {
    const schema = compileInput(z.object({ list: z.array(z.unknown()) }))
    expect(await schema.check({ list: `[${' '.repeat(1_048_575)}]` })).toMatchObject({ ok: false })
    expect(await schema.check({ list: '['.repeat(65) + ']'.repeat(65) })).toMatchObject({ ok: false })
    expect(await schema.check({ list: '['.repeat(60) + ']'.repeat(60) })).toMatchObject({ ok: true })
  })

  it('drops __proto__ inside repaired JSON', async () => {
    const schema = compileInput(z.object({ o: z.record(z.string(), z.unknown()) }))
    const checked = await schema.check({ o: '{"__proto__": {"polluted": 1}, "a": {"__proto__": 2}}' })
    expect(checked).toEqual({ ok: true, value: { o: { a: {} } } })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('where everything travels as text', () => {
  const schema = z.object({ depth: z.number().max(5), filter: z.object({ tag: z.enum(['a', 'b']) }), on: z.boolean() })
  const given = { depth: '9', filter: '{"tag":"c"}', on: 'true' }

  it('the problems told are those of what the text says, with the value that they are of', async () => {
    const checked = await compileInput(schema, { fromText: true }).check(given)
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ path: ['depth'] }, { path: ['filter', 'tag'] }],
      repaired: { depth: 9, filter: { tag: 'c' }, on: true },
    })
  })

  it('and not elsewhere, where a number could have been sent', async () => {
    const checked = await compileInput(schema).check(given)
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ path: ['depth'] }, { path: ['filter'] }, { path: ['on'] }],
    })
    expect(checked).not.toHaveProperty('repaired')
  })

  it('nor where there was nothing to repair', async () => {
    const checked = await compileInput(schema, { fromText: true }).check({ depth: 'deep', filter: 'x', on: 'y' })
    expect(checked).not.toHaveProperty('repaired')
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ path: ['depth'] }, { path: ['filter'] }, { path: ['on'] }],
    })
  })
})

describe('dates and bigints, which JSON has no word for, are given as the library wants them', () => {
  const vendors: [string, AnySchema][] = [
    [
      'zod',
      z.object({
        at: z.date(),
        maybe: z.date().nullable().optional(),
        list: z.array(z.object({ at: z.date() })).optional(),
        big: z.bigint().optional(),
      }),
    ],
    ['arktype', type({ at: 'Date', 'maybe?': 'Date | null', 'list?': type({ at: 'Date' }).array(), 'big?': 'bigint' })],
    [
      'valibot',
      toStandardJsonSchema(
        v.object({
          at: v.date(),
          maybe: v.optional(v.nullable(v.date())),
          list: v.optional(v.array(v.object({ at: v.date() }))),
          big: v.optional(v.bigint()),
        }),
      ),
    ],
  ]

  it.each(vendors)('with %s', async (_name, schema) => {
    const sent = {
      at: '2026-01-31T09:30:00+02:00',
      maybe: '2026-02-28',
      list: [{ at: '2026-01-31t09:30:00.5z' }],
      big: '123456789012345678901',
    }
    const meant = {
      at: new Date('2026-01-31T07:30:00Z'),
      maybe: new Date('2026-02-28T00:00:00Z'),
      list: [{ at: new Date('2026-01-31T09:30:00.500Z') }],
      big: 123456789012345678901n,
    }
    for (const repair of [true, false]) {
      expect(await compileInput(schema, { repair }).check(sent)).toEqual({ ok: true, value: meant })
    }
    expect(await compileInput(schema).check({ at: '2026-01-31', big: 5 })).toMatchObject({ value: { big: 5n } })
  })

  it.each(['tomorrow', '2026-02-30', '2026-13-01', '2026-01-31T09:30', '20260131', '2026-01-31T25:00:00Z', '', 5])(
    'but not from %j',
    async (at) => {
      expect(await compileInput(z.object({ at: z.date() })).check({ at })).toMatchObject({
        ok: false,
        problems: [{ path: ['at'] }],
      })
    },
  )

  it('in any number', async () => {
    const rows = Array.from({ length: 500 }, () => ({ at: '2026-01-31' }))
    expect(await compileInput(z.object({ rows: z.array(z.object({ at: z.date() })) })).check({ rows })).toMatchObject({
      ok: true,
    })
  })

  it('also inside repaired JSON', async () => {
    const schema = compileInput(z.object({ o: z.object({ at: z.date(), n: z.number() }) }))
    expect(await schema.check({ o: '{"at":"2026-01-31","n":"1"}' })).toEqual({
      ok: true,
      value: { o: { at: new Date('2026-01-31'), n: 1 } },
    })
  })

  it('and the problems told are those that are left', async () => {
    const schema = compileInput(z.object({ at: z.date().min(new Date('2030-01-01')), from: z.date(), n: z.number() }))
    expect(await schema.check({ at: '2026-01-31', from: '2026-01-31', n: 'x' })).toMatchObject({
      ok: false,
      problems: [
        { path: ['at'], message: 'must be at least 2030-01-01T00:00:00.000Z' },
        { path: ['n'], message: 'must be a number' },
      ],
    })
  })

  it('but text stays text where text is welcome', async () => {
    const schema = compileInput(z.object({ id: z.union([z.string(), z.date()]), at: z.date(), iso: z.iso.datetime() }))
    const sent = { id: '2026-01-31', at: '2026-01-31', iso: '2026-01-31T09:30:00Z' }
    expect(await schema.check(sent)).toEqual({ ok: true, value: { ...sent, at: new Date('2026-01-31') } })
  })

  it('and raw JSON Schema keeps its strings', async () => {
    const schema = { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } }
    expect(await compileInput(schema).check({ at: '2026-01-31T09:30:00Z' })).toEqual({
      ok: true,
      value: { at: '2026-01-31T09:30:00Z' },
    })
    expect(await compileInput(schema).check({ at: '2026-01-31' })).toMatchObject({ ok: false })
  })
})
