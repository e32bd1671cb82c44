import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../../fastmcp.ts'
import { proxy } from './index.ts'

function upstream(): FastMCP {
  const mcp = new FastMCP({ name: 'upstream', version: '1' })
  mcp.tool(
    'add',
    { description: 'Adds', input: z.object({ a: z.number(), b: z.number() }), output: z.object({ sum: z.number() }) },
    ({ a, b }) => ({
      sum: a + b,
    }),
  )
  mcp.tool('fail', { description: 'x' }, () => {
    throw new Error('secret')
  })
  mcp.tool('steps', { description: 'x' }, async (_args, ctx) => {
    ctx.progress(1, 2, 'half')
    ctx.log.info('on the way')
    ctx.progress(2, 2, 'done')
    return 'walked'
  })
  mcp.resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
  mcp.resource('users://{id}', { complete: { id: ['ada', 'bob'] } }, ({ id }) => (id === 'x' ? undefined : id))
  mcp.prompt('greet', { description: 'x', input: z.object({ name: z.string() }) }, ({ name }) => `Hello ${name}`)
  return mcp
}

/** A tool with an effect before its questions, and how often that happened. */
function booking() {
  const mcp = new FastMCP({ name: 'booking', version: '1' })
  const effects: string[] = []
  mcp.tool('book', { description: 'x' }, async (_args, ctx) => {
    await ctx.once('reserve', () => effects.push('reserved'))
    const room = await ctx.elicit('Which room?', z.object({ room: z.string() }))
    if (room.action !== 'accept') return `no room: ${room.action}`
    const night = await ctx.elicit(`Which night in ${room.content.room}?`, z.object({ night: z.string() }))
    return night.action === 'accept' ? `${room.content.room} on ${night.content.night}` : 'no night'
  })
  mcp.tool(
    'write',
    { description: 'x' },
    async (_args, ctx) => (await ctx.sample({ messages: 'Hi', maxTokens: 10 })).text,
  )
  mcp.tool('where', { description: 'x' }, async (_args, ctx) => (await ctx.roots()).map(({ uri }) => uri))
  return { mcp, effects }
}

function through(server: FastMCP, era: 'stateless' | 'stateful' | 'auto' = 'auto'): FastMCP {
  const mcp = new FastMCP({ name: 'proxy', version: '1' })
  mcp.mount(proxy(server, { era }))
  return mcp
}

