import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../fastmcp.ts'
import { promptsAsTools } from './prompts-as-tools.ts'
import { resourcesAsTools } from './resources-as-tools.ts'

function shop(): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1' })
  mcp.resource('config://app', { description: 'Settings', mimeType: 'application/json' }, () => ({ theme: 'dark' }))
  mcp.resource('logo://png', { mimeType: 'image/png' }, () => new Uint8Array([1, 2, 3]))
  mcp.resource('orders://{id}', {}, ({ id }) => (id === '0' ? undefined : `order ${id}`))
  mcp.prompt('review', { description: 'x', input: z.object({ code: z.string() }) }, ({ code }) => `Review ${code}`)
  return mcp
}

function outer(): FastMCP {
  const [mcp, child] = [new FastMCP({ name: 'outer', version: '1' }), shop()]
  child.transform(resourcesAsTools(), promptsAsTools())
  mcp.mount('shop', child)
  return mcp
}

describeEras('resources as tools', (open) => {
  it('are listed and read, under the names that the caller knows', async () => {
    const client = await open(outer())
    const { data } = await client.callTool<{ uri?: string; uriTemplate?: string }[]>('shop_list_resources')
    expect(data.map(({ uri, uriTemplate }) => uri ?? uriTemplate)).toEqual([
      'config://shop/app',
      'logo://shop/png',
      'orders://shop/{id}',
    ])
    expect((await client.callTool('shop_read_resource', { uri: 'orders://shop/7' })).data).toBe('order 7')
    expect((await client.callTool('shop_read_resource', { uri: 'config://shop/app' })).data).toBe('{"theme":"dark"}')
    expect((await client.callTool('shop_read_resource', { uri: 'logo://shop/png' })).content).toMatchObject([
      { type: 'resource', resource: { uri: 'logo://shop/png', blob: 'AQID' } },
    ])
  })

  it('say what there is instead of what is not there', async () => {
    const client = await open(outer())
    for (const uri of ['orders://7', 'orders://shop/0', 'x']) {
      await expect(client.callTool('shop_read_resource', { uri })).rejects.toThrow(
        /shop_list_resources shows what there is/,
      )
    }
    await expect(client.callTool('shop_read_resource', {})).rejects.toThrow(/give a uri/)
  })

  it('show nothing that is hidden further out', async () => {
    const mcp = outer()
    mcp.disable('resource', 'config://shop/app')
    const client = await open(mcp)
    expect(JSON.stringify((await client.callTool('shop_list_resources')).data)).not.toContain('config://')
    await expect(client.callTool('shop_read_resource', { uri: 'config://shop/app' })).rejects.toThrow(/no resource/)
  })

  it('pass the layers around reading', async () => {
    const mcp = outer()
    const read: string[] = []
    mcp.use('resources/read', (call, next) => {
      read.push(call.params.uri)
      return next()
    })
    const client = await open(mcp)
    await client.callTool('shop_read_resource', { uri: 'orders://shop/7' })
    expect(read).toEqual(['orders://shop/7'])
  })
})

describeEras('prompts as tools', (open) => {
  it('are listed and filled in', async () => {
    const client = await open(outer())
    expect((await client.callTool('shop_list_prompts')).data).toMatchObject([
      { name: 'shop_review', arguments: [{ name: 'code', required: true }] },
    ])
    const { data } = await client.callTool('shop_get_prompt', { name: 'shop_review', arguments: { code: 'x = 1' } })
    expect(data).toBe('user: Review x = 1')
    const text = await client.callTool('shop_get_prompt', { name: 'shop_review', arguments: '{"code":"x = 2"}' })
    expect(text.data).toBe('user: Review x = 2')
  })

  it('name no tool that the caller knows by another name', async () => {
    const client = await open(outer())
    const said = JSON.stringify((await client.tools()).map(({ description }) => description))
    expect(said).not.toMatch(/list_|read_|get_/)
    await expect(client.callTool('shop_get_prompt', {})).rejects.toThrow(/ shop_list_prompts shows/)
  })

  it('show nothing that is hidden further out, and say what is wrong', async () => {
    const mcp = outer()
    mcp.disable('prompt', 'shop_review')
    const client = await open(mcp)
    expect((await client.callTool('shop_list_prompts')).data).toEqual([])
    await expect(client.callTool('shop_get_prompt', { name: 'shop_review' })).rejects.toThrow(/Unknown prompt/)
    await expect(client.callTool('shop_get_prompt', { name: 'x', arguments: { a: 1 } })).rejects.toThrow(/texts/)
  })
})
