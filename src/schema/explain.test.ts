import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compileInput } from './compile.ts'
import { explain } from './explain.ts'
import type { AnySchema } from './schema.ts'

const tell = async (schema: AnySchema, value: unknown): Promise<string[]> => {
  const compiled = compileInput(schema)
  const checked = await compiled.check(value)
  return checked.ok ? [] : explain(checked.problems, compiled.json, value).split('\n')
}

const weather: [string, AnySchema][] = [
  [
    'zod',
    z.strictObject({
      city: z.string(),
      days: z.int().min(1).max(9).optional(),
      unit: z.enum(['celsius', 'fahrenheit']).optional(),
    }),
  ],
  [
    'arktype',
    type({ '+': 'reject', city: 'string', 'days?': '1 <= number.integer <= 9', 'unit?': "'celsius' | 'fahrenheit'" }),
  ],
  [
    'valibot',
    toStandardJsonSchema(
      v.strictObject({
        city: v.string(),
        days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9))),
        unit: v.optional(v.picklist(['celsius', 'fahrenheit'])),
      }),
    ),
  ],
  [
    'raw JSON Schema',
    {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 1, maximum: 9 },
        unit: { enum: ['celsius', 'fahrenheit'] },
      },
      required: ['city'],
      additionalProperties: false,
    },
  ],
]

describe.each(weather)('a model that uses a tool wrongly is told with %s', (_name, schema) => {
  it('which key it mistyped, and which keys there are', async () => {
    const lines = await tell(schema, { citty: 'Oslo' })
    expect(lines).toContain('`city` is required (string); you sent `citty`, did you mean `city`?')
    expect(lines).toContain('`citty` is not a known key; did you mean `city`?')
    expect(lines.at(-1)).toMatch(
      /^Known keys: `city` \(string, required\), `days` \(integer\), `unit` \("celsius" or "fahrenheit"\)$/,
    )
  })

  it('which values are allowed, and which it probably meant', async () => {
    expect(await tell(schema, { city: 'Oslo', unit: 'Celcius' })).toEqual([
      '`unit` must be one of "celsius" or "fahrenheit"; got "Celcius", did you mean "celsius"?',
    ])
    expect(await tell(schema, { city: 'Oslo', unit: ['celsius'] })).toEqual([
      '`unit` must be one of "celsius" or "fahrenheit"; got an array',
    ])
  })

  it('which type is wanted and which it sent', async () => {
    expect(await tell(schema, { city: ['Oslo'], days: 'soon' })).toEqual([
      '`city` must be a string, not an array',
      '`days` must be an integer, not a string',
    ])
    expect(await tell(schema, { city: 'Oslo', days: 1.5 })).toEqual(['`days` must be an integer, without a fraction'])
    expect(await tell(schema, ['Oslo'])).toEqual(['The value must be an object, not an array'])
  })

  it('which limit it broke', async () => {
    const [line, ...others] = await tell(schema, { city: 'Oslo', days: 10 })
    expect(line).toMatch(/^`days` must be (at most |<=)9$/)
    expect(others).toEqual([])
  })
})

