import { describe, expect, it } from 'vitest'
import { readSampleRequest, toSampleResult } from './sampling.ts'

const text = { type: 'text', text: 'so?' }
const use = (id: string) => ({ type: 'tool_use', id, name: 'x', input: {} })
const result = (toolUseId: string) => ({ type: 'tool_result', toolUseId, content: [] })
const user = (...content: object[]) => ({ role: 'user', content })
const assistant = (...content: object[]) => ({ role: 'assistant', content })

describe('messages to sample from', () => {
  it.each([
    ['plain talk', [{ role: 'user', content: text }, assistant(text), user(text, text)]],
    [
      'uses of tools with their results',
      [user(text), assistant(text, use('a'), use('b')), user(result('b'), result('a'))],
    ],
  ])('are %s', (_, messages) => {
    expect(readSampleRequest({ messages, maxTokens: 9 }, { tools: true })).toEqual({ messages, maxTokens: 9 })
  })

  it.each([
    ['mix results with other content', [assistant(use('a')), user(result('a'), text)], 'mixed with other content'],
    ['leave out a result', [assistant(use('a'), use('b')), user(result('a'))], '"b" has no result'],
    ['go on without a result', [assistant(use('a')), user(text)], '"a" has no result'],
    ['end without a result', [assistant(use('a'))], 'has no result'],
    ['have a result of nothing', [user(result('a'))], '"a" belongs to no use'],
  ])('must not %s', (_, messages, words) => {
    expect(() => readSampleRequest({ messages, maxTokens: 9 }, { tools: true })).toThrow(words)
  })

  it('must not bring tools along for a model that uses none', () => {
    for (const more of [{ tools: [] }, { toolChoice: { mode: 'auto' } }]) {
      expect(() => readSampleRequest({ messages: [], maxTokens: 9, ...more }, { tools: false })).toThrow(
        'uses no tools',
      )
    }
  })
})

it('an answer is text, or has content', () => {
  expect(toSampleResult('hi')).toMatchObject({ role: 'assistant', content: { type: 'text', text: 'hi' } })
  expect(() => toSampleResult({ text: 'hi' } as never)).toThrow('onSample must return text')
})
