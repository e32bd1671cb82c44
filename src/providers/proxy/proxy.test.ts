import type { Client } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../../fastmcp.ts'
import { visibility } from '../../transforms/visibility.ts'
import { type PinOptions, proxy } from './index.ts'

const PATIENT = { timeout: 10_000 }

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
      ctx.notify('notifications/message', { level: 'warning', logger: 'acme', data: { deep: true } })
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

/** A server that shows a session more once it has asked for it. */
function club(): FastMCP {
  const visible = visibility({ disabled: { tags: ['member'] }, perSession: true })
  const mcp = new FastMCP({ name: 'club', version: '1' })
  mcp.transform(visible)
  mcp.tool('dance', { description: 'x', tags: ['member'] }, () => 'dancing')
  mcp.tool('join', { description: 'x' }, (_, ctx) => {
    visible.enable({ tags: ['member'] }, { session: ctx.sessionId })
    return 'welcome'
  })
  return mcp
}

describe('a server that shows sessions different things', () => {
  it('shows them to the sessions of callers', async () => {
    const server = club()
    const { url, close } = await server.listen({ port: 0 })
    onTestFinished(close)
    for (const target of [server, url]) {
      const front = new FastMCP({ name: 'proxy', version: '1' })
      front.mount(proxy(target, { era: 'stateful' }))
      await using ann = await createTestClient(front, { era: 'stateful' })
      await using bob = await createTestClient(front, { era: 'stateful' })
      const seenBy = async (client: Client) => (await client.tools()).map(({ name }) => name)
      expect([await seenBy(bob), await seenBy(ann)]).toEqual([['join'], ['join']])
      const heard: unknown[] = []
      await ann.listen({ tools: true }, (change) => heard.push(change))
      await ann.callTool('join')
      await expect.poll(() => heard.length, PATIENT).toBeGreaterThan(0)
      expect([await seenBy(bob), await seenBy(ann)]).toEqual([['join'], ['dance', 'join']])
      expect((await ann.callTool('dance')).data).toBe('dancing')
      await expect(bob.callTool('dance')).rejects.toThrow(/Unknown tool/)
      await front.close()
    }
  })
})

it('notices what is another since the connection has ended, for every caller', async () => {
  const first = await upstream().listen({ port: 0 })
  const front = new FastMCP({ name: 'proxy', version: '1' })
  front.mount(proxy(first.url, { era: 'stateful', onError: () => undefined }))
  onTestFinished(() => front.close())
  await using ann = await createTestClient(front, { era: 'stateful' })
  await using bob = await createTestClient(front, { era: 'stateful' })
  for (const client of [ann, bob]) expect(await client.tools()).toHaveLength(3)
  await first.close()
  const second = upstream().tool('more', { description: 'x' }, () => 'more')
  onTestFinished((await second.listen({ port: Number(new URL(first.url).port) })).close)
  for (const client of [ann, bob])
    await expect.poll(async () => (await client.tools({ fresh: true })).length, PATIENT).toBe(4)
})

it('is met once by all callers without a name, where the server behind remembers nothing', async () => {
  const { url, close } = await upstream().listen({ port: 0 })
  onTestFinished(close)
  let meetings = 0
  const counting: typeof fetch = (input, init) => {
    if (String(init?.body).includes('server/discover')) meetings++
    return fetch(input, init)
  }
  const front = new FastMCP({ name: 'proxy', version: '1' })
  front.mount(proxy(url, { fetch: counting }))
  onTestFinished(() => front.close())
  const clients = await Promise.all([1, 2, 3].map(() => createTestClient(front, { era: 'stateful' })))
  for (const client of clients) expect((await client.callTool('add', { a: 1, b: 2 })).data).toEqual({ sum: 3 })
  expect(meetings).toBe(1)
  for (const client of clients) await client.close()
})

