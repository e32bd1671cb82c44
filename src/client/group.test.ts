import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../index.ts'
import { Client, connect, Group, type GroupChange, type GroupOptions } from './index.ts'

const MISSING = { command: 'no-such-program-anywhere' }

function weather(): FastMCP {
  const mcp = new FastMCP({ name: 'weather', version: '1.0.0' })
  mcp.tool('now', { description: 'Now', input: z.object({ city: z.string() }) }, ({ city }) => `sunny in ${city}`)
  mcp.tool('search', { description: 'Finds' }, () => 'a city')
  mcp.resource('config://app', { mimeType: 'text/plain' }, () => 'weather settings')
  mcp.resource('cities://{name}', { description: 'A city' }, ({ name }) => `city ${name}`)
  mcp.prompt(
    'report',
    { description: 'Report', input: z.object({ city: z.string() }), complete: { city: ['Rome', 'Riga'] } },
    ({ city }) => `Report on ${city}`,
  )
  return mcp
}

function shop(): FastMCP {
  const mcp = new FastMCP({ name: 'shop', version: '1.0.0' })
  mcp.tool('search', { description: 'Finds' }, () => 'a shirt')
  mcp.resource('config://app', { mimeType: 'text/plain' }, () => 'shop settings')
  mcp.resource('shop://terms', { mimeType: 'text/plain' }, () => 'terms')
  return mcp
}

/** Serves on a free port; connections are counted by the requests that open one. */
async function serve(mcp: FastMCP) {
  const server = await mcp.listen({ port: 0 })
  onTestFinished(() => server.close())
  return { url: server.url }
}

async function open(
  options: GroupOptions = {},
  more: Record<string, { readonly command: string }> = {},
): Promise<Group> {
  const group = await connect(
    { mcpServers: { weather: await serve(weather()), shop: await serve(shop()), ...more } },
    options,
  )
  if (!(group instanceof Group)) throw new Error('no group')
  onTestFinished(() => group.close())
  return group
}

describe('what connecting to a config gives', () => {
  it('is a client for one server, and a group for several', async () => {
    const one = await connect({ mcpServers: { weather: await serve(weather()) } })
    onTestFinished(() => one.close())
    expect(one).toBeInstanceOf(Client)
    expect(await open()).toBeInstanceOf(Group)
  })

  it('fails at once for an entry that cannot be, however good the others are', async () => {
    const servers = { good: await serve(weather()), bad: { url: 'gopher://x' } }
    await expect(connect({ mcpServers: servers })).rejects.toMatchObject({ code: 'BAD_TARGET' })
  })
})

describe('a group', () => {
  it('connects to a server when it is needed, and only to that', async () => {
    const group = await open()
    expect(group.servers).toEqual(['weather', 'shop'])
    expect(await group.health()).toEqual({ weather: { status: 'idle' }, shop: { status: 'idle' } })
    expect((await group.callTool('weather_now', { city: 'Rome' })).data).toBe('sunny in Rome')
    expect(await group.health()).toEqual({ weather: { status: 'ready', era: 'stateless' }, shop: { status: 'idle' } })
  })

  it('lists what all of them have, with the server of each', async () => {
    const group = await open()
    const tools = await group.tools()
    expect(tools.map(({ name, server }) => [name, server])).toEqual([
      ['weather_now', 'weather'],
      ['weather_search', 'weather'],
      ['shop_search', 'shop'],
    ])
    expect((await group.prompts()).map(({ name }) => name)).toEqual(['weather_report'])
    expect((await group.resources()).map(({ uri, server }) => `${server} ${uri}`)).toEqual([
      'weather config://app',
      'shop config://app',
      'shop shop://terms',
    ])
    expect((await group.templates()).map(({ uriTemplate, server }) => `${server} ${uriTemplate}`)).toEqual([
      'weather cities://{name}',
    ])
  })

  it('calls, fills in and completes by the names it lists', async () => {
    const group = await open()
    expect((await group.callTool('shop_search')).data).toBe('a shirt')
    const { messages } = await group.getPrompt('weather_report', { city: 'Rome' })
    expect(messages).toMatchObject([{ content: { text: 'Report on Rome' } }])
    const ref = { type: 'ref/prompt', name: 'weather_report' } as const
    expect((await group.complete(ref, { name: 'city', value: 'R' })).values).toEqual(['Rome', 'Riga'])
  })

  it('reads resources where they are', async () => {
    const group = await open()
    expect((await group.readResource('shop://terms')).text).toBe('terms')
    expect((await group.readResource('cities://rome')).text).toBe('city rome')
    expect((await group.readResource('config://app', { server: 'shop' })).text).toBe('shop settings')
    await expect(group.readResource('config://app')).rejects.toMatchObject({
      code: 'NAME_COLLISION',
      message: 'The servers weather and shop both have a resource "config://app": say which with the option server',
    })
    await expect(group.readResource('nowhere://x')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' })
  })

  it('says that a name is of no server without asking any', async () => {
    const group = await open()
    await expect(group.callTool('search')).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: 'No server of the group has a tool "search"',
    })
    expect((await group.health()).weather).toEqual({ status: 'idle' })
    await expect(group.callTool('shop_nope')).rejects.toMatchObject({ name: 'ServerError' })
    await expect(group.server('nope')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' })
  })

  it('speaks to each server in its own era', async () => {
    const old = await oldServer()
    const group = await connect({ mcpServers: { weather: await serve(weather()), old } })
    onTestFinished(() => group.close())
    expect((await group.tools()).map(({ name }) => name)).toEqual(['weather_now', 'weather_search', 'old_add'])
    expect(await group.health()).toEqual({
      weather: { status: 'ready', era: 'stateless' },
      old: { status: 'ready', era: 'stateful' },
    })
  })

  it('tells a handler which of the servers asks', async () => {
    const names: unknown[] = []
    const group = await connect(
      { mcpServers: { weather: await serve(weather()), asker: await askingServer() } },
      {
        onRoots: ({ name }) => {
          names.push(name)
          return []
        },
      },
    )
    onTestFinished(() => group.close())
    expect((await group.callTool('asker_ask')).text).toBe('{"q":{"roots":[]}}')
    expect(names).toEqual(['asker'])
  })
})

