import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'

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
