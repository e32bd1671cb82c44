import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
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