for (const era of ['stateless', 'stateful'] as const) {
  describeEras(`a proxy of a ${era} server`, (open) => {
    it('has everything that the server has', async () => {
      const client = await open(through(upstream(), era))
      await using direct = await createTestClient(upstream(), { era })
      expect(await client.resources()).toEqual(await direct.resources())
      expect(await client.templates()).toEqual(await direct.templates())
      expect(await client.prompts()).toEqual(await direct.prompts())
      expect((await client.tools()).map(({ name }) => name)).toEqual(['add', 'fail', 'steps'])
      expect((await client.callTool('add', { a: 1, b: 2 })).data).toEqual({ sum: 3 })
      expect((await client.readResource('config://app')).json()).toEqual({ theme: 'dark' })
      expect((await client.readResource('users://ada')).text).toBe('ada')
      expect(await client.getPrompt('greet', { name: 'Ada' })).toMatchObject({
        messages: [{ content: { text: 'Hello Ada' } }],
      })
      expect(
        (await client.complete({ type: 'ref/resource', uri: 'users://{id}' }, { name: 'id', value: 'a' })).values,
      ).toEqual(['ada'])
    })

    it('says what is wrong as the server does, and nothing secret', async () => {
      const client = await open(through(upstream(), era))
      await expect(client.callTool('add', { a: 'x', b: 1 })).rejects.toThrow(/a/)
      await expect(client.callTool('nope')).rejects.toThrow(/Unknown tool/)
      await expect(client.readResource('users://x')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
      await expect(client.callTool('fail')).rejects.toThrow(/^(?!.*secret).*Internal error/)
    })

    it('hands on progress and logs', async () => {
      const client = await open(through(upstream(), era))
      const progress: unknown[] = []
      const logs: unknown[] = []
      const { data } = await client.callTool(
        'steps',
        {},
        {
          onProgress: (each) => progress.push(each),
          onLog: ({ data: each }) => logs.push(each),
        },
      )
      expect(data).toBe('walked')
      expect(progress.at(-1)).toMatchObject({ progress: 2, total: 2, message: 'done' })
      expect(logs).toContain('on the way')
    })

    it('hands on questions: the effect before them happens once', async () => {
      const { mcp, effects } = booking()
      const client = await open(through(mcp, era), {
        onElicit: (message) => ({
          action: 'accept',
          content: message.startsWith('Which room') ? { room: 'blue' } : { night: 'Friday' },
        }),
        onSample: () => 'a letter',
        onRoots: () => ['file:///work'],
      })
      expect((await client.callTool('book')).data).toBe('blue on Friday')
      expect(effects).toEqual(['reserved'])
      expect((await client.callTool('write')).data).toBe('a letter')
      expect((await client.callTool('where')).data).toEqual(['file:///work'])
    })

    it('hands on a refusal', async () => {
      const client = await open(through(booking().mcp, era), { onElicit: () => ({ action: 'decline' }) })
      expect((await client.callTool('book')).data).toBe('no room: decline')
    })

    it('tells of changes', async () => {
      const server = upstream()
      const client = await open(through(server, era))
      expect(await client.tools()).toHaveLength(3)
      const heard: unknown[] = []
      await client.listen({ tools: true }, (change) => heard.push(change))
      server.tool('more', { description: 'x' }, () => 'more')
      await expect.poll(() => heard.length).toBeGreaterThan(0)
      expect((await client.callTool('more')).data).toBe('more')
    })
  })
}

it('has the capabilities of the server behind, and hands on what only the two of them know', async () => {
  for (const era of ['stateless', 'stateful'] as const) {
    const server = new FastMCP({ name: 'upstream', version: '1' })
    server.tool('tell', { description: 'x' }, (_, ctx) => {
      ctx.notify('notifications/acme', { x: 1 })
      ctx.server.relayLog({ level: 'warning', logger: 'acme', data: { deep: true } })
      return 'told'
    })
    for (const caller of ['stateless', 'stateful'] as const) {
      await using direct = await createTestClient(server, { era: caller })
      await using client = await createTestClient(through(server, era), { era: caller, logLevel: 'debug' })
      expect(client.capabilities).toEqual(direct.capabilities)
      const heard: unknown[] = []
      client.official.fallbackNotificationHandler = async ({ method, params }) => void heard.push([method, params?.x])
      await client.callTool('tell', {}, { onLog: (entry) => heard.push(entry) })
      expect(heard).toContainEqual(['notifications/acme', 1])
      expect(heard).toContainEqual({ level: 'warning', logger: 'acme', data: { deep: true } })
    }
  }
})

it('serves the version that is asked for', async () => {
  const server = new FastMCP({ name: 'upstream', version: '1' })
  for (const version of ['1.0.0', '2.0.0']) server.tool('which', { description: 'x', version }, () => version)
  for (const era of ['stateless', 'stateful'] as const) {
    await using client = await createTestClient(through(server, era))
    const ask = async (version?: string): Promise<unknown> =>
      (await client.callTool('which', {}, version === undefined ? {} : { meta: { 'fastmcp/version': version } })).data
    expect([await ask(), await ask('1.0.0'), await ask('2')]).toEqual(['2.0.0', '1.0.0', '2.0.0'])
    await expect(ask('3')).rejects.toThrow(/Unknown tool/)
  }
})

it('repeats arguments in headers where a tool wants it, also when it begins to want it', async () => {
  const server = new FastMCP({ name: 'upstream', version: '1' })
  const region = z.string().meta({ 'x-mcp-header': 'Region' })
  server.tool('look', { description: 'x', input: z.object({ region }) }, (args) => args.region)
  const { url, close } = await server.listen({ port: 0 })
  onTestFinished(close)
  const front = new FastMCP({ name: 'proxy', version: '1' })
  front.mount('up', proxy(url, { era: 'stateless' }))
  onTestFinished(() => front.close())
  await using client = await createTestClient(front)
  expect((await client.callTool('up_look', { region: 'Zürich' })).data).toBe('Zürich')
})

it('asks for a list once, however many want it, and not again while it is fresh', async () => {
  let lists = 0
  const server = upstream()
  server.use('tools/list', (_, next) => {
    lists++
    return next()
  })
  const front = through(server)
  await using client = await createTestClient(front)
  await Promise.all([client.callTool('add', { a: 1, b: 1 }), client.callTool('add', { a: 1, b: 2 }), client.tools()])
  for (let i = 0; i < 10; i++) await client.callTool('add', { a: i, b: 1 })
  expect(lists).toBe(1)
})

it('can be used again after its server was closed', async () => {
  const front = through(upstream())
  for (let i = 0; i < 2; i++) {
    await using client = await createTestClient(front)
    expect((await client.callTool('add', { a: 1, b: 2 })).data).toEqual({ sum: 3 })
    await client.close()
    await front.close()
  }
})

it('refuses options that cannot be', () => {
  expect(() => proxy(upstream(), { timeout: 0 })).toThrow(/timeout/)
  expect(() => proxy(upstream(), { idle: Number.NaN })).toThrow(/idle/)
  expect(() => proxy({ mcpServers: {} })).toThrow(/at least one/)
  expect(() => proxy({ mcpServers: { 'a b': { url: 'http://localhost/mcp' } } })).toThrow(/namespace/)
  expect(() => proxy({ mcpServers: { a: { url: 'http://localhost/mcp' } } }, { pins: { hashes: {} } })).toThrow(/pins/)
})
