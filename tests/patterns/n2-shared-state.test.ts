import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/n2-shared-state.ts'

describeEras(
  'N2: state that calls share',
  (open, { era, transport }) => {
    const name = `${era}-${transport}`
    const calls = transport === 'memory' ? 1_000 : 100

    it(`counts ${calls} increments at once as ${calls}`, async () => {
      const client = await open(mcp)
      const counted = Array.from({ length: calls }, () => client.callTool<number>('count', { counter: name }))
      const sums = (await Promise.all(counted)).map(({ data }) => data)
      expect(new Set(sums).size).toBe(calls)
      expect(Math.max(...sums.map(Number))).toBe(calls)
    })

    it(`loses none of ${calls} updates at once`, async () => {
      const [first, second] = [await open(mcp), await open(mcp)]
      const votes = Array.from({ length: calls }, (_, index) =>
        (index % 2 === 0 ? first : second).callTool('vote', { poll: name, vote: index % 4 === 0 ? 'no' : 'yes' }),
      )
      await Promise.all(votes)
      const { data } = await first.callTool('vote', { poll: name, vote: 'no' })
      expect(data).toEqual({ yes: calls * 0.75, no: calls * 0.25 + 1 })
    })
  },
  { transports: ['memory', 'http'] },
)
