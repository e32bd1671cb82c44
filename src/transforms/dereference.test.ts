import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { FastMCP } from '../fastmcp.ts'
import { dereference } from './dereference.ts'

describeEras('schemas written out', (open) => {
  it('hold no reference but to what refers to itself', async () => {
    const mcp = new FastMCP({ name: 's', version: '1' })
    mcp.transform(dereference())
    const $defs = {
      Point: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] },
      Tree: { type: 'object', properties: { left: { $ref: '#/$defs/Tree' }, at: { $ref: '#/$defs/Point' } } },
    }
    const points = {
      type: 'object',
      properties: { from: { $ref: '#/$defs/Point', description: 'Start' } },
      $defs,
    } as const
    mcp.tool('flat', { description: 'x', input: points }, (args) => args)
    mcp.tool(
      'deep',
      { description: 'x', input: { type: 'object', properties: { tree: { $ref: '#/$defs/Tree' } }, $defs } },
      () => 1,
    )
    const client = await open(mcp)
    const [flat, deep] = await client.tools()
    expect(flat?.inputSchema).toEqual({
      type: 'object',
      properties: { from: { ...$defs.Point, description: 'Start' } },
    })
    expect(deep?.inputSchema.$defs).toEqual($defs)
    expect(JSON.stringify(deep?.inputSchema.properties)).toContain('#/$defs/Tree')
    expect((await client.callTool('flat', { from: { x: 1 } })).data).toEqual({ from: { x: 1 } })
    await expect(client.callTool('flat', { from: {} })).rejects.toThrow(/x/)
  })
})
