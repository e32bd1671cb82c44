import { transformTool } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { mcp } from '../../examples/patterns/o1-tool-transformation.ts'

describeEras('O1: tool transformation', (open) => {
  it('leaves hidden arguments out of the schema and fills them in', async () => {
    const client = await open(mcp)
    const tool = (await client.tools()).find(({ name }) => name === 'find_books')
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(['title', 'lang', 'limit'])
    expect(tool?.inputSchema.required).toEqual(['title'])
    expect((await client.callTool('find_books', { title: 'Dune', lang: 'de', limit: 3 })).data).toEqual({
      found: 'Dune in books (de), at most 3',
    })
  })

  it('works a default out by a function of the context', async () => {
    const client = await open(mcp)
    const { data } = await client.callTool<{ found: string }>('find_books', { title: 'Dune' })
    expect(data.found).toMatch(/^Dune in books \((en|\*)\), at most 10$/)
  })

  it('does work around the tool, itself made from a changed one', async () => {
    const client = await open(mcp)
    const { data } = await client.callTool('find_first_book', { title: '  Dune ', lang: 'fr' })
    expect(data).toEqual({ first: { found: 'Dune in books (fr), at most 1' } })
  })
})

describe('O1: wrong use is an error at registration', () => {
  it.each<[object, RegExp]>([
    [{ args: { topic: { hide: true } } }, /no argument "topic"/],
    [{ args: { q: { name: 'index' } } }, /both be called "index"/],
    [{ args: { q: { hide: true } } }, /cannot be hidden without a default/],
  ])('%o', async (changes, words) => {
    const search = await mcp.getTool('search')
    expect(() => transformTool(search, changes)).toThrow(words)
  })

  it('names the nearest tool where there is none of the name', async () => {
    await expect(mcp.getTool('serch')).rejects.toThrow(/did you mean "search"/)
  })
})
