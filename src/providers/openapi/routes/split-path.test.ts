import { expect, it } from 'vitest'
import { bareName, namesIn, splitPath } from './split-path.ts'

it.each([
  ['/a/{b}', '/a/{b}', '', [], ''],
  ['/a?b={b}&c', '/a', 'b={b}&c', [], ''],
  ['/a{?b,c*}#d', '/a', '', ['b', 'c'], 'd'],
  ['/a?b=1{&c}', '/a', 'b=1', ['c'], ''],
  ['/a#b?c={c}', '/a', '', [], 'b?c={c}'],
  ['/a{#b}', '/a', '', [], ''],
  ['/{?}', '/', '', [], ''],
])('%s is a path, a query and a fragment', (template, path, query, optional, fragment) => {
  expect(splitPath(template)).toEqual({ path, query, optional, fragment })
})

it('knows names by what they are written with', () => {
  expect(['+a', 'a*', '/a', 'a:3', 'a=**', '.a', 'a'].map(bareName)).toEqual(Array.from({ length: 7 }, () => 'a'))
  expect(namesIn('/{a}/{+b}/{a}')).toEqual(['a', '+b'])
})
