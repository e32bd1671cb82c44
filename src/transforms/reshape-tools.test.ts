import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../fastmcp.ts'
import { pipe } from './pipe.ts'
import { reshapeTools } from './reshape-tools.ts'

function weather() {
  const mcp = new FastMCP({ name: 'weather', version: '1' })
  const input = z.object({ city: z.string(), units: z.enum(['metric', 'imperial']) })
  mcp.tool('get_forecast', { description: 'x', input, tags: ['public'] }, ({ city, units }) => `${city}, ${units}`)
  mcp.tool('reset', { description: 'x', tags: ['public', 'admin'] }, () => 'reset')
  mcp.tool('other', { description: 'x' }, () => 'other')
  mcp.resource('config://app', {}, () => 'config')
  return mcp
}

describeEras('tools reshaped by data', (open) => {
  it('have new names and arguments, or are not there at all', async () => {
    const mcp = new FastMCP({ name: 's', version: '1' })
    mcp.mount(
      pipe(
        weather(),
        reshapeTools({
          tools: { get_forecast: { name: 'forecast', arguments: { units: { hide: true, default: 'metric' } } } },
          includeTags: ['public'],
          excludeTags: ['admin'],
        }),
      ),
    )
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['forecast'])
    expect((await client.callTool('forecast', { city: 'Berlin' })).data).toBe('Berlin, metric')
    for (const gone of ['get_forecast', 'reset', 'other']) {
      await expect(client.callTool(gone, { city: 'x', units: 'metric' })).rejects.toThrow(/Unknown tool/)
    }
    expect((await client.readResource('config://app')).text).toBe('config')
  })

  it('may take the name of one that is taken out, and swap names', async () => {
    const mcp = new FastMCP({ name: 's', version: '1' })
    const tools = { other: { name: 'reset' }, reset: { name: 'other' }, get_forecast: { enabled: false } }
    mcp.mount(pipe(weather(), reshapeTools({ tools })))
    const client = await open(mcp)
    expect((await client.callTool('reset')).data).toBe('other')
    expect((await client.callTool('other')).data).toBe('reset')
  })
})

describe('reshapeTools', () => {
  it('leaves out a tool that cannot be changed so, tells why, and shows the others', () => {
    const problems: string[] = []
    const seen = pipe(
      weather(),
      reshapeTools(
        { tools: { get_forecast: { arguments: { town: { name: 'place' } } } } },
        { onProblem: ({ message }) => problems.push(message) },
      ),
    )
    const list = seen.list('tool', { auth: undefined, sessionId: undefined })
    expect((list as readonly { id: string }[]).map(({ id }) => id)).toEqual(['reset', 'other'])
    expect(problems).toEqual([expect.stringContaining('there is no argument "town" to change')])
  })

  it('refuses two tools of one name', () => {
    expect(() => reshapeTools({ tools: { a: { name: 'c' }, b: { name: 'c' } } })).toThrow(/"a" and "b"/)
  })
})
