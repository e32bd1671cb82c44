import { expect, it } from 'vitest'
import { argumentsOf, pointed, typeName, typesOf } from './schema-shape.ts'

it('writes types as a TypeScript author would', () => {
  const root = { $defs: { Id: { type: 'string' } } }
  const name = (schema: object): string => typeName({ ...schema }, root)
  expect(name({ type: 'string' })).toBe('string')
  expect(name({ enum: ['a', 1, null] })).toBe('"a" | 1 | null')
  expect(name({ const: true })).toBe('true')
  expect(name({ anyOf: [{ type: 'number' }, { type: 'null' }] })).toBe('number | null')
  expect(name({ type: 'array', items: { $ref: '#/$defs/Id' } })).toBe('string[]')
  expect(name({ type: 'array', items: { enum: ['a', 'b'] } })).toBe('("a" | "b")[]')
  expect(name({ type: 'array' })).toBe('array')
  expect(name({})).toBe('any')
})

it('tells arguments with their defaults and descriptions', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'number', description: 'First' }, b: { type: 'string', default: 'x' } },
    required: ['a'],
  }
  expect(argumentsOf(schema)).toEqual([
    { name: 'a', type: 'number', required: true, description: 'First' },
    { name: 'b', type: 'string = "x"', required: false, description: '' },
  ])
})

it('survives schemas that mean nothing, and those that go in circles', () => {
  expect(argumentsOf({ properties: 7, required: 'a' })).toEqual([])
  expect(argumentsOf({ properties: { a: true } })).toHaveLength(1)
  const circle = { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } }
  expect(typeName({ $ref: '#/$defs/A' }, circle)).toBe('any')
  const nest = { $defs: { N: { anyOf: [{ $ref: '#/$defs/N' }, { type: 'array', items: { $ref: '#/$defs/N' } }] } } }
  expect(typesOf({ $ref: '#/$defs/N' }, nest)).toEqual(new Set(['array']))
  expect(typeName({ $ref: '#/$defs/N' }, nest)).toContain('…')
})

it('takes no longer for a schema that refers to itself a thousand times over', () => {
  const wide = { $defs: { N: { anyOf: Array.from({ length: 1_000 }, () => ({ $ref: '#/$defs/N' })) } } }
  expect(typesOf({ $ref: '#/$defs/N' }, wide)).toEqual(new Set())
  expect(typeName({ $ref: '#/$defs/N' }, wide).length).toBeLessThan(10_000)
  expect(typeName({ enum: Array.from({ length: 1_000 }, (_, i) => i) }, {})).toBe('0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | …')
})

it('follows pointers to own members only', () => {
  const root = { 'a/b': { '~': [1, 2] } }
  expect(pointed('#/a~1b/~0/1', root)).toBe(2)
  expect(pointed('#/constructor', root)).toBeUndefined()
  expect(pointed('#/%E0%A4%A', root)).toBeUndefined()
})
