import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { FastMCP } from '../fastmcp.ts'
import { describe as describing, tag } from './describe.ts'
import { hide, only } from './hide.ts'
import { pipe } from './pipe.ts'

function shop(): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1' })
  for (const name of ['list', 'create_order', 'delete_order', 'delete_all']) {
    mcp.tool(name, { description: 'x', tags: name.startsWith('delete') ? ['danger'] : [] }, () => name)
  }
  mcp.resource('config://app', { tags: ['danger'] }, () => 'secret')
  mcp.resource('config://{name}', { tags: ['danger'] }, ({ name }) => `narrow ${name}`)
  mcp.resource('config://{path*}', {}, ({ path }) => `wide ${path}`)
  mcp.prompt('danger', { description: 'x', tags: ['danger'] }, () => 'danger')
  return mcp
}

const outer = () => new FastMCP({ name: 'outer', version: '1' })

describeEras('what is hidden', (open) => {
  it('cannot be reached by any path', async () => {
    const mcp = outer()
    mcp.mount(pipe(shop(), hide({ tags: ['danger'] })))
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['list', 'create_order'])
    expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual(['config://{path*}'])
    await expect(client.callTool('delete_all')).rejects.toThrow(/Unknown tool/)
    await expect(client.readResource('config://app')).rejects.toThrow(/not found/i)
    await expect(client.getPrompt('danger')).rejects.toThrow(/Unknown prompt|has no prompts/)
    await expect(
      client.complete({ type: 'ref/resource', uri: 'config://{name}' }, { name: 'name', value: '' }),
    ).rejects.toThrow(/Unknown resource template/)
    expect((await client.readResource('config://a/b')).text).toBe('wide a/b')
    // The child would answer this by its first template, which is hidden here.
    await expect(client.readResource('config://other')).rejects.toThrow(/not found/i)
  })

  it('may be all but what is said', async () => {
    const mcp = outer()
    mcp.mount(pipe(shop(), only({ names: ['*_order'], kinds: ['tool'] })))
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['create_order', 'delete_order'])
    await expect(client.readResource('config://app')).rejects.toThrow()
  })

  it('counts for the whole server, what comes later too', async () => {
    const mcp = outer()
    mcp.transform(hide({ tags: ['danger'] }))
    mcp.mount('shop', shop())
    mcp.tool('later', { description: 'x', tags: ['danger'] }, () => 1)
    mcp.tool('fine', { description: 'x' }, () => 1)
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['fine', 'shop_list', 'shop_create_order'])
    await expect(client.callTool('later')).rejects.toThrow(/Unknown tool/)
  })
})

describeEras('described anew', (open) => {
  it('a component works as before', async () => {
    const mcp = outer()
    const anew = describing({ list: { title: 'List', description: 'Lists orders', meta: { 'example.com/team': 'a' } } })
    mcp.mount(pipe(shop(), anew, tag(['write'], { names: ['*_order'] }), hide({ tags: ['write'] })))
    const client = await open(mcp)
    const [list] = await client.tools()
    expect(list).toMatchObject({
      name: 'list',
      title: 'List',
      description: 'Lists orders',
      _meta: { 'example.com/team': 'a' },
    })
    expect((await client.tools()).map(({ name }) => name)).toEqual(['list', 'delete_all'])
    expect((await client.callTool('list')).data).toBe('list')
  })
})

describe('a selection', () => {
  it.each([[{}], [{ name: ['x'] }], [{ names: undefined }]])('must say something known: %o', (selection) => {
    expect(() => hide(selection as never)).toThrow(/hide: /)
  })
})
