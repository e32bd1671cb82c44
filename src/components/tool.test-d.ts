import { type } from 'arktype'
import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import type { Tool } from './component.ts'
import { type ToolHandler, type ToolOptions, tool } from './tool.ts'
import { toolResult } from './tool-result.ts'

const input = z.object({ a: z.number(), b: z.string().default('x'), at: z.coerce.date().optional() })
const output = z.object({ n: z.number(), note: z.string().default('') })

it('arguments are inferred from the schema, after defaults and transforms', () => {
  tool('t', { description: 'x', input }, (args, ctx) => {
    expectTypeOf(args).toEqualTypeOf<{ a: number; b: string; at?: Date | undefined }>()
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return args.a
  })
  tool('t', { description: 'x', input: type({ n: 'number' }) }, ({ n }) => {
    expectTypeOf(n).toEqualTypeOf<number>()
  })
  tool('t', { description: 'x', input: { type: 'object', properties: { n: { type: 'number' } } } }, (args) => {
    expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>()
  })
  // @ts-expect-error there is no such argument
  tool('t', { description: 'x', input }, ({ c }) => c)
})

it('without input there are no arguments', () => {
  tool('t', { description: 'x' }, (args) => {
    expectTypeOf(args).toEqualTypeOf<Record<string, never>>()
  })
  expectTypeOf(tool('t', { description: 'x' }, () => 1)).toExtend<Tool>()
})

it('results are checked against output, as it is before defaults', () => {
  tool('t', { description: 'x', output }, () => ({ n: 1 }))
  tool('t', { description: 'x', output }, async () => ({ n: 1, note: 'a' }))
  tool('t', { description: 'x', input, output }, ({ a }) => (a > 1 ? { n: a } : toolResult({ structured: { n: a } })))
  tool('t', { description: 'x', output }, () => toolResult({ content: 'failed', isError: true }))
  tool('t', { description: 'x', output: z.string() }, () => 'text')
  tool('t', { description: 'x', output: { type: 'object' } }, () => ({ anything: true }))
  // @ts-expect-error n is a number
  tool('t', { description: 'x', output }, () => ({ n: 'one' }))
  // @ts-expect-error n is missing
  tool('t', { description: 'x', output }, () => ({ note: 'a' }))
  // @ts-expect-error n is a number, also later
  tool('t', { description: 'x', output }, async () => ({ n: 'one' }))
  // @ts-expect-error n is a number, also in parts
  tool('t', { description: 'x', output }, () => toolResult({ structured: { n: 'one' } }))
})

it('what a generator yields or returns is checked against output', () => {
  const rows = z.array(z.object({ id: z.number(), note: z.string().default('') }))
  tool('t', { description: 'x', output: rows }, async function* () {
    yield { id: 1 }
    yield { id: 2, note: 'a' }
  })
  tool('t', { description: 'x', input, output }, async function* ({ a }, ctx) {
    expectTypeOf(a).toEqualTypeOf<number>()
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    yield 'anything'
    return { n: a }
  })
  tool('t', { description: 'x', output }, async function* () {
    yield 'anything'
    return toolResult({ structured: { n: 1 } })
  })
  tool('t', { description: 'x', output: rows }, async () =>
    (async function* () {
      yield { id: 1 }
    })(),
  )
  // @ts-expect-error an id is a number
  tool('t', { description: 'x', output: rows }, async function* () {
    yield { id: 'one' }
  })
  // @ts-expect-error the result is an object and no list, so it must be returned
  tool('t', { description: 'x', output }, async function* () {
    yield { n: 1 }
  })
  // @ts-expect-error n is a number
  tool('t', { description: 'x', output }, async function* () {
    yield 'anything'
    return { n: 'one' }
  })
})

it('without output anything may be returned', () => {
  tool('t', { description: 'x' }, async function* () {
    yield 'one'
    yield { two: 2 }
  })
  tool('t', { description: 'x' }, () => undefined)
  tool('t', { description: 'x' }, async () => [new Date(), new Map()])
})

it('a description is needed, and nothing unknown is taken', () => {
  // @ts-expect-error a description is what the model reads
  tool('t', {}, () => 1)
  // @ts-expect-error there is no such option
  tool('t', { description: 'x', inputs: input }, () => 1)
  // @ts-expect-error an icon has a source
  tool('t', { description: 'x', icons: [{}] }, () => 1)
})

it('a face of its own reuses the same generics in one line', () => {
  type Define = <In extends typeof input | undefined = undefined, Out extends typeof output | undefined = undefined>(
    name: string,
    options: ToolOptions<In, Out>,
    handler: ToolHandler<In, Out, Context & { readonly user: string }>,
  ) => void
  const define: Define = () => undefined
  define('t', { description: 'x', input, output }, ({ a }, ctx) => {
    expectTypeOf(ctx.user).toEqualTypeOf<string>()
    return { n: a }
  })
})
