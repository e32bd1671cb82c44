import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'

describeEras('an argument that a header repeats', (open, { era, transport }) => {
  const travels = era === 'stateless' && (transport === 'http' || transport === 'fetch')

  function looking(): FastMCP {
    const mcp = new FastMCP({ name: 'looker', version: '1.0.0' })
    const input = z.object({
      region: z.string().meta({ 'x-mcp-header': 'Region' }),
      level: z.int().meta({ 'x-mcp-header': 'Level' }).optional(),
      deep: z.boolean().meta({ 'x-mcp-header': 'Deep' }).optional(),
    })
    mcp.tool('look', { description: 'Looks', input }, (args, ctx) => ({
      args,
      headers: Object.keys(ctx.headers).filter((name) => name.startsWith('mcp-param-')),
    }))
    return mcp
  }

  it('goes along where the era and the transport have headers, and arrives all the same elsewhere', async () => {
    const client = await open(looking)
    await client.tools()
    const { data } = await client.callTool('look', { region: 'eu', level: 3, deep: false })
    expect(data).toEqual({
      args: { region: 'eu', level: 3, deep: false },
      headers: travels ? expect.arrayContaining(['mcp-param-region', 'mcp-param-level', 'mcp-param-deep']) : [],
    })
  })

  it('may be any text', async () => {
    const client = await open(looking)
    await client.tools()
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('', ' ', ' padded ', 'a\r\nSet-Cookie: x=y', '=?base64?YWRk?=', '\t', '\u0000', '💥', 'ä'),
    )
    await fc.assert(
      fc.asyncProperty(text, async (region) => {
        const { data } = await client.callTool('look', { region })
        expect(data).toMatchObject({ args: { region } })
      }),
      { numRuns: 30 },
    )
  })
})
