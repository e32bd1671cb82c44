import { beforeEach, describe, expect, it, vi } from 'vitest'
import { compileInput, compileOutput } from './compile.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Checked } from './schema.ts'

const check = async (schema: JsonSchema, value: unknown): Promise<Checked> =>
  compileInput(schema, { repair: false }).check(value)

const problemsOf = async (schema: JsonSchema, value: unknown): Promise<string[]> => {
  const checked = await check(schema, value)
  return checked.ok ? [] : checked.problems.map(({ path, message }) => [...path, message].join(' '))
}

describe('the validator', () => {
  const loaded = vi.fn()

  beforeEach(() => {
    vi.resetModules()
    loaded.mockClear()
    vi.doMock('@cfworker/json-schema', async (original) => {
      loaded()
      return original()
    })
  })

  it('is loaded at the first check of a raw schema and not before, and once', async () => {
    const fresh = await import('./compile.ts')
    const one = fresh.compileInput({ type: 'object', minProperties: 0 })
    const other = fresh.compileInput({ type: 'object', required: ['a'], minProperties: 1 })
    expect(loaded).not.toHaveBeenCalled()
    const first = one.check({})
    expect(first).toBeInstanceOf(Promise)
    expect(await Promise.all([first, other.check({ a: 1 })])).toMatchObject([{ ok: true }, { ok: true }])
    expect(loaded).toHaveBeenCalledTimes(1)
    expect(one.check({ b: 1 })).toEqual({ ok: true, value: { b: 1 } })
    expect(other.check({})).toMatchObject({ ok: false })
  })

  it('is not needed for what plainly fits a plain schema', async () => {
    const fresh = await import('./compile.ts')
    const plain = fresh.compileInput({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] })
    expect(plain.check({ a: 'x' })).toEqual({ ok: true, value: { a: 'x' } })
    expect(loaded).not.toHaveBeenCalled()
    expect(await plain.check({ a: 1, b: 2 })).toMatchObject({ ok: true, value: { a: '1', b: 2 } })
    expect(await plain.check({})).toMatchObject({ ok: false })
    expect(loaded).toHaveBeenCalledTimes(1)
  })
})

describe('problems', () => {
  const schema = {
    type: 'object',
    properties: {
      n: { type: 'number', minimum: 3, exclusiveMaximum: 9, multipleOf: 0.5 },
      s: { type: 'string', minLength: 2, pattern: '^a' },
      list: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: { $ref: '#/$defs/item' } },
      either: { anyOf: [{ type: 'string' }, { type: 'object', required: ['x'] }] },
      mail: { type: 'string', format: 'email' },
      kind: { enum: ['a', 'b'] },
      'a/b~c#d e': { type: 'null' },
    },
    required: ['n', 's'],
    dependentRequired: { mail: ['kind'] },
    additionalProperties: false,
    $defs: { item: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
  }

  it('name the place and the rule, all of them, and never the value', async () => {
    const value = {
      n: 20.2,
      list: [{ id: 'secret' }, {}, {}],
      either: 7,
      mail: 'secret',
      'a/b~c#d e': 'secret',
      other: 'secret',
    }
    expect(await problemsOf(schema, value)).toEqual([
      's is required',
      ' needs "kind" where it has "mail"'.trim(),
      'n must be less than 9',
      'n must be a multiple of 0.5',
      'list must have at most 2 items',
      'list 0 id must be an integer',
      'list 1 id is required',
      'list 2 id is required',
      'list must not have the same item twice',
      'either matches none of the allowed forms',
      'mail must be a valid email',
      'a/b~c#d e must be null',
      'other is not a known key',
    ])
  })

  it('say the root where the root is wrong', async () => {
    expect(await problemsOf(schema, [])).toEqual(['must be an object'])
    expect(await problemsOf({ not: {} }, 1)).toEqual(['is of a form that is not allowed'])
  })

  it('are told for values that are no JSON', async () => {
    expect(await problemsOf(schema, { n: 5n, s: 'ab' })).toEqual(['n is not JSON'])
    expect(await problemsOf(schema, { n: Number.NaN, s: 'ab' })).toEqual(['n is not JSON'])
    expect(await problemsOf({ items: {} }, [1, undefined])).toEqual(['1 is not JSON'])
    expect(await check({ properties: { a: {} } }, { a: undefined, b: [{ c: undefined }] })).toEqual({
      ok: true,
      value: { b: [{}] },
    })
  })

  it('are told for keys that are no text', async () => {
    expect(await problemsOf({ additionalProperties: { type: 'null' } }, { '\ud800': 1 })).toEqual([
      'cannot be checked: it nests too deeply, or a key of it is no valid text',
    ])
  })
})

