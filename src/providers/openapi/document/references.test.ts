import { expect, it } from 'vitest'
import { References } from './references.ts'

const root = {
  $self: 'https://example.com/self.json',
  a: { 'x/y': { '~z': 1 }, list: [{ name: 'first' }], '50%': 2, 'a b': 3 },
  one: { $ref: '#/two' },
  two: { $ref: '#/three' },
  three: { value: 3 },
  described: { $ref: '#/three', description: 'more' },
  circle: { $ref: '#/other' },
  other: { $ref: '#/circle' },
  itself: { $ref: '#/itself' },
  named: { $anchor: 'Pet', $id: 'https://example.com/schemas/pet', properties: { id: { type: 'string' } } },
}
const references = new References(root, new URL('https://example.com/openapi.json?key=1'))

it.each([
  ['#', root],
  ['#/a/x~1y/~0z', 1],
  ['#/a/list/0/name', 'first'],
  ['#/a/50%', 2],
  ['#/a/50%25', 2],
  ['#/a/a%20b', 3],
  ['#/one', { value: 3 }],
  ['#/one/value', 3],
  ['#/described', root.described],
  ['#Pet', root.named],
  ['https://example.com/schemas/pet', root.named],
  ['https://example.com/schemas/pet#/properties/id', { type: 'string' }],
  ['openapi.json#/three', { value: 3 }],
  ['https://example.com/self.json#/three', { value: 3 }],
])('finds %s', (reference, expected) => {
  expect(references.resolve(reference)).toEqual(expected)
})

it.each([
  '#/none',
  '#/a/list/00',
  '#/a/list/length',
  '#/toString',
  '#/a/constructor',
  '#/circle',
  '#/itself',
  '#Dog',
  'b.json#/a',
  '#/%',
])('finds nothing at %j', (reference) => {
  expect(references.resolve(reference)).toBeUndefined()
})

it('says why a reference leads nowhere', () => {
  expect(references.problemOf('#/none')).toBe('leads nowhere')
  expect(references.problemOf('b.json#/a')).toContain('allow that with `externalReferences`')
  const told = new References(root, undefined, new Map([['https://b.example/b.json', 'it is away']]))
  expect(told.problemOf('https://b.example/b.json#/a')).toBe('leads to another document: it is away')
})

it('ends chains that are too long', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`c${index}`, { $ref: `#/c${index + 1}` }]),
  )
  expect(new References(chain).resolve('#/c0')).toBeUndefined()
})