describe('words', () => {
  it('name the place as one would write it', async () => {
    const schema = z.object({
      items: z.array(z.object({ name: z.string() })),
      'odd key': z.object({ 'a.b': z.number() }),
    })
    expect(await tell(schema, { items: [{ name: 'x' }, {}, { name: 1n }], 'odd key': { 'a.b': [] } })).toEqual([
      '`items[1].name` is required (string)',
      '`items[2].name` must be a string, not nothing',
      '`["odd key"]["a.b"]` must be a number, not an array',
    ])
  })

  it('of the author of a schema are kept', async () => {
    const schema = z.object({
      name: z.string().min(3, 'Name too short'),
      color: z.enum(['red', 'blue'], 'Pick a colour'),
      even: z.number().refine((n) => n % 2 === 0, 'must be even'),
    })
    expect(await tell(schema, { name: 'a', color: 'rde', even: 3 })).toEqual([
      '`name`: Name too short',
      '`color` must be one of "red" or "blue"; got "rde", did you mean "red"? (Pick a colour)',
      '`even` must be even',
    ])
  })

  it('are free of the jargon of zod', async () => {
    const schema = z.object({
      list: z.array(z.string()).min(1),
      text: z.string().max(2),
      mail: z.email(),
      start: z.string().startsWith('x'),
      exact: z.string().length(1),
      more: z.number().gt(5),
      record: z.record(z.string().min(3), z.number()),
      codes: z.record(z.enum(['no', 'se']), z.number()),
      literal: z.literal('yes'),
      never: z.never().optional(),
    })
    const sent = {
      list: [],
      text: 'abc',
      mail: 'x',
      start: 'y',
      exact: 'ab',
      more: 5,
      record: { a: 1 },
      codes: { no: 1, se: 2, dk: 3 },
      literal: 'no',
      never: 1,
    }
    expect(await tell(schema, sent)).toEqual([
      '`list` must have at least 1 item',
      '`text` must have at most 2 characters',
      '`mail` must be a valid email address',
      '`start` must start with "x"',
      '`exact` must have exactly 1 character',
      '`more` must be more than 5',
      '`record.a` is not a valid key: it must have at least 3 characters',
      '`codes.dk` is not a known key; known: `no`, `se`',
      '`literal` must be "yes"; got "no"',
      '`never` must be left out',
    ])
  })

  it('are free of the jargon of arktype and valibot', async () => {
    const ark = type({
      list: 'string[] >= 1',
      mail: 'string.email',
      text: type('string').narrow((_, ctx) => ctx.mustBe('a palindrome')),
    })
    expect(await tell(ark, { list: [], mail: 'x', text: 'ab' })).toEqual([
      '`list` must be non-empty',
      '`mail` must be an email address',
      '`text` must be a palindrome',
    ])
    const valibot = v.object({
      list: v.pipe(v.array(v.string()), v.minLength(1)),
      mail: v.pipe(v.string(), v.email()),
      text: v.pipe(v.string(), v.regex(/^a/)),
      own: v.pipe(
        v.string(),
        v.check(() => false, 'Try another'),
      ),
    })
    expect(await tell(toStandardJsonSchema(valibot), { list: [], mail: 'x', text: 'b', own: 'c' })).toEqual([
      '`list` must have a length of >=1',
      '`mail` must be a valid email',
      '`text` must match /^a/',
      '`own`: Try another',
    ])
  })

  it('say how to write a date', async () => {
    expect(await tell(z.object({ at: z.date(), big: z.bigint() }), { at: 'tomorrow', big: '1.5' })).toEqual([
      '`at` must be a date with time and offset, as in "2030-01-31T09:30:00Z", or a day, as in "2030-01-31"',
      '`big` must be an integer, as a number or as a string of digits',
    ])
  })

  it('are at most ten lines', async () => {
    const many = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`k${index}`, z.string()]))
    const lines = await tell(z.object(many), Object.fromEntries(Object.keys(many).map((key) => [key, 1n])))
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)).toBe('and 4 more')
  })

  it('count what is not looked at, too', () => {
    const problems = Array.from({ length: 500 }, (_, index) => ({ path: ['list', index], message: 'must be a number' }))
    expect(explain(problems, { type: 'object' }, { list: [] }).split('\n').at(-1)).toBe('and 490 more')
  })

  it('list at most twenty keys and twelve values', async () => {
    const keys = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, z.string().optional()]))
    const hint = (await tell(z.strictObject(keys), { other: 1 })).at(-1)
    expect(hint).toMatch(/`k19` \(string\), and 10 more$/)
    const values = Array.from({ length: 30 }, (_, index) => `v${index}`)
    expect((await tell(z.object({ a: z.enum(values) }), { a: '?' }))[0]).toMatch(/"v11" or 18 more; got "\?"$/)
  })
})

