import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import type { InputResponse } from '../protocol/asks.ts'
import type { Params } from '../protocol/json-rpc.ts'
import { contextOf } from './backstage.ts'
import { askForm, askModel, askRoots, askUrl } from './input-asks.ts'

/** A context whose client answers with these in turn, and what it was asked. */
function client(...answers: InputResponse[]) {
  const asked: { key: string; params: Params }[] = []
  const ctx = contextOf(
    originOf({
      ask: async (key, _, params) => {
        asked.push({ key, params })
        return answers.shift() ?? { action: 'cancel' }
      },
    }),
  )
  return { ctx, asked }
}

describe('a form', () => {
  it('is counted, unless it has a key', async () => {
    const { ctx, asked } = client()
    const Any = z.object({})
    await ctx.elicit('A?', Any)
    await ctx.elicit('B?', Any, { key: 'mine' })
    await ctx.elicit('C?', Any)
    expect(asked.map(({ key }) => key)).toEqual(['elicitation-1', 'mine', 'elicitation-2'])
    expect(asked[0]?.params).toEqual({
      mode: 'form',
      message: 'A?',
      requestedSchema: { type: 'object', properties: {} },
    })
  })

  it('has its content repaired, converted and checked', async () => {
    const Visit = z.object({
      day: z.coerce.date(),
      n: z.int(),
      note: z.string().optional(),
      ok: z.boolean().default(true),
    })
    // Clients send null for what was left empty, which the protocol has no word for.
    const content = { day: '2030-01-02T00:00:00Z', n: '3', note: null, extra: 'x' } as never
    const { ctx } = client({ action: 'accept', content })
    expect(await ctx.elicit('Visit?', Visit)).toEqual({
      action: 'accept',
      content: { day: new Date('2030-01-02T00:00:00Z'), n: 3, ok: true },
    })
  })

  it('that was accepted without content is empty', async () => {
    expect(await client({ action: 'accept' }).ctx.elicit('Sure?', z.object({}))).toEqual({
      action: 'accept',
      content: {},
    })
  })

  it('says nothing of its content when it was not accepted', async () => {
    const { ctx } = client({ action: 'decline', content: { a: 'x' } })
    expect(await ctx.elicit('A?', z.object({ a: z.string() }))).toEqual({ action: 'decline' })
  })

  it('is asked for again once, with the reason', async () => {
    const Even = z.object({ n: z.number().refine((n) => n % 2 === 0, 'must be even') })
    const odd = { action: 'accept' as const, content: { n: 1 } }
    const { ctx, asked } = client(odd, { action: 'decline' }, odd, odd)
    expect(await ctx.elicit('Even?', Even)).toEqual({ action: 'decline' })
    expect(asked[1]).toMatchObject({
      key: 'elicitation-1.2',
      params: { message: expect.stringContaining('must be even') },
    })
    await expect(ctx.elicit('Even?', Even)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  it('F7: asks for no secret, unless it is said to be none', async () => {
    const { ctx, asked } = client()
    const Card = z.object({ cardNumber: z.string() })
    await expect(ctx.elicit('Card?', Card)).rejects.toThrow(/field "cardNumber" looks like a secret.*\{ url \}/)
    expect(asked).toEqual([])
    expect(await ctx.elicit('Library card?', Card, { sensitive: true })).toEqual({ action: 'cancel' })
  })

  it.each([
    ['a nested object', 'A?', z.object({ a: z.object({}) }), 'form: field "a" is an object'],
    ['no message', ' ', z.object({}), 'give a message'],
  ])('with %s is refused', async (_, message, schema, words) => {
    await expect(client().ctx.elicit(message, schema)).rejects.toThrow(words)
  })

  it('with an unfit key is refused', async () => {
    for (const key of ['', 'x'.repeat(101), 1 as never]) {
      await expect(client().ctx.elicit('A?', z.object({}), { key })).rejects.toMatchObject({ code: 'DEFINITION_ERROR' })
    }
  })

  it('that nobody waits for harms nobody', async () => {
    const ctx = contextOf(originOf({ ask: () => Promise.reject(new Error('gone')) }))
    void ctx.elicit('A?', z.object({}))
    void ctx.roots()
    void ctx.once('k', () => Promise.reject(new Error('failed')))
    await new Promise((resolve) => setImmediate(resolve))
  })
})

describe('an address', () => {
  it('is asked to be opened', async () => {
    const { ctx, asked } = client({ action: 'accept', content: { a: 'x' } })
    expect(await ctx.elicit('Pay', { url: new URL('https://pay.example.com/1') })).toEqual({ action: 'accept' })
    expect(asked[0]?.params).toEqual({ mode: 'url', message: 'Pay', url: 'https://pay.example.com/1' })
  })

  it.each([
    '/relative',
    'javascript:alert(1)',
    'file:///etc',
    'https://user:secret@example.com/',
    'https://key@example.com',
  ])('such as %s is refused', async (url) => {
    await expect(client().ctx.elicit('Pay', { url })).rejects.toMatchObject({ code: 'DEFINITION_ERROR' })
  })
})

describe('roots', () => {
  it('are the file addresses among what the client sends', async () => {
    const roots = [{ uri: 'file:///a', name: 'A' }, { uri: 'https://x' }, { uri: 'file://%' }, { uri: '../b' }]
    expect(await client({ roots }).ctx.roots()).toEqual([{ uri: 'file:///a', name: 'A' }])
  })
})

describe('questions for the guard form', () => {
  it('are made by the same rules', () => {
    expect(askForm('A?', z.object({ a: z.string() }))).toMatchObject({
      method: 'elicitation/create',
      params: { mode: 'form' },
    })
    expect(askUrl('Pay', 'https://a.example').params).toEqual({
      mode: 'url',
      message: 'Pay',
      url: 'https://a.example/',
    })
    expect(askModel({ messages: 'x' })).toMatchObject({ method: 'sampling/createMessage', params: { maxTokens: 1024 } })
    expect(askRoots()).toEqual({ method: 'roots/list', params: {} })
    expect(() => askForm('A?', z.object({ password: z.string() }))).toThrow('looks like a secret')
  })
})
