import { type } from 'arktype'
import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { prompt } from '../components/prompt.ts'
import { tool } from '../components/tool.ts'
import { inputRequired } from '../protocol/input-required.ts'
import type { Context } from './context.ts'
import type { Consent, Elicited } from './elicitation.ts'
import { askForm } from './input-asks.ts'
import type { Sampled } from './sampling.ts'
import type { Surroundings } from './surroundings.ts'

declare const ctx: Context

it('a context shows what an author may use, and nothing of the engine', () => {
  expectTypeOf<keyof Context>().toEqualTypeOf<
    | 'app'
    | 'auth'
    | 'client'
    | 'closeStream'
    | 'elicit'
    | 'header'
    | 'headers'
    | 'inputResponses'
    | 'log'
    | 'meta'
    | 'notify'
    | 'once'
    | 'part'
    | 'phase'
    | 'progress'
    | 'readResource'
    | 'requestId'
    | 'requestState'
    | 'roots'
    | 'sample'
    | 'server'
    | 'sessionId'
    | 'signal'
    | 'state'
    | 'storage'
    | 'use'
    | 'userState'
    | 'version'
  >()
  expectTypeOf<keyof Surroundings>().toEqualTypeOf<'callTool' | 'getPrompt' | 'readResource'>()
})

it('the answer to a form is a union by what was done, with content of the schema', async () => {
  const Visit = z.object({ day: z.coerce.date(), seats: z.int().default(2), note: z.string().optional() })
  const answer = await ctx.elicit('Your visit', Visit)
  expectTypeOf(answer).toEqualTypeOf<Elicited<{ day: Date; seats: number; note?: string | undefined }>>()
  if (answer.action === 'accept') expectTypeOf(answer.content.day).toEqualTypeOf<Date>()
  // @ts-expect-error nothing was accepted yet
  answer.content
  if (answer.action === 'decline') {
    // @ts-expect-error who declines sends nothing
    answer.content
  }
  // @ts-expect-error no such action
  answer.action === 'reject'

  const other = await ctx.elicit('Number?', type({ n: 'number' }), { key: 'n', sensitive: true })
  if (other.action === 'accept') expectTypeOf(other.content).toEqualTypeOf<{ n: number }>()
  const raw = await ctx.elicit('Raw', { type: 'object', properties: { url: { type: 'string' } } })
  if (raw.action === 'accept') expectTypeOf(raw.content).toEqualTypeOf<Record<string, unknown>>()
  // @ts-expect-error no such option
  ctx.elicit('Your visit', Visit, { timeout: 5 })
  // @ts-expect-error no schema
  ctx.elicit('Your visit', 'text')
})

it('the answer to an address has no content', async () => {
  const answer = await ctx.elicit('Pay', { url: 'https://pay.example.com' })
  expectTypeOf(answer).toEqualTypeOf<Consent>()
  // @ts-expect-error nothing comes back but the consent
  answer.content
})

it('the answer of a model has data where there is a schema for it', async () => {
  expectTypeOf(await ctx.sample({ messages: 'Hi' })).toEqualTypeOf<Sampled>()
  const { data, text } = await ctx.sample({ messages: 'Rate', output: z.object({ stars: z.int() }) })
  expectTypeOf(data).toEqualTypeOf<{ stars: number }>()
  expectTypeOf(text).toEqualTypeOf<string>()
  // @ts-expect-error there is no data without a schema
  ;(await ctx.sample({ messages: 'Hi' })).data
  // @ts-expect-error there is no such role
  ctx.sample({ messages: [{ role: 'system', content: 'Hi' }] })
  // @ts-expect-error there is nothing to answer
  ctx.sample({ maxTokens: 5 })
})

it('work done once gives what it gave', async () => {
  expectTypeOf(await ctx.once('a', () => 1)).toEqualTypeOf<number>()
  expectTypeOf(await ctx.once('a', async () => ({ id: 'x' }))).toEqualTypeOf<{ id: string }>()
  expectTypeOf(await ctx.once('a', () => undefined)).toEqualTypeOf<undefined>()
})

it('abilities are named, but for extensions', () => {
  ctx.client.can('elicitation.url')
  ctx.client.can('extensions.io.example/x')
  // @ts-expect-error no such ability
  ctx.client.can('elicitation.form')
})

it('the guard form may be returned in place of a result', () => {
  const asked = inputRequired({ inputRequests: { name: askForm('Name?', z.object({ name: z.string() })) } })
  tool('t', { description: 'x', output: z.number() }, () => asked)
  tool('t', { description: 'x', output: z.number() }, async () => (Math.random() > 0.5 ? asked : 1))
  prompt('p', {}, () => asked)
})

it('the guard form takes questions by key', () => {
  inputRequired({ inputRequests: { name: askForm('Name?', z.object({ name: z.string() })) }, state: 1 })
  // @ts-expect-error the questions are missing
  inputRequired({ state: 1 })
  const answer = ctx.inputResponses.name
  // @ts-expect-error it may not be there
  answer.action
  if (answer && 'action' in answer) expectTypeOf(answer.action).toEqualTypeOf<'accept' | 'decline' | 'cancel'>()
})
