import { describe, expect, it } from 'vitest'
import { readForm } from './elicit-form.ts'
import { type FormField, problemWith } from './form-field.ts'

function fieldsOf(properties: object, required: readonly string[] = []): readonly FormField[] {
  const form = readForm({ message: 'x', requestedSchema: { type: 'object', properties, required } }, false)
  if (form === undefined) throw new Error('no form')
  return form.fields
}

const fieldOf = (json: object): FormField => fieldsOf({ it: json })[0] as FormField

describe('a form', () => {
  it('has a field for every kind of question', () => {
    const fields = fieldsOf(
      {
        name: { type: 'string', title: 'Name', description: 'In full', minLength: 1, maxLength: 9, default: 'Ada' },
        mail: { type: 'string', format: 'email' },
        born: { type: 'string', format: 'date' },
        met: { type: 'string', format: 'date-time' },
        age: { type: 'integer', minimum: 0, maximum: 150, default: 36 },
        score: { type: 'number', default: 9.5 },
        loud: { type: 'boolean', default: true },
      },
      ['name', 'age'],
    )
    expect(fields).toEqual([
      {
        type: 'string',
        name: 'name',
        title: 'Name',
        description: 'In full',
        required: true,
        minLength: 1,
        maxLength: 9,
        default: 'Ada',
      },
      { type: 'string', name: 'mail', title: 'mail', required: false, format: 'email' },
      { type: 'date', name: 'born', title: 'born', required: false, format: 'date' },
      { type: 'date', name: 'met', title: 'met', required: false, format: 'date-time' },
      { type: 'integer', name: 'age', title: 'age', required: true, min: 0, max: 150, default: 36 },
      { type: 'number', name: 'score', title: 'score', required: false, default: 9.5 },
      { type: 'boolean', name: 'loud', title: 'loud', required: false, default: true },
    ])
  })

  it.each([
    ['plain', { type: 'string', enum: ['a', 'b'] }, ['a', 'b']],
    ['named in the old way', { type: 'string', enum: ['a', 'b'], enumNames: ['Ay', 'Bee'] }, ['Ay', 'Bee']],
    [
      'named',
      {
        type: 'string',
        oneOf: [
          { const: 'a', title: 'Ay' },
          { const: 'b', title: 'Bee' },
        ],
      },
      ['Ay', 'Bee'],
    ],
  ])('has choices, %s', (_, json, titles) => {
    const choices = [
      { value: 'a', title: titles[0] },
      { value: 'b', title: titles[1] },
    ]
    expect(fieldOf({ ...json, default: 'b' })).toMatchObject({ type: 'enum', choices, default: 'b' })
  })

  it.each([
    ['plain', { type: 'string', enum: ['a', 'b'] }],
    [
      'named',
      {
        anyOf: [
          { const: 'a', title: 'a' },
          { const: 'b', title: 'b' },
        ],
      },
    ],
  ])('has several choices, %s', (_, items) => {
    const json = { type: 'array', items, minItems: 1, maxItems: 2, default: ['a'] }
    expect(fieldOf(json)).toMatchObject({
      type: 'multi-enum',
      choices: [{ value: 'a' }, { value: 'b' }],
      min: 1,
      max: 2,
      default: ['a'],
    })
  })

  it('knows its defaults, but for those that its own fields refuse', () => {
    const form = readForm(
      {
        requestedSchema: {
          type: 'object',
          properties: {
            good: { type: 'string', default: 'x' },
            bad: { type: 'string', enum: ['a'], default: 'z' },
            worse: { type: 'integer', maximum: 3, default: 4 },
            none: { type: 'boolean' },
          },
        },
      },
      false,
    )
    expect(form?.defaults).toEqual({ good: 'x' })
  })

  it('may call its fields what it likes', () => {
    const properties = JSON.parse(
      '{"__proto__":{"type":"string","default":"x"},"constructor":{"type":"boolean","default":true}}',
    )
    const form = readForm({ requestedSchema: { type: 'object', properties } }, false)
    expect(form?.fields.map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
    expect(Object.entries(form?.defaults ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', true],
    ])
    expect(Object.getPrototypeOf(form?.defaults)).toBe(Object.prototype)
  })

  it.each([
    [{}],
    [{ requestedSchema: {} }],
    [{ requestedSchema: { properties: { a: true } } }],
    [{ requestedSchema: { properties: { a: { type: 'object' } } } }],
    [{ requestedSchema: { properties: { a: { type: 'array', items: { type: 'string' } } } } }],
    [{ mode: 'url' }],
  ])('is not %j', (params) => {
    expect(readForm(params, false)).toBeUndefined()
  })
})

describe('a value', () => {
  it.each<[object, unknown]>([
    [{ type: 'string' }, ''],
    [{ type: 'string', minLength: 2, maxLength: 2 }, '👍🏽'],
    [{ type: 'string', format: 'email' }, 'ada@example.com'],
    [{ type: 'string', format: 'uri' }, 'https://example.com/a?b#c'],
    [{ type: 'string', format: 'date' }, '2028-02-29'],
    [{ type: 'string', format: 'date-time' }, '2030-05-17T12:00:00Z'],
    [{ type: 'string', format: 'date-time' }, '2030-05-17T12:00:00.123+02:00'],
    [{ type: 'integer', minimum: 1, maximum: 3 }, 3],
    [{ type: 'number' }, -0.5],
    [{ type: 'boolean' }, false],
    [{ type: 'string', enum: ['a'] }, 'a'],
    [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, []],
  ])('fits %j: %j', (json, value) => {
    expect(problemWith(fieldOf(json), value)).toBeUndefined()
  })

  it.each<[object, unknown, string]>([
    [{ type: 'string' }, 1, 'must be text'],
    [{ type: 'string', minLength: 2 }, 'x', 'must have at least 2 characters'],
    [{ type: 'string', maxLength: 2 }, 'xxx', 'must have at most 2 characters'],
    [{ type: 'string', format: 'email' }, 'ada', 'must be an e-mail address'],
    [{ type: 'string', format: 'uri' }, 'example.com', 'must be a whole address'],
    [{ type: 'string', format: 'date' }, '2027-02-29', 'must be a day'],
    [{ type: 'string', format: 'date' }, '17.5.2030', 'must be a day'],
    [{ type: 'string', format: 'date-time' }, '2030-05-17T12:00:00', 'with its time zone'],
    [{ type: 'string', format: 'date-time' }, '2030-02-30T12:00:00Z', 'with its time zone'],
    [{ type: 'integer' }, 1.5, 'must be a whole number'],
    [{ type: 'number' }, Number.NaN, 'must be a number'],
    [{ type: 'number', minimum: 1 }, 0, 'must be at least 1'],
    [{ type: 'number', maximum: 1 }, 2, 'must be at most 1'],
    [{ type: 'boolean' }, 'yes', 'must be true or false'],
    [{ type: 'string', enum: ['a'] }, 'b', 'must be one of the choices'],
    [{ type: 'array', items: { type: 'string', enum: ['a'] } }, 'a', 'must be a list of choices'],
    [{ type: 'array', items: { type: 'string', enum: ['a'] } }, ['b'], 'must all be among the choices'],
    [{ type: 'array', items: { type: 'string', enum: ['a'] } }, ['a', 'a'], 'the same choice twice'],
    [{ type: 'array', items: { type: 'string', enum: ['a'] }, minItems: 1 }, [], 'needs at least 1'],
    [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 1 }, ['a', 'b'], 'takes at most 1'],
  ])('does not fit %j: %j', (json, value, words) => {
    expect(problemWith(fieldOf(json), value)).toContain(words)
  })
})
