import { describe, expect, it } from 'vitest'
import { argumentsFor, readArguments, readPairs, textArguments } from './arguments.ts'
import { Failure } from './failure.ts'

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    count: { type: 'integer' },
    ratio: { type: 'number' },
    on: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    sizes: { type: 'array', items: { type: 'number' } },
    filter: { $ref: '#/$defs/Filter' },
    maybe: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    mode: { enum: ['a', 'b'] },
    either: { type: ['string', 'number'] },
    any: {},
  },
  $defs: { Filter: { type: 'object' } },
}
const read = (...words: string[]) => argumentsFor(readPairs(words), schema)

function told(work: () => unknown): string {
  try {
    work()
  } catch (problem) {
    if (problem instanceof Failure && problem.exitCode === 2) return `${problem.message} | ${problem.next}`
  }
  throw new Error('it was understood')
}

describe('key=value', () => {
  it('becomes what the schema says', () => {
    expect(read('text=1', 'count=2', 'ratio=-1.5e3', 'on=true', 'mode=b', 'maybe=3')).toEqual({
      text: '1',
      count: 2,
      ratio: -1500,
      on: true,
      mode: 'b',
      maybe: 3,
    })
    expect(read('maybe=null', 'either=7', 'text=')).toEqual({ maybe: null, either: '7', text: '' })
  })

  it('keeps everything after the first =', () => {
    expect(read('text=a=b:=c')).toEqual({ text: 'a=b:=c' })
  })

  it('takes JSON for objects, and follows references', () => {
    expect(read('filter={"limit":5}')).toEqual({ filter: { limit: 5 } })
    expect(told(() => read('filter=five'))).toBe(
      'filter must be an object, not "five" | Write filter=\'{"name": "value"}\'.',
    )
  })

  it('makes arrays of JSON, of one value, and of a key given more than once', () => {
    expect(read('tags=["a","b"]', 'sizes=1', 'sizes=2')).toEqual({ tags: ['a', 'b'], sizes: [1, 2] })
    expect(read('tags=a')).toEqual({ tags: ['a'] })
    expect(told(() => read('tags=[a'))).toContain('tags is not a JSON array: [a')
    expect(told(() => read('count=1', 'count=2'))).toBe(
      'count is given twice | Only an array takes more than one value.',
    )
  })

  it('reads JSON where the schema says nothing, and text where that is none', () => {
    expect(read('any=1')).toEqual({ any: 1 })
    expect(read('any=one')).toEqual({ any: 'one' })
    expect(read('any=1', 'any=x')).toEqual({ any: [1, 'x'] })
  })

  it('is raw JSON with :=', () => {
    expect(read('text:="1"', 'either:=7', 'count:=[1]')).toEqual({ text: '1', either: 7, count: [1] })
    expect(told(() => read('count:=x'))).toBe(
      'count is not JSON: x | After := comes JSON; for plain text write count=x.',
    )
  })

  it('refuses what the schema cannot take, and says how to write it', () => {
    expect(told(() => read('count=x'))).toBe('count must be an integer, not "x" | Write count=1.')
    expect(told(() => read('count=1.5'))).toBe('count must be an integer, not "1.5" | Write count=1.')
    expect(told(() => read('on=yes'))).toBe('on must be a boolean, not "yes" | Write on=true or on=false.')
    expect(told(() => read('count='))).toContain('count must be an integer, not ""')
  })

  it('names the argument that was meant', () => {
    expect(told(() => read('cuont=1'))).toBe('There is no argument "cuont" | Did you mean count?')
    expect(told(() => read('3'))).toBe('"3" is not key=value | Write arguments as key=value, or JSON as key:=[1,2].')
    expect(told(() => read('=3'))).toContain('is not key=value')
    expect(told(() => argumentsFor(readPairs(['a=1']), { type: 'object', additionalProperties: false }))).toBe(
      'There is no argument "a" | It takes no arguments.',
    )
  })

  it('lets any key through where the schema is open', () => {
    expect(
      argumentsFor(readPairs(['x=1']), { type: 'object', properties: { a: {} }, additionalProperties: true }),
    ).toEqual({ x: 1 })
    expect(argumentsFor(readPairs(['x=1']), { type: 'object' })).toEqual({ x: 1 })
  })

  it('treats names from the prototype as any other name', () => {
    const args = argumentsFor(readPairs(['__proto__={"polluted":1}', 'constructor=2']), { type: 'object' })
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype)
    expect(JSON.stringify(args)).toBe('{"__proto__":{"polluted":1},"constructor":2}')
    expect(told(() => read('toString=1'))).toContain('There is no argument "toString"')
  })
})

describe('--args', () => {
  it('is a JSON object', () => {
    expect(readArguments('{"a":[1]}')).toEqual({ a: [1] })
    for (const json of ['[1]', 'a=1', '', 'null'])
      expect(told(() => readArguments(json))).toContain('--args must be a JSON object')
  })
})

describe('arguments of a prompt', () => {
  it('are text', () => {
    expect(textArguments(readPairs(['code=1', 'language=ts']), ['code', 'language'])).toEqual({
      code: '1',
      language: 'ts',
    })
    expect(told(() => textArguments(readPairs(['cod=1']), ['code']))).toBe(
      'There is no argument "cod" | Did you mean code?',
    )
  })
})
