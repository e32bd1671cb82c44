import { describe, expect, it } from 'vitest'
import { withExactNumbers } from './exact-numbers.ts'

describe('numbers that JavaScript cannot hold', () => {
  it.each([
    ['{"a":12345678901234567890}', '{"a":"12345678901234567890"}'],
    ['[-12345678901234567890,1]', '["-12345678901234567890",1]'],
    ['9007199254740993', '"9007199254740993"'],
    ['{"a":9007199254740991}', '{"a":9007199254740991}'],
    ['{"a":0.12345678901234567890,"b":1e400,"c":1234567890123456789e2}', undefined],
    ['{"12345678901234567890":"12345678901234567890"}', undefined],
    ['"\\"12345678901234567890\\\\"', undefined],
    ['{"a":"x\\\\","b":12345678901234567890}', '{"a":"x\\\\","b":"12345678901234567890"}'],
    ['"unfinished 12345678901234567890', undefined],
  ])('%s', (text, expected) => {
    expect(withExactNumbers(text)).toBe(expected ?? text)
  })

  it('10 MiB take no longer than reading them', () => {
    const text = `[${'12345678901234567890,'.repeat(500_000)}1]`
    const begun = performance.now()
    expect(JSON.parse(withExactNumbers(text))).toHaveLength(500_001)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})
