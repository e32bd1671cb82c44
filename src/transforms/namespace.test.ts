import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { link } from '../components/content.ts'
import { FastMCP } from '../fastmcp.ts'
import { namespace } from './namespace.ts'
import { pipe } from './pipe.ts'
import { rename } from './rename.ts'

function shop(): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1' })
  mcp.tool('order', { description: 'x', input: z.object({ id: z.string() }) }, ({ id }) => [
    link(`orders://${id}`, { name: 'order' }),
    link('https://example.com/help', { name: 'help' }),
  ])
  mcp.tool('read_config', { description: 'x' }, async (_args, ctx) => {
    const { contents } = await ctx.readResource('config://app')
    return contents.map((part) => [part.uri, 'text' in part ? part.text : ''])
  })
  mcp.resource('config://app', {}, () => 'shop config')
  mcp.resource('orders://{id}', { complete: { id: ['7', '8'] } }, ({ id }) => (id === '0' ? undefined : `order ${id}`))
  mcp.prompt('thanks', { description: 'x' }, () => 'Thank you')
  return mcp
}

const outer = () => new FastMCP({ name: 'outer', version: '1' })

describeEras('a server under a namespace', (open) => {
  it('has every name and URI under it, and none without', async () => {
    const mcp = outer()
    mcp.mount('shop', shop())
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['shop_order', 'shop_read_config'])
    expect((await client.resources()).map(({ uri }) => uri)).toEqual(['config://shop/app'])
    expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual(['orders://shop/{id}'])
    expect((await client.prompts()).map(({ name }) => name)).toEqual(['shop_thanks'])
    await expect(client.callTool('order', { id: '1' })).rejects.toThrow(/Unknown tool/)
    await expect(client.readResource('config://app')).rejects.toThrow(/not found/)
    await expect(client.readResource('orders://7')).rejects.toThrow(/not found/)
    await expect(client.getPrompt('thanks')).rejects.toThrow(/Unknown prompt/)
  })

  it('answers under its URIs, and links in results lead to them', async () => {
    const mcp = outer()
    mcp.mount('shop', shop())
    const client = await open(mcp)
    const read = await client.readResource('orders://shop/7')
    expect(read.contents).toMatchObject([{ uri: 'orders://shop/7', text: 'order 7' }])
    await expect(client.readResource('orders://shop/0')).rejects.toThrow(/not found/i)
    const { content } = await client.callTool('shop_order', { id: '7' })
    expect(content).toMatchObject([{ uri: 'orders://shop/7' }, { uri: 'https://example.com/help' }])
    expect(
      await client.complete({ type: 'ref/resource', uri: 'orders://shop/{id}' }, { name: 'id', value: '' }),
    ).toMatchObject({
      values: ['7', '8'],
    })
  })

  it('lets its handlers read their own resources, wherever it is mounted', async () => {
    const [mcp, middle] = [outer(), new FastMCP({ name: 'middle', version: '1' })]
    middle.mount('shop', shop())
    mcp.mount('mall', middle, { separator: '.' })
    const client = await open(mcp)
    expect((await client.callTool('mall.shop_read_config')).data).toEqual([['config://mall/shop/app', 'shop config']])
    mcp.disable('resource', 'config://mall/shop/app')
    await expect(client.callTool('mall.shop_read_config')).rejects.toThrow(/not found|Internal/)
  })

  it('tells of its changes under the new names, at once', async () => {
    const [mcp, child] = [outer(), shop()]
    mcp.mount('shop', child)
    const client = await open(mcp)
    expect(await client.tools()).toHaveLength(2)
    const heard: unknown[] = []
    await client.listen({ tools: true, resources: ['config://shop/app'] }, (change) => heard.push(change))
    child.changed('resource', 'config://app')
    child.tool('more', { description: 'x' }, () => 'more')
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(heard)).toContain('config://shop/app')
    expect((await client.callTool('shop_more')).data).toBe('more')
  })

  it('can be mounted several times, and taken out again', async () => {
    const [mcp, child] = [outer(), shop()]
    const stop = mcp.mount('one', child)
    mcp.mount('two', child)
    const client = await open(mcp)
    expect((await client.readResource('config://one/app')).text).toBe('shop config')
    expect((await client.readResource('config://two/app')).text).toBe('shop config')
    stop()
    await expect(client.readResource('config://one/app')).rejects.toThrow(/not found/)
    expect((await client.readResource('config://two/app')).text).toBe('shop config')
  })

  it('keeps prefixes apart that look alike', async () => {
    const [mcp, one, two] = [outer(), outer(), outer()]
    one.tool('c', { description: 'x' }, () => 'a_b + c')
    two.tool('b_d', { description: 'x' }, () => 'a + b_d')
    mcp.mount('a_b', one)
    mcp.mount('a', two)
    const client = await open(mcp)
    expect((await client.callTool('a_b_c')).data).toBe('a_b + c')
    expect((await client.callTool('a_b_d')).data).toBe('a + b_d')
  })
})

