import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeValue, headerOf } from './headers.ts'

function encode(text: string): string {
  return `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`
}

describe('the value of a header', () => {
  it('is its text', () => {
    for (const text of ['us-west1', '', 'a b\tc', '~', '=?base64?SGVsbG8=', 'SGVsbG8=?=', '=?BASE64?SGVsbG8=?=']) {
      expect(decodeValue(text)).toBe(text)
    }
  })

  it.each([
    ['=?base64?SGVsbG8=?=', 'Hello'],
    ['=?base64?SGVsbG8sIOS4lueVjA==?=', 'Hello, 世界'],
    ['=?base64?IHBhZGRlZCA=?=', ' padded '],
    ['=?base64?bGluZTEKbGluZTI=?=', 'line1\nline2'],
    ['=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=', '=?base64?literal?='],
    ['=?base64??=', ''],
  ])('is what %s holds', (header, value) => {
    expect(decodeValue(header)).toBe(value)
  })

  it.each([
    ['padding left out', '=?base64?SGVsbG8?='],
    ['characters that are not base64', '=?base64?SGVs!!!bG8=?='],
    ['blanks inside', '=?base64?SGVs bG8=?='],
    ['bits left over', '=?base64?SGVsbG9=?='],
    ['the URL alphabet', '=?base64?_-8=?='],
    ['bytes that are no UTF-8', '=?base64?/w==?='],
    ['half a character in UTF-8', '=?base64?7aCA?='],
    ['markers that share a character', '=?base64?='],
    ['a character beyond ASCII', 'Zürich'],
    ['a control character', 'a\u0000b'],
    ['a delete', 'a\u007f'],
  ])('is unreadable with %s', (_, header) => {
    expect(decodeValue(header)).toBeUndefined()
  })

  it('gives back every text that was encoded', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeValue(encode(text)) === text))
    expect(decodeValue(encode('\ufeffmark'))).toBe('\ufeffmark')
  })

  it('loses the blanks around it, and no other character', () => {
    const headers = { header: () => ' \t name \u00a0\t ' }
    expect(headerOf(headers, 'mcp-name')).toBe('name \u00a0')
    expect(headerOf({ header: () => undefined }, 'mcp-name')).toBeUndefined()
    expect(headerOf({ header: () => ' \t' }, 'mcp-name')).toBe('')
  })

  it('is trimmed in linear time', () => {
    const blanks = ' '.repeat(200_000)
    const before = performance.now()
    expect(headerOf({ header: () => `x${blanks}y` }, 'mcp-name')).toHaveLength(200_002)
    expect(performance.now() - before).toBeLessThan(200)
  })
})