it('reports nothing when it is closed', async () => {
  const { url, close } = await upstream().listen({ port: 0 })
  onTestFinished(close)
  const reported: Error[] = []
  const front = new FastMCP({ name: 'proxy', version: '1' })
  front.mount(proxy(url, { onError: (problem) => reported.push(problem) }))
  await using client = await createTestClient(front)
  expect((await client.callTool('add', { a: 1, b: 2 })).data).toEqual({ sum: 3 })
  await front.close()
  expect(reported).toEqual([])
})

describe('what is no place of a server', () => {
  const nowhere = (target: unknown) => () => proxy(target as string)
  const server = (settings: unknown) => nowhere({ mcpServers: { a: settings } })
  const url = 'http://localhost/mcp'

  it.each<[string, () => unknown, RegExp]>([
    ['nothing', nowhere(''), /command is empty/],
    ['a number', nowhere(5), /give an http/],
    ['an object of nothing known', nowhere({ uri: url }), /give an http/],
    ['an address of something else', nowhere('ftp://localhost/mcp'), /no http/],
    ['a text in place of an address', nowhere({ url: 'localhost' }), /"localhost" is no http/],
    ['an address and a command', nowhere({ url, command: 'node' }), /not both/],
    ['a text for a list', nowhere({ command: 'node', args: 'server.js' }), /args is a list/],
    ['headers that are no texts', nowhere({ url, headers: { 'x-team': 1 } }), /headers.*texts/],
    ['a list of servers', nowhere({ mcpServers: [] }), /mcpServers.*object/],
    ['nothing in a config', server(null), /server "a".*object/],
    ['a server without a place', server({ tools: {} }), /server "a".*give/],
    ['a key that is nearly known', server({ url, excludeTag: ['admin'] }), /"excludeTag".*"excludeTags"/],
    ['a key of another host', server({ httpUrl: url }), /"httpUrl".*"url"/],
    ['variables in another word', server({ command: 'node', environment: {} }), /"environment".*"env"/],
    ['a word for yes', server({ url, disabled: 'true' }), /server "a": disabled is true or false/],
    ['a switch that is none of ours', server({ url, enabled: false }), /"enabled".*"disabled"/],
    ['a header that is none', server({ url, headers: { 'x team': 'a' } }), /"x team" is no header/],
    ['a value that no header can have', nowhere({ url, headers: { 'x-team': 'a\nb' } }), /"x-team".*cannot be sent/],
    ['pins without hashes', () => proxy(url, { pins: {} as PinOptions }), /hashes/],
  ])('is refused at once: %s', (_what, make, words) => expect(make).toThrow(words))

  it('is not what hosts add to a config', () => {
    expect(server({ url, type: 'http', autoApprove: [], timeout: 60 })).not.toThrow()
    expect(server({ command: 'node', transport: 'stdio', envFile: '.env', alwaysAllow: ['x'] })).not.toThrow()
  })
})

it('leaves out what a config has disabled', async () => {
  const { url, close } = await upstream().listen({ port: 0 })
  onTestFinished(close)
  const front = new FastMCP({ name: 'proxy', version: '1' })
  front.mount(proxy({ mcpServers: { on: { url }, off: { url, disabled: true } } }))
  onTestFinished(() => front.close())
  await using client = await createTestClient(front)
  expect((await client.tools()).map(({ name }) => name)).toEqual(['on_add', 'on_fail', 'on_steps'])
})

it('refuses options that cannot be', () => {
  expect(() => proxy(upstream(), { timeout: 0 })).toThrow(/timeout/)
  expect(() => proxy(upstream(), { idle: Number.NaN })).toThrow(/idle/)
  expect(() => proxy({ mcpServers: {} })).toThrow(/at least one/)
  expect(() => proxy({ mcpServers: { 'a b': { url: 'http://localhost/mcp' } } })).toThrow(/namespace/)
  expect(() => proxy({ mcpServers: { a: { url: 'http://localhost/mcp' } } }, { pins: { hashes: {} } })).toThrow(/pins/)
})
