import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { type TypedTool, tool } from '../../components/tool.ts'
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
})
