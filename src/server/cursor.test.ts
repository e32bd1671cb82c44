import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markOf, type Position, REMEMBERED, readCursor, remaining, writeCursor } from './cursor.ts'

const mark = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const position: fc.Arbitrary<Position> = fc.record({
  shown: fc.nat(1_000_000),
  seen: fc.array(mark, { maxLength: 20 }),
  next: fc.array(mark, { maxLength: REMEMBERED.next }),
})

describe('a cursor', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(position, (given) => {
        expect(readCursor(writeCursor(given))).toEqual(given)
      }),
    )
  })

  it('is short, however much was shown', () => {
    const seen = Array.from({ length: REMEMBERED.seen }, (_, n) => markOf(`tool-${n}`))
    expect(writeCursor({ shown: 100_000, seen, next: seen.slice(0, REMEMBERED.next) }).length).toBeLessThan(5_000)
  })

  it('is refused where it is no cursor, whatever it is', () => {
    const good = writeCursor({ shown: 2, seen: [markOf('a'), markOf('b')], next: [markOf('c')] })
    const bad = ['', 'x', '%%%', 'AAAA', btoa('[1,"a"]'), 'A'.repeat(20_000), good.slice(4), `${good.slice(0, -4)}AAAA`]
    for (const text of bad) {
      expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMS' }))
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readCursor(text)).toThrow('Invalid cursor')
      }),
    )
  })
})

describe('markOf', () => {
  it('tells ids apart, also those that differ in one letter', () => {
    const ids = Array.from({ length: 200_000 }, (_, n) => `tool_${n}`)
    expect(new Set(ids.map(markOf)).size).toBe(ids.length)
    expect(ids.map(markOf).every((found) => Number.isSafeInteger(found) && found >= 0 && found < 2 ** 48)).toBe(true)
  })
})

describe('remaining', () => {
  const marks = (text: string): number[] => [...text].map(markOf)
  const rest = (list: string, at: Omit<Position, 'seen' | 'next'> & { seen: string; next: string }): string =>
    remaining(marks(list), { ...at, seen: marks(at.seen), next: marks(at.next) })
      .map((place) => list[place])
      .join('')

  it('goes on behind what was shown, even if all of it is gone', () => {
    expect(rest('abcde', { shown: 2, seen: 'ab', next: 'cde' })).toBe('cde')
    expect(rest('acde', { shown: 2, seen: 'ab', next: 'cde' })).toBe('cde')
    expect(rest('cde', { shown: 2, seen: 'ab', next: 'cde' })).toBe('cde')
    expect(rest('e', { shown: 2, seen: 'ab', next: 'cd' })).toBe('e')
  })

  it('does not leave out what came before an entry that was taken out and put in again', () => {
    expect(rest('acdeb', { shown: 2, seen: 'ab', next: 'cde' })).toBe('cde')
  })

  it('shows what comes in behind, and not what comes in before', () => {
    expect(rest('xabycde', { shown: 2, seen: 'ab', next: 'cde' })).toBe('ycde')
  })

  it('goes on near the place where it was when it knows nothing that is there', () => {
    expect(rest('vwxyz', { shown: 3, seen: 'c', next: 'd' })).toBe('yz')
    expect(rest('vwxyz', { shown: 3_000, seen: 'c', next: 'd' })).toBe('')
  })
})
