import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { FastMCP } from '../fastmcp.ts'
import { visibility } from './visibility.ts'

function shop(visible = visibility({ disabled: { tags: ['beta'] }, perSession: true })) {
  const mcp = new FastMCP({ name: 'shop', version: '1' })
  mcp.transform(visible)
  mcp.tool('order', { description: 'x' }, () => 'ordered')
  mcp.tool('bid', { description: 'x', tags: ['beta'] }, () => 'bid')
  mcp.resource('beta://notes', { tags: ['beta'] }, () => 'notes')
  mcp.resource('beta://{page}', {}, ({ page }) => page)
  mcp.tool('join', { description: 'x' }, (_args, ctx) => {
    visible.enable({ tags: ['beta'] }, { session: ctx.sessionId })
    return 'this session'
  })
  return { mcp, visible }
}

describeEras('visibility', (open) => {
  it('turns things on and off while the server runs, and tells clients', async () => {
    const { mcp, visible } = shop()
    const client = await open(mcp)
    const names = async () => (await client.tools()).map(({ name }) => name)
    expect(await names()).toEqual(['order', 'join'])
    await expect(client.callTool('bid')).rejects.toThrow(/Unknown tool/)
    await expect(client.readResource('beta://notes')).rejects.toThrow(/not found/)
    const heard: unknown[] = []
    await client.listen({ tools: true }, (change) => heard.push(change))
    visible.enable({ tags: ['beta'] })
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    expect((await client.callTool('bid')).data).toBe('bid')
    expect((await client.readResource('beta://notes')).text).toBe('notes')
    visible.disable({ names: ['b*'], kinds: ['tool'] })
    await expect(client.callTool('bid')).rejects.toThrow(/Unknown tool/)
    visible.reset()
    await expect(client.readResource('beta://notes')).rejects.toThrow(/not found/)
  })
})

describeEras('visibility of one session', (open, { era, transport }) => {
  it('is nobody else’s', async () => {
    const { mcp } = shop()
    const [one, other] = [await open(mcp), await open(mcp)]
    const heard: string[] = []
    for (const [name, client] of Object.entries({ one, other })) {
      await client.listen({ tools: true }, () => heard.push(name)).catch(() => undefined)
    }
    const joined = await one.callTool('join').catch(String)
    if (typeof joined === 'string') {
      expect(joined).toMatch(/the caller has none/)
      expect(era === 'stateless' || transport === 'fetch').toBe(true)
      for (const client of [one, other]) await expect(client.callTool('bid')).rejects.toThrow(/Unknown tool/)
      return
    }
    expect(joined.data).toBe('this session')
    expect((await one.callTool('bid')).data).toBe('bid')
    await expect(other.callTool('bid')).rejects.toThrow(/Unknown tool/)
    expect((await other.tools()).map(({ name }) => name)).toEqual(['order', 'join'])
    // Whoever does not listen yet misses it, and is told with the next.
    const told = async (): Promise<readonly string[]> => {
      await one.callTool('join')
      return [...new Set(heard)]
    }
    await expect.poll(told).toEqual(['one'])
  })
})

describe('visibility', () => {
  it('is said per session only where that was announced', () => {
    expect(() => visibility().disable({ tags: ['x'] }, { session: 's' })).toThrow(/perSession/)
  })
  it('of sessions cannot be public', () => {
    const { mcp } = {
      mcp: new FastMCP({ name: 's', version: '1', cache: { methods: { 'tools/list': { cacheScope: 'public' } } } }),
    }
    expect(() => mcp.transform(visibility({ perSession: true }))).toThrow(/public/)
  })
})
