import { describe, expect, it } from 'vitest'
import { linkIn } from './link-header.ts'

describe('the next page in a Link header', () => {
  it.each([
    ['<https://a.example/x?page=2>; rel="next"', 'https://a.example/x?page=2'],
    ['</x?page=1>; rel=prev, </x?page=3>; rel=next', '/x?page=3'],
    ['</x?a=1,2;3>; rel="prev", </x?a=4,5;6>; title="a, \\"b\\"; rel=next"; rel="first next"', '/x?a=4,5;6'],
    ['</a>; REL="NEXT"', '/a'],
    ['</a>;rel="prev";rel="next"', undefined],
    ['</a>; rel="next"; anchor="#x"', undefined],
    ['</a>; rel = "next"', '/a'],
    ['</a>; title="<b>; rel=next", </c>; rel=next', '/c'],
    ['</a>', undefined],
    ['</a; rel="next"', undefined],
    ['rel="next"', undefined],
    ['</a>; rel="next', '/a'],
    ['', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(linkIn(header, 'next')).toBe(expected)
  })

  it('is looked for in time that grows with the header alone, and not in one without end', () => {
    const begun = performance.now()
    for (const part of ['<', '<>', ',', ';', '<>;"', '</a>; rel="prev", ', '\\']) {
      expect(linkIn(part.repeat(16_384 / part.length), 'next')).toBeUndefined()
    }
    expect(linkIn(`${' '.repeat(20_000)}</a>; rel=next`, 'next')).toBeUndefined()
    expect(performance.now() - begun).toBeLessThan(500)
  })
})
