import { afterEach, describe, expect, it, vi } from 'vitest'
import { compileInput, compileOutput } from './compile.ts'
import type { JsonSchema } from './json-schema.ts'

afterEach(() => vi.unstubAllGlobals())

const admitted = async (schema: JsonSchema, value: unknown) =>
  (await compileInput(schema, { repair: false }).check(value)).ok

function refusal(schema: JsonSchema): string {
  try {
    compileInput(schema)
    return 'accepted'
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem)
  }
}

describe('SC-02: references that lead in circles, and names that others have', () => {
  it.each<[string, JsonSchema, RegExp]>([
    ['to itself', { $ref: '#' }, /refers to itself/],
    [
      'in a ring of definitions',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } } },
      /refers to itself/,
    ],
    ['by a dynamic reference', { $dynamicAnchor: 'n', anyOf: [{ $dynamicRef: '#n' }] }, /refers to itself/],
    [
      'by a recursive reference',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        $recursiveAnchor: true,
        allOf: [{ $recursiveRef: '#' }],
      },
      /refers to itself/,
    ],
    [
      'by dynamic references to each other',
      {
        $ref: '#/$defs/a',
        $defs: { a: { $dynamicAnchor: 'a', $dynamicRef: '#b' }, b: { $dynamicAnchor: 'b', $dynamicRef: '#a' } },
      },
      /refers to itself/,
    ],
    ['through a thousand definitions', chain(1_000), /chains more than 500 references/],
  ])('%s, never into the value: refused', (_name, schema, words) => {
    expect(refusal({ type: 'object', ...schema })).toMatch(words)
  })

  it('into the value: followed as far as the value goes', async () => {
    const list: JsonSchema = {
      $dynamicAnchor: 'node',
      type: 'object',
      properties: { next: { $dynamicRef: '#node' } },
      additionalProperties: false,
    }
    let value: object = {}
    for (let i = 0; i < 60; i++) value = { next: value }
    expect(await admitted(list, value)).toBe(true)
    expect(await admitted(list, { next: { next: { other: 1 } } })).toBe(false)
  })

  it('as deep as JSON may nest: refused, never a crash', async () => {
    const list: JsonSchema = { type: 'object', properties: { next: { $ref: '#' } } }
    let value: object = {}
    for (let i = 0; i < 100_000; i++) value = { next: value }
    expect(await admitted(list, value)).toBe(false)
  })

  it('each tool has definitions of its own, whatever `$id` they go by', async () => {
    const named = (type: string): JsonSchema => ({
      $id: 'https://example.com/shared',
      type: 'object',
      properties: { a: { $ref: '#/$defs/a' } },
      $defs: { a: { $id: 'https://example.com/a', type } },
    })
    const [one, other] = [
      compileInput(named('string'), { repair: false }),
      compileInput(named('integer'), { repair: false }),
    ]
    expect(await one.check({ a: 'x' })).toMatchObject({ ok: true })
    expect(await other.check({ a: 'x' })).toMatchObject({ ok: false })
    expect(await other.check({ a: 1 })).toMatchObject({ ok: true })
    expect(await one.check({ a: 1 })).toMatchObject({ ok: false })
    expect(refusal({ type: 'object', properties: { a: { $ref: 'https://example.com/a' } } })).toMatch(
      /leads out of the schema/,
    )
  })

  it('an `$id` that says it is the meta-schema changes nothing for others', async () => {
    const hijack: JsonSchema = {
      $id: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { a: false },
    }
    expect(await admitted(hijack, { a: 1 })).toBe(false)
    expect(
      await admitted(
        { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', properties: { a: {} } },
        { a: 1 },
      ),
    ).toBe(true)
  })

  it('an `$id` inside moves the references inside, and no others', async () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        a: { $id: 'inner', type: 'object', properties: { x: { $ref: '#/$defs/v' } }, $defs: { v: { type: 'string' } } },
        b: { $ref: '#/$defs/v' },
      },
      $defs: { v: { type: 'integer' } },
    }
    expect(await admitted(schema, { a: { x: 'text' }, b: 1 })).toBe(true)
    expect(await admitted(schema, { a: { x: 1 }, b: 1 })).toBe(false)
    expect(await admitted(schema, { b: 'text' })).toBe(false)
  })
})

