import { FastMCP, McpError } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'

const BYTES = Uint8Array.from({ length: 256 }, (_, n) => n)

function library(): FastMCP {
  const mcp = new FastMCP({ name: 'library', version: '1.0.0', onError: () => undefined })
  mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
  mcp.resource('note://readme', {}, () => '# Grüße')
  mcp.resource('logo://app', { mimeType: 'image/png' }, () => BYTES)
  mcp.resource('broken://one', {}, () => {
    throw new Error('password=hunter2')
  })
  mcp.resource('users://{id}', { description: 'A user' }, ({ id }) => {
    if (id === 'nobody') throw new McpError('RESOURCE_NOT_FOUND', 'No such user', { data: { uri: `users://${id}` } })
    return { id }
  })
  mcp.resource('org://{org}/team/{team}/members', {}, ({ org, team }) => `${org}/${team}`)
  mcp.resource('files://{path*}{?lang}', {}, ({ path, lang }) => ({ path, lang }))
  return mcp
}

describeEras('a resource', (open) => {
  it('is read as JSON, text or bytes', async () => {
    const client = await open(library)
    const config = await client.readResource('config://app')
    expect([config.mimeType, config.json()]).toEqual(['application/json', { theme: 'dark' }])
    expect((await client.readResource('note://readme')).text).toBe('# Grüße')
    const logo = await client.readResource('logo://app')
    expect(logo.mimeType).toBe('image/png')
    expect(logo.bytes).toEqual(BYTES)
    expect(logo.contents[0]?.uri).toBe('logo://app')
  })

  it('is found by a template, with its parameters', async () => {
    const client = await open(library)
    expect((await client.readResource('users://42')).json()).toEqual({ id: '42' })
    expect((await client.readResource('users://a%20b')).json()).toEqual({ id: 'a b' })
    expect((await client.readResource('org://acme/team/red/members')).text).toBe('acme/red')
    expect((await client.readResource('files://a/b/c?lang=en')).json()).toEqual({ path: 'a/b/c', lang: 'en' })
  })

  it.each(['nope://x', 'config://other', '__proto__', 'users://', 'org://acme/team/red'])(
    'is unknown at %j',
    async (uri) => {
      const client = await open(library)
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    },
  )

  it('may say itself that it does not exist', async () => {
    const client = await open(library)
    await expect(client.readResource('users://nobody')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })

  it('keeps to itself what went wrong inside', async () => {
    const client = await open(library)
    const problem = await client.readResource('broken://one').catch((thrown: unknown) => thrown)
    expect(String(problem)).toMatch(/Internal error/)
    expect(JSON.stringify(problem)).not.toContain('hunter2')
  })

  it('is listed apart from templates, in the order of registration', async () => {
    const client = await open(library)
    expect((await client.resources()).map(({ uri }) => uri)).toEqual([
      'config://app',
      'note://readme',
      'logo://app',
      'broken://one',
    ])
    expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual([
      'users://{id}',
      'org://{org}/team/{team}/members',
      'files://{path*}{?lang}',
    ])
  })
})
