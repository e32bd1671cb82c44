import { expect, it } from 'vitest'
import { inputProblems, problemsIn } from './schema-problems.ts'

it('finds nothing wrong with a sound schema', () => {
  const schema = {
    type: 'object',
    properties: { a: { $ref: '#/$defs/A' }, b: true, c: { type: ['string', 'null'], pattern: '^a' } },
    required: ['a'],
    $defs: { A: { type: 'integer' } },
  }
  expect(inputProblems(schema)).toEqual([])
})

it('names what a strict client would stumble over, and where', () => {
  const schema = {
    anyOf: [{ type: 'strnig' }],
    properties: { a: { $ref: '#/$defs/None' }, b: { $ref: 'https://example.com/b.json' }, c: { enum: [] }, d: 7 },
    required: ['z'],
    items: { pattern: '(' },
  }
  expect(inputProblems(schema).map(({ at, problem }) => `${at}: ${problem}`)).toEqual([
    ': type must be "object" at the root',
    ': requires "z", which it does not describe',
    '/items: pattern is no regular expression',
    '/anyOf/0: type "strnig" is not a JSON Schema type',
    '/properties/a: $ref "#/$defs/None" leads nowhere',
    '/properties/b: $ref "https://example.com/b.json" leads outside, which clients do not follow',
    '/properties/c: enum is empty, so nothing can be valid',
    '/properties/d: is no schema',
  ])
  expect(inputProblems('x')).toEqual([{ at: '', problem: 'is no JSON object' }])
})

it('is bounded for a schema without end', () => {
  const circle: Record<string, unknown> = { type: 'object' }
  circle.not = circle
  expect(problemsIn(circle)).toHaveLength(1)
  const many = { properties: Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`p${i}`, { type: 'x' }])) }
  expect(problemsIn(many)).toHaveLength(20)
})
