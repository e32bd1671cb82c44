import { expect, it } from 'vitest'
import { KnownPatterns } from './known-patterns.ts'

it('takes those that can be checked in linear time, and no more than can be compiled soon', () => {
  const patterns = new KnownPatterns()
  expect(patterns.formOf('^(a+)+$')).toBe('^(a+)+$')
  expect(patterns.formOf('^[\\w\\-]+\\@$')).toBe('^[\\w\\x2d]+@$')
  expect([patterns.formOf('^(?=a)'), patterns.formOf('/a/i'), patterns.formOf(1)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  for (let n = 0; n < 6_000; n++) patterns.formOf(`^${n}$`)
  expect(patterns.formOf('^new$')).toBeUndefined()
  expect(patterns.formOf('^(a+)+$')).toBe('^(a+)+$')
})

it('knows whether a default fits', () => {
  const patterns = new KnownPatterns()
  expect([patterns.fits('^a$', 'a'), patterns.fits('^a$', 'b')]).toEqual([true, false])
})
