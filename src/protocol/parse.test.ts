import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { McpError } from './errors.ts'
import { parseMessage } from './parse.ts'

const refusal = (text: string): string => {
  try {
    parseMessage(text)
  } catch (problem) {
    if (problem instanceof McpError) return problem.code
    throw problem
  }
  return 'accepted'
}

describe('parseMessage', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(parseMessage(JSON.stringify({ params: { deep: value } }))).toEqual(
          JSON.parse(JSON.stringify({ params: { deep: value } })),
        )
      }),
    )
  })

  it.each(['', ' ', '{"a":1', '{"a":1,}', '{"a":NaN}', '{"a":1}//x', '{}{}', "{'a':1}", '\ufeff{}'])(
    'refuses %j as no JSON',
    (text) => expect(refusal(text)).toBe('PARSE_ERROR'),
  )

  it('refuses 65 levels and two million levels fast, before parsing', () => {
    expect(refusal(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe('accepted')
    expect(refusal(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe('INVALID_REQUEST')
    const begun = performance.now()
    expect(refusal('['.repeat(2_000_000))).toBe('INVALID_REQUEST')
    expect(performance.now() - begun).toBeLessThan(20)
  })

  it('does not count brackets, commas and quotes inside strings', () => {
    const text = JSON.stringify({ a: '[[[['.repeat(100), b: 'x\\"[{'.repeat(100), c: '\\' })
    expect(refusal(text)).toBe('accepted')
  })

  it('refuses more than 100,000 members', () => {
    expect(refusal(`[${'0,'.repeat(100_001)}0]`)).toBe('INVALID_REQUEST')
  })

  it.each([
    '{"method":"a","method":"b"}',
    '{"id":1,"jsonrpc":"2.0","id":2}',
    '{"method":"a","\\u006dethod":"b"}',
    '{"params":{},"params":{}}',
    '{"params":{"name":"a","name":"b"}}',
    `{${Array.from({ length: 100 }, (_, i) => `"k${i}":0`).join()},"method":1,"method":2}`,
  ])('refuses a member of the envelope named twice: %s', (text) => expect(refusal(text)).toBe('INVALID_REQUEST'))

  it('leaves repeated keys inside arguments to JSON', () => {
    expect(refusal('{"params":{"arguments":{"name":1,"name":2}},"other":{"name":1,"name":1}}')).toBe('accepted')
  })
})
