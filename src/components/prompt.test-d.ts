import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import { image } from './content.ts'
import { prompt } from './prompt.ts'
import { assistant, user } from './prompt-messages.ts'

const input = z.object({ code: z.string(), depth: z.number().default(1) })

it('arguments are inferred from the schema', () => {
  prompt('p', { input }, (args, ctx) => {
    expectTypeOf(args).toEqualTypeOf<{ code: string; depth: number }>()
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return args.code
  })
  prompt('p', {}, (args) => {
    expectTypeOf(args).toEqualTypeOf<Record<string, never>>()
    return 'x'
  })
})

it('completions are for arguments only, whether before or after the schema', () => {
  prompt('p', { complete: { code: (typed, { others }) => [typed, ...Object.keys(others)] }, input }, ({ code }) => code)
  prompt('p', { input, complete: { depth: ['1', '2'] } }, ({ depth }) => String(depth))
  prompt('p', { input: { type: 'object', properties: { a: {} } }, complete: { a: [] } }, () => 'x')
  // @ts-expect-error there is no such argument
  prompt('p', { input, complete: { language: ['a'] } }, () => 'x')
  // @ts-expect-error there are no arguments
  prompt('p', { complete: { code: ['a'] } }, () => 'x')
})

it('a completion knows the other arguments by name, as the strings that travel', () => {
  prompt(
    'p',
    {
      input,
      complete: {
        code: (_, { others }) => {
          expectTypeOf(others).toEqualTypeOf<{ readonly depth?: string }>()
          return []
        },
      },
    },
    ({ code }) => code,
  )
})

it('only what can be a message is returned', () => {
  prompt('p', {}, () => ['a', user('b', image('')), assistant('c'), { role: 'user', content: 'd' }])
  prompt('p', {}, async () => user('a'))
  // @ts-expect-error a number is no message
  prompt('p', {}, () => 5)
  // @ts-expect-error there is no such role
  prompt('p', {}, () => ({ role: 'system', content: 'x' }))
})
