import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const CALLS = 50

/** A server whose calls wait until all of them are there, and then end in reverse order. */
function gathering(): FastMCP {
  const mcp = new FastMCP({ name: 'gatherer', version: '1.0.0' })
  const waiting: (() => void)[] = []
  mcp.tool('meet', { description: 'Meets', input: z.object({ n: z.number() }) }, async ({ n }, ctx) => {
    const all = new Promise<void>((resolve) => waiting.push(resolve))
    if (waiting.length === CALLS) for (const go of waiting.toReversed()) go()
    await all
    ctx.state.set('n', n)
    ctx.progress(n + 1)
    await Promise.resolve()
    return ctx.state.get('n')
  })
  return mcp
}

describeEras('fifty calls at once', (open) => {
  it('each get their own answer', async () => {
    const client = await open(gathering)
    const numbers = Array.from({ length: CALLS }, (_, n) => n)
    const answers = await Promise.all(
      numbers.map(async (n) => {
        let progress = 0
        const { data } = await client.callTool<number>(
          'meet',
          { n },
          { onProgress: (told) => (progress = told.progress) },
        )
        return [data, progress - 1]
      }),
    )
    expect(answers).toEqual(numbers.map((n) => [n, n]))
  })
})