describe('names in a group', () => {
  it('are made as told', async () => {
    const group = await open({ naming: (server, name) => (server === 'weather' ? name : `${name}@${server}`) })
    expect((await group.tools()).map(({ name }) => name)).toEqual(['now', 'search', 'search@shop'])
    expect((await group.callTool('search@shop')).data).toBe('a shirt')
    expect((await group.getPrompt('report', { city: 'Rome' })).messages).toHaveLength(1)
  })

  it('are found before anything was listed', async () => {
    const group = await open({ naming: (server, name) => `${server}.${name}` })
    expect((await group.callTool('shop.search')).data).toBe('a shirt')
    await expect(group.callTool('shop.nope')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' })
  })

  it('that two servers share are refused, with both', async () => {
    const group = await open({ naming: (_, name) => name })
    const collision = {
      code: 'NAME_COLLISION',
      message: 'The servers weather and shop both have a tool "search": give them other names with naming',
    }
    await expect(group.tools()).rejects.toMatchObject(collision)
    await expect(group.callTool('search')).rejects.toMatchObject(collision)
    expect((await group.callTool('now', { city: 'Rome' })).data).toBe('sunny in Rome')
  })

  it('that start with the names of two servers are told apart', async () => {
    const a = new FastMCP({ name: 'a', version: '1.0.0' })
    a.tool('b_x', { description: 'x' }, () => 'of a')
    const ab = new FastMCP({ name: 'ab', version: '1.0.0' })
    ab.tool('y', { description: 'y' }, () => 'of a_b')
    const group = await connect({ mcpServers: { a: await serve(a), a_b: await serve(ab) } })
    onTestFinished(() => group.close())
    expect((await group.callTool('a_b_x')).data).toBe('of a')
    expect((await group.callTool('a_b_y')).data).toBe('of a_b')
  })
})

describe('a server that fails', () => {
  it('does not take the others down, and is told of', async () => {
    const problems: string[] = []
    const onServerError = (server: string, { code }: { readonly code: string }): void =>
      void problems.push(`${server} ${code}`)
    const group = await open({ onServerError }, { broken: MISSING })
    expect((await group.tools()).map(({ server }) => server)).toEqual(['weather', 'weather', 'shop'])
    expect(problems).toEqual(['broken CONNECT_FAILED'])
    expect((await group.health()).broken).toMatchObject({ status: 'failed', error: { code: 'CONNECT_FAILED' } })
    await expect(group.callTool('broken_x')).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await expect(group.callTool('nope')).rejects.toThrow('(broken cannot be reached)')
  })

  it('is tried again, but not by every list', async () => {
    let starts = 0
    const url = await refusing(() => starts++)
    const group = await connect({ mcpServers: { weather: await serve(weather()), down: { url } } })
    onTestFinished(() => group.close())
    await group.tools()
    const once = starts
    expect(once).toBeGreaterThan(0)
    await Promise.all([group.tools(), group.prompts(), group.resources()])
    expect(starts).toBe(once)
    await expect(group.server('down')).rejects.toMatchObject({ code: 'HTTP_ERROR' })
    expect(starts).toBe(2 * once)
  })

  it('and comes back is served again', async () => {
    const problems: string[] = []
    const url = await oldServer()
    const group = await connect(
      { mcpServers: { old: url, weather: await serve(weather()) } },
      { onServerError: (server, { code }) => problems.push(`${server} ${code}`) },
    )
    onTestFinished(() => group.close())
    expect((await group.callTool('old_add')).text).toBe('3')
    await (await group.server('old')).close()
    expect(problems).toEqual(['old CONNECTION_CLOSED'])
    expect((await group.callTool('old_add')).text).toBe('3')
    expect((await group.health()).old).toMatchObject({ status: 'ready' })
  })
})

describe('listening to a group', () => {
  it('hears of changes on all servers, with the server of each', async () => {
    const [one, other] = [weather(), shop()]
    const group = await connect({ mcpServers: { weather: await serve(one), shop: await serve(other) } })
    onTestFinished(() => group.close())
    const changes: GroupChange[] = []
    const subscription = await group.listen({ tools: true }, (change) => changes.push(change))
    expect(subscription.honored).toEqual({ weather: { tools: true }, shop: { tools: true } })
    one.tool('more', { description: 'More' }, () => 1)
    await vi.waitFor(() => expect(changes).toEqual([{ kind: 'tools', server: 'weather', assumed: false }]))
    other.tool('more', { description: 'More' }, () => 1)
    await vi.waitFor(() => expect(changes).toHaveLength(2))
    await subscription.close()
    one.tool('evenmore', { description: 'More' }, () => 1)
    await (await group.server('weather')).ping()
    expect(changes).toHaveLength(2)
  })

  it('listens to a resource where it is', async () => {
    const group = await open()
    const subscription = await group.listen({ resources: ['shop://terms'] }, () => undefined)
    expect(subscription.honored).toEqual({ shop: { resources: ['shop://terms'] } })
    await expect(group.listen({ resources: ['nowhere://x'] }, () => undefined)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
    })
  })

  it('listens again to a server that was lost', async () => {
    const group = await open()
    const changes: GroupChange[] = []
    await group.listen({ tools: true }, (change) => changes.push(change), { server: 'weather' })
    await (await group.server('weather')).close()
    await vi.waitFor(() => expect(changes).toEqual([{ kind: 'tools', server: 'weather', assumed: true }]), 2_000)
  })

  it('waits for a server that is down, and listens to the others', async () => {
    const group = await open({}, { broken: MISSING })
    const subscription = await group.listen({ tools: true }, () => undefined)
    expect(Object.keys(subscription.honored)).toEqual(['weather', 'shop'])
    await subscription.close()
  })
})

