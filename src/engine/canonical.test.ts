import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from './canonical.ts'

/** The same value with the members of every object the other way round. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  const copied: object = {}
  for (const [key, member] of Object.entries(value).reverse())
    Object.defineProperty(copied, key, { value: reversed(member), enumerable: true })
  return copied
}

const value = fc.jsonValue({ maxDepth: 4 })

describe('canonical', () => {
  it('is JSON of the same value, in whatever order its members come', () => {
    fc.assert(
      fc.property(value, (any) => {
        const text = canonical(any)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(any)))
        expect(canonical(reversed(any))).toBe(text)
      }),
    )
  })

  it('differs where values do', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const isSame = JSON.stringify(JSON.parse(canonical(one))) === JSON.stringify(JSON.parse(canonical(other)))
        expect(canonical(one) === canonical(other)).toBe(isSame)
      }),
    )
  })

  it('takes many members, members named like those of objects, and members that are undefined', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${(n * 37) % 50}`, n]))
    expect(canonical(reversed(many))).toBe(canonical(many))
    const odd = JSON.parse('{"toString":1,"__proto__":{"b":1,"a":2},"constructor":3}')
    expect(canonical(odd)).toBe('{"__proto__":{"a":2,"b":1},"constructor":3,"toString":1}')
    expect(canonical({ b: undefined, a: 1 })).toBe('{"a":1}')
    expect([canonical(undefined), canonical(null), canonical(-0), canonical('\ud800')]).toEqual([
      ...['null', 'null', '0', '"\\ud800"'],
    ])
  })
})
