import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import { application } from '../../tests/kit/stateless.ts'
import type { SamplingMessage, SamplingParams } from '../protocol/asks.ts'
import { contextOf } from './backstage.ts'
import type { Context } from './context.ts'
import type { Origin } from './origin.ts'
import type { ProvidedSample, SamplingProvider } from './sampling.ts'
import { samplingParams } from './sampling.ts'

const SAMPLING = { info: undefined, capabilities: { sampling: {} } }
const answer = (text: string) => ({ role: 'assistant' as const, model: 'm', content: { type: 'text' as const, text } })

/** A context whose client answers with these texts in turn, and what it was asked. */
function client(...texts: string[]) {
  const asked: { key: string; params: SamplingParams }[] = []
  const ask: Origin['ask'] = async (key, _, params) => {
    asked.push({ key, params: params as unknown as SamplingParams })
    return answer(texts.shift() ?? '')
  }
  return { ctx: contextOf(originOf({ client: SAMPLING, ask })), asked }
}

function withProvider(sampling: SamplingProvider): Context {
  return contextOf(originOf({ application: { ...application(), sampling } }))
}

describe('what a model is asked', () => {
  it('is said in the words of the protocol', async () => {
    const { ctx, asked } = client('fine')
    const messages = [
      { role: 'user' as const, content: 'How are you?' },
      { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'And you?' }] },
    ]
    const sampled = await ctx.sample({ messages, systemPrompt: 'Be kind', temperature: 0.2, stopSequences: ['x'] })
    expect(sampled).toEqual({ text: 'fine', content: [{ type: 'text', text: 'fine' }], model: 'm' })
    expect(asked[0]).toEqual({
      key: 'sampling-1',
      params: {
        messages: [{ role: 'user', content: { type: 'text', text: 'How are you?' } }, messages[1]],
        systemPrompt: 'Be kind',
        temperature: 0.2,
        stopSequences: ['x'],
        maxTokens: 1024,
      },
    })
  })

  it.each([
    ['no message', { messages: [] }, 'at least one message'],
    ['no tokens', { messages: 'x', maxTokens: 0 }, 'maxTokens is 0'],
    ['tools and data', { messages: 'x', tools: [], output: z.object({}) }, 'not for both'],
  ])('with %s is refused', async (_, request, words) => {
    await expect(client('x').ctx.sample(request)).rejects.toThrow(words)
  })
})

describe('a conversation with tools', () => {
  const use = (...ids: string[]): SamplingMessage => ({
    role: 'assistant',
    content: ids.map((id) => ({ type: 'tool_use', id, name: 'add', input: {} })),
  })
  const result = (...ids: string[]): SamplingMessage => ({
    role: 'user',
    content: ids.map((toolUseId) => ({ type: 'tool_result', toolUseId, content: [] })),
  })
  const question: SamplingMessage = { role: 'user', content: { type: 'text', text: 'x' } }

  it('has the results of every use right after it', () => {
    const messages = [question, use('a', 'b'), result('b', 'a'), use('c'), result('c')]
    expect(samplingParams({ messages }).messages).toEqual(messages)
  })

  it.each([
    ['a use without result', [question, use('a'), question]],
    ['a last use without result', [question, use('a')]],
    ['half of the results', [question, use('a', 'b'), result('a')]],
    ['a result without use', [question, result('a')]],
    [
      'results mixed with words',
      [question, use('a'), { role: 'user', content: [...(result('a').content as []), { type: 'text', text: 'x' }] }],
    ],
    ['a user who uses tools', [{ ...use('a'), role: 'user' }, result('a')]],
  ] as [string, SamplingMessage[]][])('is refused with %s', (_, messages) => {
    expect(() => samplingParams({ messages })).toThrow('sampling: ')
  })
})

describe('an answer as data', () => {
  const Review = z.object({ stars: z.int(), words: z.string().trim() })

  it.each([
    ['{"stars": 4, "words": " ok "}'],
    ['```json\n{"stars": "4", "words": "ok"}\n```'],
    ['Here you are: {"stars": 4, "words": "ok"}. Anything else?'],
  ])('is read from %s', async (text) => {
    const { ctx, asked } = client(text)
    const { data } = await ctx.sample({ messages: 'Review', systemPrompt: 'Be fair', output: Review })
    expect(data).toEqual({ stars: 4, words: 'ok' })
    expect(asked[0]?.params.systemPrompt).toMatch(/^Be fair\n\nAnswer with JSON only.*"stars"/s)
  })

  it('is asked for again with the reason, then given up', async () => {
    const { ctx, asked } = client('nonsense', '{"stars": "many", "words": ""}')
    await expect(ctx.sample({ messages: 'Review', output: Review })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(/twice: .*stars.* must be/),
    })
    expect(asked.map(({ key }) => key)).toEqual(['sampling-1', 'sampling-1.2'])
    expect(JSON.stringify(asked[1]?.params.messages)).toContain('That does not fit: it is no JSON')
  })
})

describe('a model of the server', () => {
  it('answers where the client cannot, in words or whole', async () => {
    const seen: SamplingParams[] = []
    const text = withProvider((request, { signal }) => {
      seen.push(request)
      return signal.aborted ? 'aborted' : 'own'
    })
    expect(await text.sample({ messages: 'x' })).toMatchObject({ text: 'own', model: 'unknown' })
    const whole = withProvider(async () => ({
      model: 'own-1',
      content: { type: 'text', text: 'y' },
      stopReason: 'endTurn',
    }))
    expect(await whole.sample({ messages: 'x' })).toMatchObject({ text: 'y', model: 'own-1', stopReason: 'endTurn' })
    expect(seen[0]).toEqual({ messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 1024 })
  })

  it('is not asked while the client can', async () => {
    const server = { ...application(), sampling: () => 'own' }
    const ctx = contextOf(originOf({ client: SAMPLING, application: server, ask: async () => answer('theirs') }))
    expect((await ctx.sample({ messages: 'x' })).text).toBe('theirs')
    expect((await ctx.sample({ messages: 'x', tools: [] })).text).toBe('own')
  })

  it('must give an answer', async () => {
    // Somebody without a compiler may still give something else.
    const ctx = withProvider(() => ({ words: 'x' }) as unknown as ProvidedSample)
    await expect(ctx.sample({ messages: 'x' })).rejects.toMatchObject({ code: 'BAD_SAMPLE' })
  })

  it('is missed in words that tell what to do', async () => {
    await expect(contextOf(originOf()).sample({ messages: 'x' })).rejects.toMatchObject({
      code: 'MISSING_CLIENT_CAPABILITY',
      message: expect.stringContaining('new FastMCP({ sampling })'),
      data: { requiredCapabilities: { sampling: {} } },
    })
  })
})
