import { FastMCP, type FastMCPOptions, hide, namespace, search } from '@fastmcp/ts'
import { proxy } from '@fastmcp/ts/proxy'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'

function server(): FastMCP {
  const mcp = new FastMCP({
    name: 'hints',
    version: '1.0.0',
    cache: {
      ttlMs: 1_000,
      methods: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' }, 'resources/read': { ttlMs: 2_000 } },
    },
  })
  mcp.tool('a', { description: 'A' }, () => 'a')
  mcp.resource('plain://a', {}, () => 'a')
  mcp.resource('logo://a', { cache: { ttlMs: 86_400_000, cacheScope: 'public' } }, () => 'a')
  mcp.resource('live://{id}', { cache: { ttlMs: 0 } }, ({ id }) => id)
  return mcp
}

describeEras('a hint for caches', (open, { era }) => {
  it.each([
    ['of the server', 'prompts/list', {}, 1_000, 'private'],
    ['of an operation', 'tools/list', {}, 60_000, 'public'],
    ['of an operation, for a resource that says nothing', 'resources/read', { uri: 'plain://a' }, 2_000, 'private'],
    ['of a resource', 'resources/read', { uri: 'logo://a' }, 86_400_000, 'public'],
    ['of a template, in part', 'resources/read', { uri: 'live://7' }, 0, 'private'],
  ] as const)('%s is told where results can say so', async (_, method, params, ttlMs, cacheScope) => {
    const mcp = server()
    mcp.prompt('p', {}, () => 'p')
    const result = await (await open(mcp)).request(method, params)
    if (era === 'stateless') expect(result).toMatchObject({ ttlMs, cacheScope })
    else expect(result).not.toHaveProperty('ttlMs')
  })

  it('is not told of what nobody may keep', async () => {
    const result = await (await open(server)).request('tools/call', { name: 'a' })
    expect(result).not.toHaveProperty('ttlMs')
  })
})

describeEras('a mounted server', (open, { era }) => {
  it('keeps the hints of its resources', async () => {
    const outer = new FastMCP({ name: 'outer', version: '1.0.0' })
    outer.mount(server())
    const { ttlMs } = await (await open(outer)).request('resources/read', { uri: 'logo://a' })
    expect(ttlMs).toBe(era === 'stateless' ? 86_400_000 : undefined)
  })
})

const LISTS = { methods: { 'tools/list': { ttlMs: 5_000, cacheScope: 'public' } } } as const

/** A server with one tool, behind a port of its own. */
async function away(cache: FastMCPOptions['cache'] = LISTS): Promise<string> {
  const upstream = new FastMCP({ name: 'away', version: '1.0.0', cache }).tool('b', { description: 'B' }, () => 'b')
  const { url } = await upstream.listen({ port: 0 })
  onTestFinished(() => upstream.close())
  return url
}

describeEras('lists of a server elsewhere', (open, { era }) => {
  const hintOf = async (mcp: FastMCP): Promise<unknown> => {
    const { ttlMs, cacheScope } = await (await open(mcp)).request('tools/list')
    return era === 'stateless' ? { ttlMs, cacheScope } : 'none in this era'
  }
  const outer = (cache: FastMCPOptions['cache'] = {}): FastMCP =>
    new FastMCP({ name: 'outer', version: '1.0.0', cache })
  const expected = (ttlMs: number, cacheScope: string): unknown =>
    era === 'stateless' ? { ttlMs, cacheScope } : 'none in this era'

  it('go out with its hints, through other views too', async () => {
    const mcp = outer()
    mcp.mount('a', proxy(await away(), { era: 'stateless' }))
    mcp.transform(hide({ names: ['nothing'] }), namespace('b'))
    expect(await hintOf(mcp)).toEqual(expected(5_000, 'public'))
  })

  it('are kept no longer than the server in front says', async () => {
    const mcp = outer({ ttlMs: 2_000 })
    mcp.mount(proxy(await away(), { era: 'stateless' }))
    expect(await hintOf(mcp)).toEqual(expected(2_000, 'public'))
  })

  it('are not offered to shared caches where the server in front does not offer them', async () => {
    const mcp = outer({ cacheScope: 'private' })
    mcp.mount(proxy(await away(), { era: 'stateless' }))
    expect(await hintOf(mcp)).toEqual(expected(5_000, 'private'))
  })

  it('go out with the strictest hint of all that is in them', async () => {
    const mcp = outer()
    mcp.mount('a', proxy(await away(), { era: 'stateless' }))
    mcp.mount('b', proxy(await away({ ttlMs: 3_000, cacheScope: 'private' }), { era: 'stateless' }))
    expect(await hintOf(mcp)).toEqual(expected(3_000, 'private'))
    mcp.tool('own', { description: 'Of the server itself' }, () => 'own')
    expect(await hintOf(mcp)).toEqual(expected(0, 'private'))
  })

  it('count as the own ones of the server that stands between', async () => {
    const between = outer({ methods: { 'tools/list': { ttlMs: 1_000 } } })
    between.mount(proxy(await away(), { era: 'stateless' }))
    const mcp = outer()
    mcp.mount(between)
    expect(await hintOf(mcp)).toEqual(expected(1_000, 'public'))
  })

  it('are those of the front where it puts tools of its own before them', async () => {
    const mcp = outer()
    mcp.mount(proxy(await away(), { era: 'stateless' }))
    mcp.transform(search())
    expect(await hintOf(mcp)).toEqual(expected(0, 'private'))
  })
})