describe('a union is told by the branch that fits best', () => {
  const circle = { kind: 'circle', radius: 'number' } as const
  const shapes: [string, AnySchema][] = [
    [
      'zod',
      z.object({
        shape: z.union([
          z.object({ kind: z.literal('circle'), radius: z.number() }),
          z.object({ kind: z.literal('square'), side: z.number().min(1) }),
        ]),
      }),
    ],
    [
      'arktype',
      type({ shape: type({ kind: "'circle'", radius: circle.radius }).or({ kind: "'square'", side: 'number >= 1' }) }),
    ],
    [
      'valibot',
      toStandardJsonSchema(
        v.object({
          shape: v.union([
            v.object({ kind: v.literal('circle'), radius: v.number() }),
            v.object({ kind: v.literal('square'), side: v.pipe(v.number(), v.minValue(1)) }),
          ]),
        }),
      ),
    ],
    [
      'raw JSON Schema',
      {
        type: 'object',
        properties: {
          shape: {
            anyOf: [
              {
                type: 'object',
                properties: { kind: { const: 'circle' }, radius: { type: 'number' } },
                required: ['kind', 'radius'],
              },
              {
                type: 'object',
                properties: { kind: { const: 'square' }, side: { type: 'number', minimum: 1 } },
                required: ['kind', 'side'],
              },
            ],
          },
        },
        required: ['shape'],
      },
    ],
  ]

  it.each(shapes)('with %s', async (_name, schema) => {
    expect(await tell(schema, { shape: { kind: 'circle', radius: [] } })).toEqual([
      '`shape.radius` must be a number, not an array',
    ])
    expect(await tell(schema, { shape: { kind: 'square' } })).toEqual(['`shape.side` is required (number)'])
    expect(await tell(schema, { shape: 7 })).toEqual(['`shape` must be an object, not an integer'])
    const tags = (await tell(schema, { shape: { kind: 'triangle', radius: 1 } })).join()
    expect(tags).toMatch(/`shape\.kind` must be (one of )?"circle"/)
  })

  it('in all forms where none fits better', async () => {
    const schema = z.object({
      by: z.union([z.object({ id: z.number() }), z.object({ name: z.string(), exact: z.boolean().optional() })]),
    })
    expect(await tell(schema, { by: {} })).toEqual(['`by` must be { id: number } or { name: string, exact?: boolean }'])
  })

  it('by its own rules where its shape is right', async () => {
    const schema = z.object({ by: z.union([z.object({ id: z.number().min(5) }), z.object({ name: z.string() })]) })
    expect(await tell(schema, { by: { id: 3 } })).toEqual(['`by.id` must be at least 5'])
  })

  it('with the tags of all branches where the tag is wrong', async () => {
    const schema = z.object({
      shape: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('circle') }),
        z.object({ kind: z.literal('square'), side: z.number() }),
      ]),
    })
    expect(await tell(schema, { shape: { kind: 'sqare' } })).toEqual([
      '`shape.kind` must be one of "circle" or "square"; got "sqare", did you mean "square"?',
    ])
  })
})

describe('no long value is shown', () => {
  const canary = 'c4n4ry-'.repeat(10)

  it('by a wrong value', async () => {
    const lines = await tell(z.object({ a: z.enum(['x', 'y']), b: z.number() }), { a: canary, b: canary })
    expect(lines[0]).toMatch(/got "c4n4ry-[^"]{32}…"$/)
    expect(lines.join()).not.toContain(canary)
  })

  it('by an unknown key', async () => {
    expect((await tell(z.strictObject({}), { [canary]: 1 })).join()).not.toContain(canary)
  })

  it('by a message of the author or of a library, not even in part', async () => {
    const schema = z.object({
      a: z.string().refine(() => false, { error: ({ input }) => `${String(input).slice(0, 60)} is bad` }),
    })
    expect(await tell(schema, { a: canary })).toEqual(['`a`: … is bad'])
    const library = {
      '~standard': {
        vendor: 'other',
        version: 1,
        validate: (value: unknown) => ({ issues: [{ message: `Expected number, actual ${JSON.stringify(value)}` }] }),
        jsonSchema: { input: () => ({}), output: () => ({}) },
      },
    } as const
    expect((await tell(library, { deep: [`${canary}"\n`] })).join()).toBe(
      'The value: Expected number, actual {"deep":["…"]}',
    )
  })
})
