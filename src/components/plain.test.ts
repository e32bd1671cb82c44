import { describe, expect, it } from 'vitest'
import { MOST_CHARACTERS, plain } from './plain.ts'

const refuse = (path: string, problem: string): Error => new Error(`value${path} ${problem}`)
const made = (value: unknown): unknown => plain(value, refuse)

class Money {
  cents = 5
  toJSON(): unknown {
    return { cents: this.cents, shown: new Date(0) }
  }
}

class Row {
  id = 1
  note: string | undefined = undefined
  #secret = 'hidden'
  reveal(): string {
    return this.#secret
  }
}

describe('plain JSON data', () => {
  it.each([
    null,
    true,
    0,
    -1.5,
    'text',
    [],
    {},
    [1, 'a', null, { b: [] }],
    { a: { b: { c: [1] } } },
    Object.assign(Object.create(null), { a: 1 }),
  ])('%j comes back itself, not copied', (value) => {
    expect(made(value)).toBe(value)
  })

  it('a member that is undefined stays for JSON to leave out', () => {
    const value = { a: 1, b: undefined }
    expect(made(value)).toBe(value)
  })
})

describe('data that JSON has no form for', () => {
  it.each([
    [new Date('2024-05-06T07:08:09Z'), '2024-05-06T07:08:09.000Z'],
    [new URL('https://example.com/a b'), 'https://example.com/a%20b'],
    [10n, 10],
    [2n ** 60n, '1152921504606846976'],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [2, new Set(['x'])],
      ]),
      { a: 1, '2': ['x'] },
    ],
    [new Set([1, 10n]), [1, 10]],
    [new Uint8Array([1, 2, 3]), 'AQID'],
    [new Uint16Array([1]).buffer, 'AQA='],
    [Buffer.from('hi'), 'aGk='],
    [
      [1, undefined, 2],
      [1, null, 2],
    ],
    [new Array(2), [null, null]],
    [new Money(), { cents: 5, shown: '1970-01-01T00:00:00.000Z' }],
    [new Row(), { id: 1 }],
    [{ at: [new Date(0)], skip: undefined }, { at: ['1970-01-01T00:00:00.000Z'] }],
    [undefined, undefined],
  ])('case %#', (value, expected) => {
    expect(made(value)).toEqual(expected)
  })

  it('the same object twice is no cycle', () => {
    const shared = { at: new Date(0) }
    expect(made([shared, shared])).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, { at: '1970-01-01T00:00:00.000Z' }])
  })

  it('__proto__ is a member like any other', () => {
    const copied = made(new Map([['__proto__', { polluted: true }]])) as object
    expect(Object.keys(copied)).toEqual(['__proto__'])
    expect('polluted' in {}).toBe(false)
    expect(JSON.stringify(copied)).toBe('{"__proto__":{"polluted":true}}')
  })

  it('toJSON may give the object itself', () => {
    class Self {
      a = 1
      toJSON(): this {
        return this
      }
    }
    expect(made(new Self())).toEqual({ a: 1 })
  })
})

describe('what cannot be sent is refused with its place', () => {
  const cyclic: Record<string, unknown> = { list: [] }
  cyclic.list = [{ back: cyclic }]
  const deep = (levels: number): unknown => (levels === 0 ? [] : [deep(levels - 1)])
  it.each([
    [{ a: [1, { run: () => 1 }] }, 'value.a[1].run is a function; return data'],
    [{ a: Symbol('s') }, 'value.a is a symbol'],
    [[Number.NaN], 'value[0] is NaN, which JSON has no word for'],
    [{ rate: Number.POSITIVE_INFINITY }, 'value.rate is Infinity'],
    [cyclic, 'value.list[0].back contains itself'],
    [{ at: new Date('never') }, 'value.at is an invalid date'],
    [new Map([[{}, 1]]), 'value is a Map with keys that are no strings'],
    [
      new Map<unknown, number>([
        [1, 1],
        ['1', 2],
      ]),
      'value has two keys that both become "1"',
    ],
    [{ late: Promise.resolve(1) }, 'value.late is a promise; await it'],
    [{ rows: [1].values() }, 'value.rows is an iterator; collect it into an array'],
    [{ failed: new Error('no') }, 'value.failed is an instance of Error with nothing that JSON could show'],
    [new (class Empty {})(), 'value is an instance of Empty'],
    [deep(501), 'nests deeper than 500 levels'],
  ])('case %#', (value, words) => {
    expect(() => made(value)).toThrow(words)
  })

  it('SC-07: 100 MB are refused before they are made into text', () => {
    const chunk = 'x'.repeat(1024 * 1024)
    expect(() => made(Array.from({ length: 100 }, () => chunk))).toThrow(
      `more than ${MOST_CHARACTERS} characters of JSON`,
    )
    expect(() => made('x'.repeat(MOST_CHARACTERS + 1))).toThrow('more than')
    expect(() => made(new Uint8Array(MOST_CHARACTERS))).toThrow('more than')
  })

  it('parts shared over and over cannot multiply without end', () => {
    let shared: unknown = { at: 1n }
    for (let i = 0; i < 60; i++) shared = [shared, shared]
    expect(() => made(shared)).toThrow('more than')
    let plainShared: unknown = {}
    for (let i = 0; i < 60; i++) plainShared = [plainShared, plainShared]
    expect(() => made(plainShared)).toThrow('more than')
  })
})
