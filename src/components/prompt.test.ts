import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import { DefinitionError } from '../protocol/errors.ts'
import { file, image } from './content.ts'
import { prompt } from './prompt.ts'
import { assistant, type PromptReturn, user } from './prompt-messages.ts'

const context = contextOf(originOf())

const input = z.object({
  code: z.string().describe('The code'),
  depth: z.number().int().default(1).meta({ title: 'Depth' }),
  tags: z.array(z.string()).optional(),
})
const review = prompt('review', { description: 'Review code', input }, ({ code, depth, tags }) =>
  [code, depth, tags?.join('+') ?? '-'].join(' '),
)
const messagesOf = (returned: PromptReturn): unknown => {
  const result = prompt('p', {}, () => returned).get({}, context)
  return 'messages' in result ? result.messages : undefined
}
const says = (role: string, words: string): unknown => ({ role, content: { type: 'text', text: words } })
const picture = image('iVBORw0KGgoAAAAA')

describe('a prompt is filled in', () => {
  it('with checked arguments; other types than strings come as JSON text', () => {
    expect(review.get({ code: '42', depth: '3', tags: '["a","b"]' }, context)).toEqual({
      description: 'Review code',
      messages: [says('user', '42 3 a+b')],
    })
    expect(review.get({ code: 'x' }, context)).toMatchObject({ messages: [says('user', 'x 1 -')] })
  })

  it('later where the handler is asynchronous', async () => {
    const later = prompt('later', {}, async (_, ctx) => String(ctx === context))
    expect(await later.get({}, context)).toEqual({ messages: [says('user', 'true')] })
  })

  it('not with bad arguments: the error names prompt, place and rule', () => {
    const refusal = (words: RegExp) =>
      expect.objectContaining({ code: 'INVALID_PARAMS', message: expect.stringMatching(words) })
    expect(() => review.get({}, context)).toThrow(refusal(/^review: `code` is required/))
    expect(() => review.get({ code: 'x', depth: 'deep' }, context)).toThrow(refusal(/^review: `depth` must be/))
    expect(() => prompt('none', {}, () => 'x').get({ a: '1' }, context)).toThrow(
      refusal(/^none: `a` is not a known key/),
    )
  })
})

describe('a prompt returns', () => {
  it('a string as one message of the user', () => {
    expect(messagesOf('hi')).toEqual([says('user', 'hi')])
  })

  it('messages of both sides, with any content', () => {
    const report = file('report://q1', { text: 'Q1' })
    expect(messagesOf([user('a', picture), assistant('b'), 'c', report])).toEqual([
      says('user', 'a'),
      { role: 'user', content: picture },
      says('assistant', 'b'),
      says('user', 'c'),
      { role: 'user', content: report },
    ])
    expect(messagesOf(picture)).toEqual([{ role: 'user', content: picture }])
    expect(messagesOf({ role: 'assistant', content: 'x' })).toEqual([says('assistant', 'x')])
    expect(messagesOf({ role: 'user', content: ['x', picture] })).toEqual([
      says('user', 'x'),
      { role: 'user', content: picture },
    ])
    expect(messagesOf([])).toEqual([])
  })

  it.each([
    [undefined, 'of type undefined'],
    [null, 'null'],
    [5, 'of type number'],
    [[['x']], 'a list in a list'],
    [{ role: 'system', content: 'x' }, 'of type object'],
    [{ role: 'user', content: 5 }, 'of type number'],
  ])('nothing like %j: the error names the prompt', (returned, words) => {
    // @ts-expect-error the compiler refuses these too
    expect(() => messagesOf(returned)).toThrow(`prompt "p": a message is ${words}; return a string`)
  })
})

describe('arguments that break the schema', () => {
  const strict = prompt('p', { input: z.object({ depth: z.number().max(5), on: z.boolean() }) }, () => '')

  it("are told by what their text says: that it is text is nobody's mistake", () => {
    const get = (args: Record<string, string>) => () => strict.get(args, context)
    expect(get({ depth: '9', on: 'true' })).toThrow(/^p: `depth` must be at most 5$/)
    expect(get({ depth: 'deep', on: 'true' })).toThrow(/`depth` must be a number/)
  })
})

describe('the definition', () => {
  it('shows arguments from the schema', () => {
    expect(review.definition).toEqual({
      name: 'review',
      description: 'Review code',
      arguments: [
        { name: 'code', description: 'The code', required: true },
        { name: 'depth', title: 'Depth', required: false },
        { name: 'tags', required: false },
      ],
    })
    expect(Object.isFrozen(review.definition.arguments)).toBe(true)
  })

  it('carries titles, icons, tags and metadata; without input it has no arguments', () => {
    const made = prompt('p', { title: 'P', icons: [{ src: 'https://x/i' }], tags: ['t'], meta: { a: 1 } }, () => '')
    expect(made.definition).toEqual({ name: 'p', title: 'P', icons: [{ src: 'https://x/i' }], _meta: { a: 1 } })
    expect(made).toMatchObject({ kind: 'prompt', id: 'p', tags: ['t'] })
  })

  it('completes its arguments', () => {
    const made = prompt('p', { input, complete: { code: ['let', 'const'] } }, () => '')
    expect(made.complete({ name: 'code', value: 'l', others: {} }, context)).toMatchObject({
      completion: { values: ['let'] },
    })
  })
})

describe('a prompt that takes too long', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  it('fails with TIMEOUT', async () => {
    const late = prompt('p', { timeout: 100 }, () => new Promise<string>(() => undefined)).get({}, context)
    vi.advanceTimersByTime(100)
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})

describe('a definition that cannot work is refused where it is made', () => {
  const bad: readonly (readonly [words: string, define: () => unknown])[] = [
    ['prompt "a b": a name is', () => prompt('a b', {}, () => '')],
    ['prompt "p": input: must be an object at its root', () => prompt('p', { input: z.string() }, () => '')],
    // @ts-expect-error lang is no argument
    ['there are code, depth, tags', () => prompt('p', { input, complete: { lang: [] } }, () => '')],
    // @ts-expect-error there are no arguments
    ['"lang" is not an argument; there are none', () => prompt('p', { complete: { lang: [] } }, () => '')],
    // @ts-expect-error a handler is a function
    ['prompt "p": the handler is missing', () => prompt('p', {})],
  ]
  it.each(bad)('%s', (words, define) => {
    expect(define).toThrow(DefinitionError)
    expect(define).toThrow(words)
  })
})
