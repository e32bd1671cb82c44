import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../index.ts'
import { workflow } from './workflow.ts'
import type { WorkflowContext } from './workflow-step.ts'

const mcp = new FastMCP({ name: 'types', version: '1.0.0' })
const input = z.object({ email: z.string(), seats: z.number().default(1) })

it('knows the arguments of the tool, the context, and what earlier steps gave', () => {
  mcp.tool(
    'sign_up',
    { description: 'Signs up', input },
    workflow('sign_up', [
      {
        name: 'account',
        input: ({ args, results }) => {
          expectTypeOf(args).toEqualTypeOf<{ email: string; seats: number }>()
          // @ts-expect-error nothing was done before the first step
          results.account
          return args.email
        },
        run: async (email, ctx, step) => {
          expectTypeOf(email).toEqualTypeOf<string>()
          expectTypeOf(ctx.log.info).toBeFunction()
          expectTypeOf(step).toEqualTypeOf<WorkflowContext>()
          return { id: 7 }
        },
      },
      {
        name: 'trial',
        input: ({ results }) => results.account.id,
        run: (id) => `trial-${id.toFixed()}`,
        continueIf: (trial, { results }) => trial.startsWith('trial') && results.account.id > 0,
      },
      {
        name: 'mail',
        input: ({ args, results }) => ({ to: args.email, trial: results.trial }),
        run: ({ to, trial }) => [to, trial],
      },
    ]),
  )
})

it('gives a step without `input` the arguments', () => {
  mcp.tool(
    'plain',
    { description: 'Plain', input },
    workflow('plain', [
      { name: 'first', run: (args) => args.email.length },
      { name: 'second', run: (args) => args.seats + 1 },
    ]),
  )
})

it('is a function with a typed result', () => {
  const flow = workflow('alone', [
    { name: 'one', input: ({ args }: { args: { n: number } }) => args.n, run: (n) => n },
    { name: 'two', input: ({ results }) => results.one, run: (one) => String(one) },
  ])
  expectTypeOf(flow).parameter(0).toEqualTypeOf<{ n: number }>()
  expectTypeOf<Awaited<ReturnType<typeof flow>>>().toEqualTypeOf<
    | { readonly status: 'completed'; readonly results: { readonly one: number; readonly two: string } }
    | {
        readonly status: 'stopped'
        readonly stoppedAfter: 'one' | 'two'
        readonly results: { readonly one?: number; readonly two?: string }
      }
  >()
})

it('refuses results that are not there, and wrong input', () => {
  workflow('wrong', [
    { name: 'one', input: ({ args }: { args: { n: number } }) => args.n, run: (n) => n },
    {
      name: 'two',
      // @ts-expect-error there is no step `uno`
      input: ({ results }) => results.uno,
      run: () => 1,
    },
  ])
  workflow('wrong', [
    { name: 'one', input: ({ args }: { args: { n: number } }) => args.n, run: (n) => n },
    // @ts-expect-error the input is a number
    { name: 'two', input: ({ results }) => results.one, run: (one: string) => one },
  ])
})

it('refuses a step without `input` that does not take the arguments', () => {
  mcp.tool(
    'wrong',
    { description: 'Wrong', input },
    // @ts-expect-error the arguments are no number
    workflow('wrong', [{ name: 'one', run: (n: number) => n }]),
  )
  // @ts-expect-error nothing says what the arguments are
  workflow('wrong', [{ name: 'one', run: (n: number) => n }])
})

it('takes eight steps, and the result of the seventh in the eighth', () => {
  const flow = workflow('eight', [
    { name: 'a', input: ({ args }: { args: { n: number } }) => args.n, run: (n) => n },
    { name: 'b', input: ({ results }) => results.a, run: (a) => a + 1 },
    { name: 'c', input: ({ results }) => results.b, run: (b) => b + 1 },
    { name: 'd', input: ({ results }) => results.c, run: (c) => c + 1 },
    { name: 'e', input: ({ results }) => results.d, run: (d) => d + 1 },
    { name: 'f', input: ({ results }) => results.e, run: (e) => e + 1 },
    { name: 'g', input: ({ results }) => results.f, run: (f) => `${f}` },
    { name: 'h', input: ({ results }) => results.g, run: (g) => g.length },
  ])
  type Done = Extract<Awaited<ReturnType<typeof flow>>, { status: 'completed' }>
  expectTypeOf<Done['results']['h']>().toEqualTypeOf<number>()
})

it('can be a step of another', () => {
  const inner = workflow('inner', [{ name: 'one', input: ({ args }: { args: number }) => args, run: (n) => n * 2 }])
  mcp.tool(
    'outer',
    { description: 'Outer', input },
    workflow('outer', [
      { name: 'twice', input: ({ args }) => args.seats, run: (seats, _, step) => inner(seats, step) },
      { name: 'last', input: ({ results }) => results.twice.results.one, run: (one) => one ?? 0 },
    ]),
  )
})