describe('SC-03: nothing is ever fetched', () => {
  it.each([
    'https://example.com/schema.json',
    'http://169.254.169.254/latest/meta-data',
    '//example.com/schema.json',
    'file:///etc/passwd',
    '/etc/passwd',
    'schema.json#/$defs/a',
    'https://json-schema.org/draft/2020-12/schema',
    'data:application/json,{}',
  ])('a reference to %s is refused', (reference) => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
      expect(refusal({ type: 'object', properties: { a: { [keyword]: reference } } })).toMatch(
        /never fetched|leads out/,
      )
    }
    expect(() => compileOutput({ type: 'object', properties: { a: { $ref: reference } } })).toThrow(/never fetched/)
    expect(fetched).not.toHaveBeenCalled()
  })

  it.each(['https://example.com/my-dialect', 'file:///etc/passwd', 'http://json-schema.org/draft-04/schema#', 7])(
    'a dialect of %s is refused',
    ($schema) => {
      const fetched = vi.fn()
      vi.stubGlobal('fetch', fetched)
      expect(refusal({ $schema, type: 'object' } as JsonSchema)).toMatch(/none is ever fetched/)
      expect(refusal({ type: 'object', properties: { a: { $schema } } } as JsonSchema)).toMatch(/none is ever fetched/)
      expect(fetched).not.toHaveBeenCalled()
    },
  )

  it('a dialect, a name or a reference that is known is not fetched either', async () => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    const schema: JsonSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/root',
      type: 'object',
      properties: { a: { $ref: 'https://example.com/a' }, b: { $ref: 'root#/$defs/a' } },
      $defs: { a: { $id: 'a', type: 'string' } },
    }
    expect(await admitted(schema, { a: 'x', b: 'y' })).toBe(true)
    expect(await admitted(schema, { a: 1 })).toBe(false)
    expect(fetched).not.toHaveBeenCalled()
  })
})

describe('SC-06: formats are checked in linear time', () => {
  const LONG = 50_000
  const HARD: Readonly<Record<string, readonly string[]>> = {
    email: ['a', 'a.', 'a@', 'a@a.', '"a', 'a-'],
    uri: ['a', 'http://a.', '%20', 'a:', '/a', 'http://[::'],
    'uri-reference': ['a', '/', '%', '?', 'a:/'],
    hostname: ['a', 'a.', 'a-', '-'],
    ipv4: ['1', '1.'],
    ipv6: [':', '::', '1:', 'a:1.'],
    date: ['1', '2020-'],
    time: ['1', '10:00:00.'],
    'date-time': ['2020-01-01T', '1'],
    duration: ['P', 'P1', '1D'],
    uuid: ['a', '0-'],
    'json-pointer': ['/a', '~', '~0'],
    regex: ['(', '(a', '[', '(?:', 'a*', '\\'],
  }

  it.each(Object.entries(HARD))('%s', async (format, seeds) => {
    const input = compileInput({ type: 'object', properties: { v: { type: 'string', format } } }, { repair: false })
    await input.check({ v: '' })
    for (const seed of seeds) {
      for (const [start, end] of [
        ['', ''],
        ['', '!'],
        ['a@', '\u0000'],
        ['http://', '@'],
      ] as const) {
        const v = `${start}${seed.repeat(LONG / seed.length)}${end}`
        const began = performance.now()
        await input.check({ v })
        expect(performance.now() - began).toBeLessThan(500)
      }
    }
  })
})

function chain(length: number): JsonSchema {
  const $defs: Record<string, JsonSchema> = { [`d${length}`]: {} }
  for (let i = 0; i < length; i++) $defs[`d${i}`] = { allOf: [{ $ref: `#/$defs/d${i + 1}` }] }
  return { $ref: '#/$defs/d0', $defs }
}
