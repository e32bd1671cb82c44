import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { Context } from '../engine/context.ts'
import { FastMCP } from '../fastmcp.ts'
import { perCaller } from '../middleware/per-caller.ts'
import { type Extension, method } from './extension.ts'

const mcp = new FastMCP({ name: 'typed', version: '1.0.0' })

it('parameters of a method are inferred from the schema', () => {
  method({ params: z.object({ id: z.string(), depth: z.number().default(1) }) }, (params, ctx) => {
    expectTypeOf(params).toEqualTypeOf<{ id: string; depth: number }>()
    expectTypeOf(ctx).toEqualTypeOf<Context>()
    return params
  })
  method({}, (params) => {
    expectTypeOf(params).toEqualTypeOf<Record<string, never>>()
    return {}
  })
  // @ts-expect-error a result is an object
  method({}, () => 'text')
})

it('an extension is an object literal', () => {
  mcp.extend({
    id: 'com.example/reports',
    aroundTools: (call, next) => {
      expectTypeOf(call.params.name).toEqualTypeOf<string>()
      return next()
    },
    start: async ({ name, report, changed }) => {
      expectTypeOf(name).toEqualTypeOf<string>()
      changed({ kind: 'resource' })
      report(new Error('x'))
      return async () => undefined
    },
  })
  const quiet: Extension = { id: 'com.example/quiet', start: () => undefined }
  mcp.extend(quiet)
  // @ts-expect-error an extension has an id
  mcp.extend({ settings: {} })
})

it('a layer that differs by caller keeps the types of its pattern', () => {
  mcp.use(
    'tools/list',
    perCaller(async (_, next) => {
      const page = await next()
      return { ...page, tools: page.tools.filter(({ name }) => name !== 'secret') }
    }),
  )
})
