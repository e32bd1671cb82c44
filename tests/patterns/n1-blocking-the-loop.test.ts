import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { afterEach, expect, it, vi } from 'vitest'
import { mcp } from '../../examples/patterns/n1-blocking-the-loop.ts'
import { pretendTaken } from '../kit/processor.ts'

const stderr = vi.spyOn(console, 'error').mockImplementation(() => undefined)

// Of work that got no processor nobody is named; here only who computed is, so that it matters to none how busy the machine is.
pretendTaken(1_000)
afterEach(() => void stderr.mockClear())

/** The tools that were named, each with how long it is said to have taken. */
const named = (): [string, number][] =>
  [...stderr.mock.calls.join('\n').matchAll(/tool "(\w+)" blocked the event loop for (\d+) ms/g)].map(
    ([, tool = '', ms]) => [tool, Number(ms)],
  )

describeEras('N1: a tool that blocks the event loop', (open, { transport }) => {
  const rounds = 400_000

  it('is named, with how long, and one that waits meanwhile is not', async () => {
    const client = await open(mcp)
    const waiting = client.callTool('wait', { ms: 200 })
    // Half a second where it was measured, a fifth elsewhere.
    await client.callTool('hash_at_once', { rounds: transport === 'memory' ? 1_000_000 : rounds })
    await waiting
    expect(named()).toEqual([['hash_at_once', expect.any(Number)]])
    expect(named()[0]?.[1]).toBeGreaterThan(100)
  })

  it('is named if it waits first, with others in flight', async () => {
    const client = await open(mcp)
    const others = [client.callTool('wait', { ms: 5 }), client.callTool('wait', { ms: 200 })]
    await client.callTool('hash_after_wait', { rounds })
    await Promise.all(others)
    expect(named()).toEqual([['hash_after_wait', expect.any(Number)]])
  })

  it.each(['hash_aside', 'hash_in_parts'])('is not %s, which lets others have their turn', async (tool) => {
    const client = await open(mcp)
    expect((await client.callTool(tool, { rounds: 300_000 })).data).toMatch(/^[0-9a-f]{64}$/)
    expect(named()).toEqual([])
  })
})

it('N1: what was found is counted in health://status', async () => {
  await using client = await createTestClient(mcp)
  const [contents] = (await client.readResource('health://status')).contents
  const { diagnosis } = JSON.parse(contents && 'text' in contents ? contents.text : '')
  expect(diagnosis.outlived).toEqual([])
  expect(diagnosis.blocked).toEqual(
    expect.arrayContaining([
      { component: 'tool "hash_at_once"', times: expect.any(Number), longestMs: expect.any(Number) },
      { component: 'tool "hash_after_wait"', times: expect.any(Number), longestMs: expect.any(Number) },
    ]),
  )
})