describe('dialects', () => {
  const seven = 'http://json-schema.org/draft-07/schema#'

  it('draft 7 ignores what stands beside $ref; later drafts do not', async () => {
    const schema = {
      properties: { a: { $ref: '#/definitions/s', minLength: 3 } },
      definitions: { s: { type: 'string' } },
    }
    expect(await check({ $schema: seven, ...schema }, { a: 'x' })).toMatchObject({ ok: true })
    expect(await check(schema, { a: 'x' })).toMatchObject({ ok: false })
  })

  it('places in lists are named by items in draft 7, by prefixItems in 2020-12', async () => {
    const pair = [{ type: 'string' }, { type: 'number' }]
    expect(await problemsOf({ $schema: seven, items: pair, additionalItems: false }, ['a', 'b', 1])).toEqual([
      '1 must be a number',
      '2 is not a known key',
    ])
    expect(await problemsOf({ prefixItems: pair, items: false }, ['a', 'b', 1])).toEqual([
      '1 must be a number',
      '2 is not a known key',
    ])
  })

  it('2019-09 recurs by $recursiveRef, 2020-12 by $dynamicRef and anchors', async () => {
    const tree = { $recursiveAnchor: true, type: 'object', properties: { next: { $recursiveRef: '#' } } }
    const old = { $schema: 'https://json-schema.org/draft/2019-09/schema', ...tree }
    expect(await problemsOf(old, { next: { next: 1 } })).toEqual(['next next must be an object'])
    const young = { $dynamicAnchor: 'node', type: 'object', properties: { next: { $dynamicRef: '#node' } } }
    expect(await problemsOf(young, { next: { next: 1 } })).toEqual(['next next must be an object'])
    const anchored = { properties: { a: { $ref: '#word' } }, $defs: { x: { $anchor: 'word', type: 'string' } } }
    expect(await problemsOf(anchored, { a: 1 })).toEqual(['a must be a string'])
  })

  it('an $id names its own schema and nothing else', async () => {
    const schema = {
      $id: 'https://example.com/root',
      properties: { a: { $ref: 'item' }, b: { $ref: 'https://example.com/item' }, c: { $ref: '#/$defs/word' } },
      $defs: { item: { $id: 'item', type: 'integer' }, word: { type: 'string' } },
    }
    expect(await problemsOf(schema, { a: 'x', b: 'x', c: 1 })).toEqual([
      'a must be an integer',
      'b must be an integer',
      'c must be a string',
    ])
  })

  it('references may lead below a keyword that nobody knows', async () => {
    const schema = {
      properties: { a: { $ref: '#/components/schemas/A' } },
      components: { schemas: { A: { type: 'integer' } } },
    }
    expect(await problemsOf(schema, { a: 'x' })).toEqual(['a must be an integer'])
  })

  it('data that looks like schemas stays data', async () => {
    const schema = {
      properties: { a: { const: { $ref: 'http://127.0.0.1/x' }, examples: [{ $id: 5 }] }, $ref: { type: 'integer' } },
      default: { $ref: '#/nothing' },
    }
    expect(await check(schema, { a: { $ref: 'http://127.0.0.1/x' }, $ref: 1 })).toMatchObject({ ok: true })
  })
})

describe('defaults', () => {
  const schema = {
    type: 'object',
    properties: {
      unit: { type: 'string', default: 'celsius' },
      zero: { default: 0 },
      tags: { default: ['a'] },
      page: { type: 'object', properties: { size: { type: 'integer', default: 10 } } },
      rows: { type: 'array', items: { $ref: '#/$defs/row' } },
      either: { anyOf: [{ type: 'object', properties: { x: { default: 1 } } }] },
    },
    required: ['unit'],
    $defs: { row: { allOf: [{ type: 'object', properties: { n: { $ref: '#/$defs/one' } } }] }, one: { default: 1 } },
  }

  it('stand in for what is missing, also in objects and lists, and leave the sent value alone', async () => {
    const value = { page: {}, rows: [{}, { n: 2 }], either: {} }
    const sent = structuredClone(value)
    expect(await check(schema, value)).toEqual({
      ok: true,
      value: {
        unit: 'celsius',
        zero: 0,
        tags: ['a'],
        page: { size: 10 },
        rows: [{ n: 1 }, { n: 2 }],
        either: {},
      },
    })
    expect(value).toEqual(sent)
  })

  it('make no object that was not sent', async () => {
    expect(await check({ properties: { page: { properties: { size: { default: 1 } } } } }, {})).toEqual({
      ok: true,
      value: {},
    })
  })

  it('are new for each call, so that a handler may change what it is given', async () => {
    const first = await check(schema, {})
    if (first.ok) (first.value as { tags: string[] }).tags.push('b')
    expect(await check(schema, {})).toMatchObject({ value: { tags: ['a'] } })
  })

  it('are not filled into results', async () => {
    expect(await compileOutput({ properties: { a: { default: 1 } } }).check({})).toEqual({ ok: true, value: {} })
  })
})

