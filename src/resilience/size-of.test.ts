import { expect, it } from 'vitest'
import { sizeOf } from './size-of.ts'

it('counts text, bytes and members wherever they are', () => {
  expect(sizeOf('x'.repeat(100))).toBe(200)
  expect(sizeOf(new Uint8Array(1_000))).toBeGreaterThanOrEqual(1_000)
  expect(sizeOf({ a: ['x'.repeat(100)], b: new Map([['k', new Set(['y'.repeat(100)])]]) })).toBeGreaterThan(400)
  expect(sizeOf(Array.from({ length: 1_000 }, () => 1))).toBeGreaterThan(8_000)
})

it('ends on what contains itself or nests deep', () => {
  const round: Record<string, unknown> = { name: 'x' }
  round.self = round
  expect(sizeOf(round)).toBeLessThan(500)
  let deep: unknown = 'x'
  for (let level = 0; level < 100_000; level++) deep = [deep]
  expect(sizeOf(deep)).toBeGreaterThan(100_000)
})
