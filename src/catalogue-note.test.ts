import { expect, it } from 'vitest'
import { FastMCP } from './fastmcp.ts'
import { search } from './transforms/search/search.ts'

function serverOf(count: number, description = 'x'): { readonly mcp: FastMCP; readonly notes: string[] } {
  const notes: string[] = []
  const mcp = new FastMCP({ name: 'a', version: '1', onError: ({ message }) => void notes.push(message) })
  for (let i = 0; i < count; i++) mcp.tool(`tool_${i}`, { description }, () => i)
  return { mcp, notes }
}

async function start(mcp: FastMCP): Promise<void> {
  const listening = await mcp.listen({ port: 0 })
  await listening.close()
}

it('tells once, at start, of more than 40 tools, and what helps', async () => {
  const { mcp, notes } = serverOf(41)
  await start(mcp)
  await start(mcp)
  expect(notes).toEqual([expect.stringMatching(/lists 41 tools, about \d+ tokens.*mcp\.transform\(search\(\)\)/)])
})

it('tells of few tools with long definitions', async () => {
  const { mcp, notes } = serverOf(2, 'long '.repeat(10_000))
  await start(mcp)
  expect(notes).toEqual([expect.stringMatching(/about 25\d\d\d tokens/)])
})

it('tells nothing of a small catalogue, or of a large one behind search', async () => {
  const [small, large] = [serverOf(40), serverOf(500)]
  large.mcp.transform(search())
  await start(small.mcp)
  await start(large.mcp)
  expect([...small.notes, ...large.notes]).toEqual([])
})