describe('SC-04: hostile combinations of schema and value cost little', () => {
  it('a union of unions, 2^30 ways', async () => {
    const $defs: Record<string, JsonSchema> = { a30: { type: 'integer' } }
    for (let i = 0; i < 30; i++)
      $defs[`a${i}`] = { oneOf: [{ $ref: `#/$defs/a${i + 1}` }, { $ref: `#/$defs/a${i + 1}` }] }
    expect(await problemsOf({ properties: { a: { $ref: '#/$defs/a0' } }, $defs }, { a: 1 })).toEqual([
      'is too complex to be checked against this schema',
    ])
  })

  it('a deep tree of tagged branches is checked all the same', async () => {
    const branch = (kind: string) => ({
      properties: { next: { $ref: '#' }, kind: { const: kind } },
      required: ['kind'],
    })
    let value: object = { kind: 'b' }
    for (let i = 0; i < 50; i++) value = { next: value, kind: 'b' }
    expect(await check({ type: 'object', anyOf: [branch('a'), branch('b')] }, value)).toMatchObject({ ok: true })
  })

  it('a list of 100,000 that must be unique', async () => {
    const schema = {
      properties: { a: { items: { $ref: '#/$defs/u' } }, free: {} },
      $defs: { u: { type: 'array', uniqueItems: true } },
    }
    const many = Array.from({ length: 100_000 }, (_, index) => index)
    expect(await check(schema, { a: [many], free: [1, 1] })).toMatchObject({ ok: true })
    expect(await problemsOf(schema, { a: [[1], [...many, 5]] })).toEqual(['a 1 must not have the same item twice'])
    const objects = many.slice(0, 1000).map((id) => ({ id, tag: 'x' }))
    expect(await check(schema, { a: [objects] })).toMatchObject({ ok: true })
    expect(await check(schema, { a: [[...objects, { tag: 'x', id: 3 }]] })).toMatchObject({ ok: false })
    expect(await check(schema, { a: [], free: [...many, 1] })).toMatchObject({ ok: true })
  })

  it('a divisor of almost nothing', async () => {
    expect(await check({ properties: { a: { multipleOf: 1e-300 } } }, { a: 1e308 })).toMatchObject({ ok: true })
  })
})

it('checks patterns where another copy of the library shares the validator', async () => {
  const schema = { type: 'string', pattern: '^(a+)+$' }
  expect(await check(schema, 'aaa')).toMatchObject({ ok: true })
  vi.resetModules()
  const other = await import('./raw.ts')
  const others = other.rawPass({ type: 'string', pattern: '^(b+)+$' }, { defaults: false })
  expect(await others('bbb')).toMatchObject({ ok: true })
  expect(await check(schema, 'aaa')).toMatchObject({ ok: true })
})

describe('SC-05: patterns made to take long', () => {
  const evil = '^(a+)+$'
  it.each([30, 100_000])('in `pattern`, on %i characters', async (length) => {
    const schema = {
      properties: { a: { type: 'string', pattern: evil, maxLength: 200_000, allOf: [{ minLength: 1 }] } },
    }
    expect(await check(schema, { a: 'aaa' })).toMatchObject({ ok: true })
    const began = performance.now()
    expect(await problemsOf(schema, { a: `${'a'.repeat(length)}!` })).toEqual([`a must match the pattern ${evil}`])
    expect(performance.now() - began).toBeLessThan(200)
    expect(
      await check({ properties: { a: { not: { pattern: evil } } } }, { a: `${'a'.repeat(length)}!` }),
    ).toMatchObject({
      ok: true,
    })
  })

  it.each([30, 100_000])('in `patternProperties`, with a key of %i characters', async (length) => {
    const schema = {
      patternProperties: { [evil]: { type: 'integer' }, '^(x-\\w*)*$': { type: 'string' }, '^b$': { const: 1 } },
      additionalProperties: false,
    }
    const key = 'a'.repeat(length)
    // A key that long is not looked for among others.
    expect(await check(schema, { [key]: 1, 'x-y': 'z', b: 1, '': 'x' })).toMatchObject({ ok: length < 1_000 })
    expect(await check(schema, { [key]: 'z' })).toMatchObject({ ok: false })
    expect(await check(schema, { 'x-y': 1 })).toMatchObject({ ok: false })
    const began = performance.now()
    expect(await check(schema, { [`${key}!`]: 1 })).toMatchObject({ ok: false })
    expect(await check(schema, {})).toMatchObject({ ok: true })
    expect(performance.now() - began).toBeLessThan(200)
  })
})