describe('closing a group', () => {
  it('ends every connection, also those on their way, for good', async () => {
    const url = await silent()
    const group = await connect({ mcpServers: { weather: await serve(weather()), slow: { url } } })
    const client = await group.server('weather')
    const slow = group.server('slow')
    await group.close()
    await group.close()
    await expect(slow).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect(client.tools()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect(group.server('weather')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect(group.tools()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})

async function raw(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
}

const refusing = (count: () => void): Promise<string> =>
  raw((_, response) => {
    count()
    response.writeHead(500).end()
  })

const silent = (): Promise<string> => raw(() => undefined)

/** A server that knows the handshake alone. */
async function oldServer(): Promise<{ readonly url: string }> {
  return { url: await answering(false, () => ({ content: [{ type: 'text', text: '3' }] })) }
}

/** A stateless server whose tool asks for the roots. */
async function askingServer(): Promise<{ readonly url: string }> {
  const question = { resultType: 'input_required', inputRequests: { q: { method: 'roots/list' } } }
  const url = await answering(true, ({ inputResponses }) =>
    inputResponses === undefined ? question : { content: [{ type: 'text', text: JSON.stringify(inputResponses) }] },
  )
  return { url }
}

function answering(modern: boolean, call: (params: { readonly inputResponses?: unknown }) => object): Promise<string> {
  const capabilities = { tools: {} }
  const serverInfo = { name: 'raw', version: '1.0.0' }
  const stamp = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }
  const results: Record<string, (params: never) => object | undefined> = {
    initialize: () => (modern ? undefined : { protocolVersion: '2025-06-18', capabilities, serverInfo }),
    'server/discover': () => (modern ? { supportedVersions: ['2026-07-28'], capabilities } : undefined),
    'tools/list': () => ({ tools: [{ name: 'add', inputSchema: { type: 'object' } }] }),
    'tools/call': call,
  }
  return raw((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      if (body === '') return response.writeHead(405).end()
      const { id, method, params } = JSON.parse(body)
      if (id === undefined) return response.writeHead(202).end()
      const result = results[method]?.(params as never)
      const error = { code: -32601, message: 'unknown' }
      const message = result ? { jsonrpc: '2.0', id, result: { ...stamp, ...result } } : { jsonrpc: '2.0', id, error }
      response.writeHead(result ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(message))
    })
  })
}
