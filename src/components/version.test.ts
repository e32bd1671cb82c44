import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareVersions } from './version.ts'

it('puts versions in the order of semantic versioning, no version first', () => {
  const order = [
    undefined,
    'draft',
    'stable',
    '0.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2',
    '1.10',
    'v2',
    '10',
  ]
  expect(order.slice(1).reverse().sort(compareVersions)).toEqual(order.slice(1))
  for (const [i, one] of order.entries()) {
    for (const [j, other] of order.entries()) expect(Math.sign(compareVersions(one, other))).toBe(Math.sign(i - j))
  }
})

it('takes what is missing for 0, and leaves the build aside', () => {
  expect(compareVersions('2', '2.0.0')).toBe(0)
  expect(compareVersions('2.1.0+a', '2.1+b')).toBe(0)
})

it('is an order', () => {
  const version = fc.oneof(fc.constant(undefined), fc.stringMatching(/^[0-9a-c.-]{1,6}$/))
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0)
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})
