import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type TypedTool, tool } from '../../components/tool.ts'
import type { Context } from '../../engine/context.ts'
import { FastMCP } from '../../fastmcp.ts'
import { transformTool } from './transform-tool.ts'

const search = tool(
  'search',
  {
    description: 'x',
    input: z.object({ q: z.string(), index: z.string(), limit: z.int().default(10) }),
    output: z.object({ found: z.string() }),
  },
  () => ({ found: '' }),
)

it('knows the arguments of the new tool', () => {
  const docs = transformTool(search, {
    args: { index: { hide: true, default: 'docs' }, q: { name: 'query' } },
    run: ({ query, limit }, forward) => {
      expectTypeOf(query).toEqualTypeOf<string>()
      expectTypeOf(limit).toEqualTypeOf<number | undefined>()
      // @ts-expect-error hidden
      void forward({ query, index: 'x' })
      // @ts-expect-error the old name
      void forward({ q: query })
      void forward.raw({ q: query, index: 'x' })
      return forward({ query })
    },
  })
  expectTypeOf(docs).toEqualTypeOf<TypedTool<{ query: string; limit?: number | undefined }, { found: string }>>()
})

it('gives run every default', () => {
  transformTool(search, {
    args: { index: { default: 'docs' }, limit: { default: (ctx) => (ctx.auth ? 50 : 5) } },
    run: ({ index, limit }) => {
      expectTypeOf(index).toEqualTypeOf<string>()
      expectTypeOf(limit).toEqualTypeOf<number>()
      return { found: '' }
    },
  })
})

it('checks names, values and results', () => {
  // @ts-expect-error no such argument
  transformTool(search, { args: { indx: { hide: true } } })
  // @ts-expect-error not a text
  transformTool(search, { args: { index: { default: 3 } } })
  // @ts-expect-error not what output says
  transformTool(search, { output: z.object({ n: z.number() }), run: () => ({ n: 'x' }) })
  // @ts-expect-error not what the output of the tool below says
  transformTool(search, { run: () => ({ found: 3 }) })
  const none = tool('none', { description: 'x' }, () => 1)
  // @ts-expect-error it takes none
  transformTool(none, { args: { any: { hide: true } } })
})

it('knows what the server of the new tool has to give', () => {
  const [shop, other] = [
    new FastMCP({ name: 'shop', version: '1', lifespan: () => ({ prices: [1] }) }),
    new FastMCP({ name: 'other', version: '1' }),
  ]
  const price = tool('price', { description: 'x' }, (_, ctx: Context<{ prices: number[] }>) => ctx.app.prices)
  shop.add(transformTool(price, { name: 'cost' }))
  // @ts-expect-error it has no prices
  other.add(transformTool(price, { name: 'cost' }))
  const own = transformTool(search, {
    run: (_args, _forward, ctx: Context<{ prices: number[] }>) => ({ found: `${ctx.app.prices}` }),
  })
  shop.add(own)
  // @ts-expect-error it has no prices
  other.add(own)
})

it('follows a chain of changes', () => {
  const once = transformTool(search, { args: { q: { name: 'query' }, index: { hide: true, default: 'docs' } } })
  const twice = transformTool(once, { args: { query: { name: 'words' }, limit: { required: true } } })
  expectTypeOf(twice).toEqualTypeOf<TypedTool<{ words: string; limit: number }, { found: string }>>()
  // @ts-expect-error it was renamed before
  transformTool(once, { args: { q: { hide: true, default: 'x' } } })
  // @ts-expect-error it was hidden before
  transformTool(once, { args: { index: { default: 'x' } } })
})

it('knows when a schema of results is taken away or put in place', () => {
  expectTypeOf(transformTool(search, { output: null })).toEqualTypeOf<
    TypedTool<{ q: string; index: string; limit?: number | undefined }, unknown>
  >()
  const counted = transformTool(search, { output: z.object({ count: z.number() }), run: () => ({ count: 1 }) })
  expectTypeOf(counted).toEqualTypeOf<
    TypedTool<{ q: string; index: string; limit?: number | undefined }, { count: number }>
  >()
  // Whatever a tool may return.
  transformTool(search, { output: null, run: () => 'a text' })
})

it('takes the values of another schema', () => {
  const several = transformTool(search, {
    args: { q: { schema: z.array(z.string()).transform((words) => words.join(' ')) } },
    run: ({ q }, forward) => {
      expectTypeOf(q).toEqualTypeOf<string>()
      return forward.raw({ q, index: 'x' })
    },
  })
  expectTypeOf(several).toEqualTypeOf<
    TypedTool<{ q: string[]; index: string; limit?: number | undefined }, { found: string }>
  >()
})

it('takes any names where the schema is plain JSON', () => {
  const plain = tool('plain', { description: 'x', input: { type: 'object', properties: { a: {} } } }, () => 1)
  const once = transformTool(plain, { args: { a: { name: 'b' } }, run: ({ b }, forward) => forward({ b }) })
  expectTypeOf(transformTool(once, { args: { b: { hide: true, default: 1 } } })).toExtend<TypedTool>()
})
