import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { FastMCP, tool, toolResult } from './index.ts'

const mcp = new FastMCP({ name: 'types', version: '1.0.0' })

describe('mcp.tool', () => {
  it('infers the arguments from the schema', () => {
    mcp.tool(
      'add',
      { description: 'Add', input: z.object({ a: z.number(), b: z.string().default('x') }) },
      (args, ctx) => {
        expectTypeOf(args).toEqualTypeOf<{ a: number; b: string }>()
        expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>()
      },
    )
    mcp.tool('none', { description: 'No arguments' }, (args) => {
      expectTypeOf(args).toEqualTypeOf<Record<string, never>>()
    })
    mcp.tool('raw', { description: 'Raw', input: { type: 'object' } }, (args) => {
      expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>()
    })
  })

  it('checks the return value against output', () => {
    const output = z.object({ total: z.number() })
    mcp.tool('good', { description: 'Good', output }, () => ({ total: 1 }))
    mcp.tool('later', { description: 'Good', output }, async () => ({ total: 1 }))
    mcp.tool('whole', { description: 'Good', output }, () => toolResult({ structured: { total: 1 }, content: [] }))
    // @ts-expect-error a string is no number
    mcp.tool('bad', { description: 'Bad', output }, () => ({ total: '1' }))
    // @ts-expect-error total is missing
    mcp.tool('worse', { description: 'Bad', output }, async () => ({}))
  })

  it('demands a description, of tool() too', () => {
    // @ts-expect-error no description
    mcp.tool('x', {}, () => 1)
    // @ts-expect-error no description
    tool('x', {}, () => 1)
  })
})

describe('mcp.resource', () => {
  it('types the parameters from the URI', () => {
    mcp.resource('users://{id}/profile{?lang}', {}, (params) => {
      expectTypeOf(params.id).toEqualTypeOf<string>()
      expectTypeOf(params.lang).toEqualTypeOf<string | undefined>()
      // @ts-expect-error no such variable
      params.name
    })
    mcp.resource('config://app', {}, (params) => {
      // @ts-expect-error a fixed URI has no variables
      params.id
    })
  })

  it('refuses completions for a variable that is not there', () => {
    mcp.resource('users://{id}', { complete: { id: ['1'] } }, ({ id }) => id)
    // @ts-expect-error no such variable
    mcp.resource('users://{id}', { complete: { name: ['1'] } }, ({ id }) => id)
  })
})

describe('mcp.prompt', () => {
  it('infers arguments and refuses completions for others', () => {
    const input = z.object({ code: z.string(), language: z.string().optional() })
    mcp.prompt('review', { input, complete: { language: (typed) => [typed] } }, (args) => {
      expectTypeOf(args).toEqualTypeOf<{ code: string; language?: string | undefined }>()
      return args.code
    })
    // @ts-expect-error no such argument
    mcp.prompt('review', { input, complete: { speed: ['fast'] } }, ({ code }) => code)
  })
})

describe('mcp.use', () => {
  it('narrows call and result by the pattern', () => {
    mcp.use(async (call, next) => {
      expectTypeOf(call.method).toBeString()
      return next()
    })
    mcp.use('tools/call', async (call, next) => {
      expectTypeOf(call.params.name).toEqualTypeOf<string>()
      const result = await next()
      expectTypeOf(result.content).toExtend<readonly unknown[]>()
      return result
    })
    mcp.use('prompts/*', (call, next) => {
      expectTypeOf(call.method).toEqualTypeOf<'prompts/list' | 'prompts/get'>()
      return next()
    })
    // @ts-expect-error no such method
    mcp.use('tools/jump', (_call, next) => next())
  })
})
