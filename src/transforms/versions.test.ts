import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../fastmcp.ts'
import { namespace } from './namespace.ts'
import { pipe } from './pipe.ts'
import { type VersionRange, versions } from './versions.ts'

function shop(): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1' })
  mcp.tool('pay', { description: 'x', version: '1.0.0' }, () => 'paid by 1.0.0')
  mcp.tool(
    'pay',
    { description: 'x', version: '2.1.0', input: z.object({ tip: z.number().default(0) }) },
    () => 'paid by 2.1.0',
  )
  mcp.tool('pay', { description: 'x', version: '2.0.0' }, () => 'paid by 2.0.0')
  mcp.tool('plain', { description: 'x' }, () => 'plain')
  mcp.resource('terms://shop', { version: '1' }, () => 'terms 1')
  mcp.resource('terms://shop', { version: '2' }, () => 'terms 2')
  return mcp
}

const outer = () => new FastMCP({ name: 'outer', version: '1' })
const asking = (version: string) => ({ meta: { 'fastmcp/version': version } })

describeEras('versions of one component', (open) => {
  it('show the highest, and tell of the others', async () => {
    const client = await open(shop())
    const tools = await client.tools()
    expect(tools.map(({ name }) => name)).toEqual(['pay', 'plain'])
    expect(tools[0]?._meta).toEqual({ 'fastmcp/version': '2.1.0', 'fastmcp/versions': ['2.1.0', '2.0.0', '1.0.0'] })
    expect(tools[1]?._meta).toBeUndefined()
    expect((await client.callTool('pay')).data).toBe('paid by 2.1.0')
    expect((await client.readResource('terms://shop')).text).toBe('terms 2')
  })

  it('answer who asks for one, through a mount too', async () => {
    const mcp = outer()
    mcp.mount('shop', shop())
    for (const [server, name] of [
      [shop(), 'pay'],
      [mcp, 'shop_pay'],
    ] as const) {
      const client = await open(server)
      expect((await client.callTool(name, {}, asking('1.0'))).data).toBe('paid by 1.0.0')
      await expect(client.callTool(name, {}, asking('3'))).rejects.toThrow(/Unknown tool.*It has no version "3"/)
    }
  })

  it('may be seen in part, as another server', async () => {
    const v1 = outer()
    v1.mount(pipe(shop(), versions({ below: '2' }), namespace('v1')))
    const client = await open(v1)
    expect((await client.tools())[0]?._meta).toEqual({ 'fastmcp/version': '1.0.0' })
    expect((await client.callTool('v1_pay')).data).toBe('paid by 1.0.0')
    expect((await client.callTool('v1_plain')).data).toBe('plain')
    await expect(client.callTool('v1_pay', {}, asking('2.1.0'))).rejects.toThrow(/Unknown tool/)
    expect((await client.readResource('terms://v1/shop')).text).toBe('terms 1')
  })

  it('may be seen from one on, with or without what has none', async () => {
    const v2 = outer()
    v2.mount(pipe(shop(), versions({ from: '2', below: '2.1', unversioned: false })))
    const client = await open(v2)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['pay'])
    expect((await client.callTool('pay')).data).toBe('paid by 2.0.0')
  })
})

describe('a candidate of a version', () => {
  const names = async (range: VersionRange) => {
    const mcp = outer()
    for (const version of ['1.0.0', '2.0.0-rc.1', '2.0.0'])
      mcp.tool('pay', { description: 'x', version }, () => version)
    const tools = await pipe(mcp, versions(range)).list('tool', { auth: undefined, sessionId: undefined })
    return tools.map(({ version }) => version)
  }

  it('is in the view of that version, and not in the one before', async () => {
    expect(await names({ below: '2' })).toEqual(['1.0.0'])
    expect(await names({ from: '2.0' })).toEqual(['2.0.0', '2.0.0-rc.1'])
    expect(await names({ from: '2.0.0-rc.1', below: '2.0.0' })).toEqual([])
    expect(await names({ below: '2.0.0-rc.2' })).toEqual(['2.0.0-rc.1', '1.0.0'])
  })
})

describe('a version', () => {
  it('stands once', () => {
    const mcp = shop()
    expect(() => mcp.tool('pay', { description: 'x', version: '2.1' }, () => 1)).toThrow(/version 2.1/)
    expect(() => mcp.tool('plain', { description: 'x' }, () => 1)).toThrow(/already a tool/)
  })
  it('is a short text', () => {
    expect(() => shop().tool('t', { description: 'x', version: 'a b' }, () => 1)).toThrow(/version must be/)
    expect(() => versions({})).toThrow(/say which/)
  })
})
