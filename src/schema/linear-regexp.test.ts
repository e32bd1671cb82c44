import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LinearRegExp, linearPattern, linearRegExp } from './linear-regexp.ts'

/** Patterns of every kind that the engine takes, as text. */
const { pattern } = fc.letrec<{ pattern: string; sequence: string; piece: string; atom: string }>((tie) => ({
  pattern: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
  sequence: fc.array(tie('piece'), { maxLength: 4 }).map((parts) => parts.join('')),
  piece: fc.oneof(
    { weight: 4, arbitrary: tie('atom') },
    {
      weight: 3,
      arbitrary: fc
        .tuple(tie('atom'), fc.constantFrom('*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{0}', '{2,}'))
        .map((both) => both.join('')),
    },
    { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B') },
  ),
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'A', '-', '.', '\\d', '\\w', '\\W', '\\s', '\\S', '\\.', '\\n', 'é', '😀', 'ſ'),
    fc.constantFrom(
      '[ab]',
      '[^a]',
      '[a-c\\d]',
      '[\\]x]',
      '[]',
      '[^]',
      '\\u0061',
      '\\u{1F600}',
      '\\ud83d\\ude00',
      '\\x62',
    ),
    fc.constantFrom('\\p{Lu}', '\\P{L}', '[\\p{L}-]', '\\cJ', '\\0'),
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?:${inner})`),
  ),
}))
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '1', '-', ' ', '\n', 'é', 'É', '😀', 'ſ', 'K', 's', '.', '_', '\ud83d'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

/** Passes over the few drawn patterns that are larger than is allowed. */
function linearUnlessLarge(source: string, ignoreCase: boolean): LinearRegExp {
  try {
    return linearRegExp(source, { ignoreCase })
  } catch (problem) {
    fc.pre(!String(problem).includes('too large'))
    throw problem
  }
}

/** Whether a pattern (flag `y`) matches at the beginning of any character, or at the end. */
function isFound(pattern: RegExp, text: string): boolean {
  let at = 0
  const places = [...text].map((character) => (at += character.length))
  return [0, ...places].some((place) => {
    pattern.lastIndex = place
    return pattern.test(text)
  })
}

describe('patterns in linear time', () => {
  it.each(['u', 'iu'] as const)('find what regular expressions find, with flags %s', (flags) => {
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 4 }), (source, texts) => {
        const native = new RegExp(source, `${flags}y`)
        const linear = linearUnlessLarge(source, flags === 'iu')
        for (const each of texts) expect([each, linear.test(each)]).toEqual([each, isFound(native, each)])
      }),
      { numRuns: 400 },
    )
  })

  it('find nothing within a character', () => {
    expect(linearRegExp('\\B').test('a😀a')).toBe(false)
    expect(linearRegExp('\\B').test('a😀😀a')).toBe(true)
  })

  it.each([
    '(?=a)b',
    'a(?!b)',
    '(?<=a)b',
    '(?<!a)b',
    '(a)\\1',
    '(?<x>a)\\k<x>',
    'a{5000}',
    '((a{50}){50}){50}',
    `${'('.repeat(300)}a${')'.repeat(300)}`,
    '(',
    'a**',
    '[b-a]',
    '\\p{Nope}',
    'a'.repeat(20_000),
  ])('refuse %.30s and say why', (source) => {
    expect(() => linearRegExp(source)).toThrow(/pattern|Invalid regular expression/)
    expect(linearPattern(source)).toBeUndefined()
  })

  it('repeat nothing without end', () => {
    expect(linearRegExp('^(?:){1000000}(?:|){999999999}a$').test('a')).toBe(true)
  })
})

describe('SC-05: patterns made to take long', () => {
  it.each([
    ['^(a+)+$', 'a'],
    ['^(a|a)*$', 'a'],
    ['^(a?){50}a{50}$', 'a'],
    ['(.*)*(.*)*=', 'a'],
    ['\\s+$', ' '],
    ['^(\\w+\\s?)*$', 'a '],
  ])('%s on 100,000 characters', (source, part) => {
    const test = linearPattern(source)
    const long = `${part.repeat(100_000 / part.length)}!`
    expect(test?.('warm')).toBeDefined()
    const began = performance.now()
    expect(test?.(long)).toBe(false)
    expect(performance.now() - began).toBeLessThan(100)
  })

  it('end where even linear is much', () => {
    const text = Array.from({ length: 10_000 }, (_, index) => (((index * 48_271) % 65_537) % 2 === 0 ? 'a' : 'b')).join(
      '',
    )
    expect(() => linearRegExp('[ab]*a[ab]{600}c').test(text, { left: 1_000_000 })).toThrow('takes too long')
  })
})
