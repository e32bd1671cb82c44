import { expect, it } from 'vitest'
import { membersOf } from './members.ts'

const shown = (json: Record<string, unknown>): Record<string, boolean> =>
  Object.fromEntries(Array.from(membersOf(json), ([name, { required }]) => [name, required]))

const a = { properties: { a: {}, b: {} }, required: ['a'] }

it('reads members beside the root, behind references, and in intersections', () => {
  expect(shown({ type: 'object', ...a })).toEqual({ a: true, b: false })
  expect(shown({ $ref: '#/$defs/x', $defs: { x: a } })).toEqual({ a: true, b: false })
  expect(shown({ allOf: [a, { properties: { b: {}, c: {} }, required: ['b'] }] })).toEqual({
    a: true,
    b: true,
    c: false,
  })
})

it('requires of a union what every branch requires', () => {
  const union = [a, { properties: { a: {}, c: {} }, required: ['a', 'c'] }]
  expect(shown({ anyOf: union })).toEqual({ a: true, b: false, c: false })
  expect(shown({ oneOf: union })).toEqual({ a: true, b: false, c: false })
})

it('ends on a schema that refers to itself', () => {
  expect(shown({ $ref: '#' })).toEqual({})
  expect(shown({ properties: { a: {} }, allOf: [{ $ref: '#' }] })).toEqual({ a: false })
})
