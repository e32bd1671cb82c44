import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromKeyText, toKeyText } from './key-text.ts'

/** Any text, with more of what is special than chance would bring. */
const anyKey = fc
  .array(fc.constantFrom('\\', '\0', 'u', '0', 'd', '8', 'a', '\ud83d', '\ude00', '\ufffd', 'ä', '\\ud800'), {
    maxLength: 12,
  })
  .map((units) => units.join(''))

describe('the text of a key', () => {
  it('is another for another key, and gives it back', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(fromKeyText(toKeyText(a))).toBe(a)
        expect(toKeyText(a) === toKeyText(b)).toBe(a === b)
      }),
    )
  })

  it('has nothing in it that SQLite would change', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const text = toKeyText(key)
        expect(text).not.toContain('\0')
        expect(new TextDecoder().decode(new TextEncoder().encode(text))).toBe(text)
      }),
    )
  })

  it('begins as the key begins, unless that would cut a pair in two', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(12), (key, length) => {
        const prefix = key.slice(0, length).replace(/[\ud800-\udbff]$/, '')
        expect(toKeyText(key).startsWith(toKeyText(prefix))).toBe(true)
      }),
    )
  })
})
