import { FastMCP } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const icons = [{ src: 'https://example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'], theme: 'dark' as const }]
const meta = { 'example.com/team': 'blue' }
const shown = { title: 'A title', description: 'What it is', icons }

function server(): FastMCP {
  const mcp = new FastMCP({
    name: 'described',
    version: '1.2.3',
    title: 'Described',
    description: 'A server with everything said',
    websiteUrl: 'https://example.com/',
    icons,
    instructions: 'Call one, then two',
  })
  const own = { ...shown, meta, tags: ['internal'] }
  const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
  mcp.tool('one', { ...own, annotations, input: z.object({ a: z.number().describe('A number').default(1) }) }, () => 1)
  mcp.tool('two', { description: 'Bare' }, () => 2)
  const hints = { audience: ['user'] as const, priority: 0.5, lastModified: '2024-01-01T00:00:00Z' }
  mcp.resource(
    'config://app',
    { ...own, name: 'app', mimeType: 'text/plain', annotations: hints, size: 3 },
    () => 'abc',
  )
  mcp.resource('users://{id}', { ...own, name: 'user', mimeType: 'text/plain', annotations: hints }, ({ id }) => id)
  mcp.prompt('ask', { ...own, input: z.object({ what: z.string().describe('About what') }) }, ({ what }) => what)
  return mcp
}

describeEras('what a server says of itself', (open, { era }) => {
  it('arrives whole', async () => {
    const client = await open(server)
    expect(client.serverInfo).toEqual({
      name: 'described',
      version: '1.2.3',
      title: 'Described',
      description: 'A server with everything said',
      websiteUrl: 'https://example.com/',
      icons,
    })
    expect(client.instructions).toBe('Call one, then two')
    expect(client.era).toBe(era)
    expect(client.capabilities).toMatchObject({ tools: {}, resources: {}, prompts: {} })
  })

  it('and of its tools', async () => {
    const [one, two] = await (await open(server)).tools()
    expect(one).toMatchObject({
      name: 'one',
      ...shown,
      _meta: meta,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      inputSchema: { type: 'object', properties: { a: { type: 'number', description: 'A number', default: 1 } } },
    })
    expect(one?.inputSchema.required ?? []).toEqual([])
    expect(two).toMatchObject({ name: 'two', description: 'Bare', inputSchema: { type: 'object' } })
    expect(JSON.stringify([one, two])).not.toContain('internal')
  })

  it('and of its resources, templates and prompts', async () => {
    const client = await open(server)
    const annotations = { audience: ['user'], priority: 0.5, lastModified: '2024-01-01T00:00:00Z' }
    const common = { ...shown, _meta: meta }
    expect(await client.resources()).toMatchObject([
      { ...common, uri: 'config://app', name: 'app', mimeType: 'text/plain', annotations, size: 3 },
    ])
    expect(await client.templates()).toMatchObject([
      { ...common, uriTemplate: 'users://{id}', name: 'user', mimeType: 'text/plain', annotations },
    ])
    expect(await client.prompts()).toMatchObject([
      { ...common, name: 'ask', arguments: [{ name: 'what', description: 'About what', required: true }] },
    ])
  })
})

describeEras('long lists', (open) => {
  it('arrive whole and in order, page by page', async () => {
    const mcp = new FastMCP({ name: 'long', version: '1.0.0', pageSize: 7 })
    const names = Array.from({ length: 52 }, (_, n) => `tool_${n}`)
    for (const name of names) mcp.tool(name, { description: name }, () => name)
    const client = await open(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(names)
    expect((await client.tools()).map(({ name }) => name)).toEqual(names)
  })
})
