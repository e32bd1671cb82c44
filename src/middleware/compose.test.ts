import { describe, expect, it } from 'vitest'
import { contextOf } from '../engine/backstage.ts'
import type { Call, Handle } from '../engine/call.ts'
import { compose, type Middleware } from './compose.ts'
import { composeByMethod } from './match.ts'

const context = contextOf({} as never)
const call: Call<'tools/call'> = { method: 'tools/call', params: { name: 'a' }, context }
const answer: Handle = (asked) => ({
  content: [{ type: 'text', text: 'name' in asked.params ? String(asked.params.name) : '' }],
})

describe('compose', () => {
  it('runs the first layer outermost', async () => {
    const seen: string[] = []
    const layer =
      (name: string): Middleware =>
      async (_call, next) => {
        seen.push(`${name} in`)
        const result = await next()
        seen.push(`${name} out`)
        return result
      }
    await compose([layer('a'), layer('b')], answer)(call)
    expect(seen).toEqual(['a in', 'b in', 'b out', 'a out'])
  })

  it('lets a layer answer early, rewrite the call, and call again', async () => {
    const early: Middleware = () => ({ content: [] })
    expect(await compose([early], answer)(call)).toEqual({ content: [] })

    const rewrite: Middleware = (asked, next) => next({ ...asked, params: { name: 'b' } } as Call)
    expect(await compose([rewrite], answer)(call)).toEqual({ content: [{ type: 'text', text: 'b' }] })

    let tries = 0
    const flaky: Handle = () => {
      tries++
      if (tries < 3) throw new Error('again')
      return { content: [] }
    }
    const again: Middleware = (_call, next) => next().catch(() => next().catch(() => next()))
    expect(await compose([again], flaky)(call)).toEqual({ content: [] })
    expect(tries).toBe(3)
  })

  it('turns what is thrown inside into a rejection that layers can catch', async () => {
    const thrower: Handle = () => {
      throw new Error('inside')
    }
    const seen: unknown[] = []
    const watch: Middleware = (_call, next) =>
      next().catch((problem: unknown) => {
        seen.push(problem)
        throw problem
      })
    await expect(compose([watch], thrower)(call)).rejects.toThrow('inside')
    expect(seen).toHaveLength(1)
  })
})

describe('composeByMethod', () => {
  it('gives each method only the layers that are for it', async () => {
    const seen: string[] = []
    const note =
      (name: string): Middleware =>
      (_call, next) => {
        seen.push(name)
        return next()
      }
    const handle = composeByMethod(
      [
        { pattern: '*', layer: note('all') },
        { pattern: 'tools/*', layer: note('tools') },
        { pattern: 'tools/list', layer: note('list') },
        { pattern: 'prompts/get', layer: note('prompts') },
      ],
      answer,
    )
    await handle(call)
    expect(seen).toEqual(['all', 'tools'])
  })

  it('waits for nothing where there are no layers', () => {
    expect(composeByMethod([], answer)(call)).toEqual({ content: [{ type: 'text', text: 'a' }] })
  })
})