describeEras('renamed components', (open) => {
  it('answer under the new names alone', async () => {
    const mcp = outer()
    mcp.mount(pipe(shop(), rename({ order: 'buy', 'config://app': 'config://shop', thanks: 'thank_you' })))
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['buy', 'read_config'])
    expect((await client.readResource('config://shop')).contents[0]).toMatchObject({ uri: 'config://shop' })
    expect((await client.callTool('read_config')).data).toEqual([['config://shop', 'shop config']])
    for (const attempt of [
      () => client.callTool('order', { id: '1' }),
      () => client.readResource('config://app'),
      () => client.getPrompt('thanks'),
    ]) {
      await expect(attempt()).rejects.toThrow(/Unknown|not found/)
    }
  })
})

describe('mount', () => {
  it('refuses what collides, and names both sides', () => {
    const [mcp, one, two] = [outer(), outer(), outer()]
    one.tool('b_c', { description: 'x' }, () => 1)
    two.tool('c', { description: 'x' }, () => 2)
    mcp.mount('a', one)
    expect(() => mcp.mount('a_b', two)).toThrow(/tool "a_b_c": both mount "a" and mount "a_b" have one/)
    expect(() => mcp.tool('a_b_c', { description: 'x' }, () => 3)).toThrow(/both mount "a" and the server itself/)
    mcp.tool('own', { description: 'x' }, () => 3)
    one.tool('own', { description: 'x' }, () => 3)
    expect(() => mcp.mount(one)).toThrow(/both the server itself and mount 2/)
  })

  it('reports what collides later, once, and the first goes on answering', async () => {
    const told: string[] = []
    const mcp = new FastMCP({ name: 's', version: '1', onError: ({ message }) => told.push(message) })
    const [one, two] = [outer(), outer()]
    mcp.mount(one)
    mcp.mount(two)
    one.tool('same', { description: 'x' }, () => 1)
    two.tool('same', { description: 'x' }, () => 2)
    const list = () => mcp.provider.list('tool', { auth: undefined, sessionId: undefined })
    expect(list()).toHaveLength(1)
    list()
    expect(told).toEqual([expect.stringContaining('both mount 1 and mount 2')])
  })

  it('refuses circles, near and far', () => {
    const [a, b, c] = [outer(), outer(), outer()]
    expect(() => a.mount('self', a)).toThrow(/itself/)
    a.mount('b', b)
    b.mount('c', pipe(c, namespace('deep')))
    expect(() => c.mount('a', a)).toThrow(/itself/)
    expect(() => c.mount(pipe(a, rename({})))).toThrow(/itself/)
  })

  it.each(['', 'a b', 'ä', 'x'.repeat(65)])('refuses the namespace "%s"', (name) => {
    expect(() => outer().mount(name, outer())).toThrow(/namespace/)
  })

  it('refuses what is no source', () => {
    expect(() => outer().mount('a', undefined as never)).toThrow(/give a server or a provider/)
  })
})
