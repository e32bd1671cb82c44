import { type Changes, FastMCP, hide, pipe, search, versions, visibility } from '@fastmcp/ts'
import type { Change, Client } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connect } from '../../src/client/index.ts'

function small(changes?: Changes): FastMCP {
  const mcp = new FastMCP({ name: 'small', version: '1.0.0', ...(changes && { changes }) })
  mcp.tool('ping', { description: 'Answers' }, () => 'pong')
  mcp.prompt('greet', { description: 'Greets' }, () => 'Hello')
  mcp.resource('config://app', {}, () => 'settings')
  mcp.resource('users://{id}', { description: 'A user', complete: { id: ['1', '2'] } }, ({ id }) => `user ${id}`)
  return mcp
}

const ALL = { tools: true, prompts: true, resources: ['config://app'] }

/** Everything that a client hears from now on. */
async function hear(client: Client, to: Parameters<Client['listen']>[0] = ALL): Promise<Change[]> {
  const heard: Change[] = []
  const subscription = await client.listen(to, (change) => heard.push(change))
  onTestFinished(() => subscription[Symbol.asyncDispose]())
  return heard
}
const kinds = (heard: readonly Change[]): string[] => heard.map(({ kind }) => kind)

describeEras('changes', (open) => {
  it('are heard from a timer, while nothing is asked', async () => {
    const mcp = small()
    const heard = await hear(await open(mcp))
    setTimeout(() => mcp.changed('resource', 'config://app'), 5)
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    setTimeout(() => mcp.changed('prompt'), 5)
    await vi.waitFor(() => expect(heard).toHaveLength(2))
    expect(heard).toMatchObject([{ kind: 'resource', uri: 'config://app' }, { kind: 'prompts' }])
  })

  it('made in one turn are told once', async () => {
    const mcp = small()
    const heard = await hear(await open(mcp))
    for (let i = 0; i < 50; i++) mcp.tool(`tool_${i}`, { description: 'x' }, () => i)
    mcp.remove('tool', 'tool_3')
    mcp.disable('tool', 'tool_4')
    mcp.enable('tool', 'tool_4')
    mcp.changed('tool')
    await vi.waitFor(() => expect(kinds(heard)).toContain('tools'))
    mcp.changed('prompt')
    await vi.waitFor(() => expect(kinds(heard)).toEqual(['tools', 'prompts']))
  })

  it('are told of nothing that is turned off', async () => {
    const mcp = small()
    const heard = await hear(await open(mcp))
    mcp.disable('resource', 'config://app')
    mcp.changed('resource', 'config://app')
    mcp.changed('prompt')
    await vi.waitFor(() => expect(kinds(heard)).toEqual(['prompts']))
  })
})

describeEras('a list that is to clients what it was', (open) => {
  it('is not told to have changed, whatever happened below', async () => {
    const [mcp, visible] = [small(), visibility()]
    mcp.transform(visible)
    const child = new FastMCP({ name: 'child', version: '1.0.0' })
    const add = (name: string, version = '2') => child.tool(name, { description: 'x', version }, () => name)
    add('open')
    mcp.mount('hidden', pipe(child, hide({ names: ['secret*'] }), versions({ from: '2' })))
    mcp.mount('found', pipe(child, search()))
    const heard = await hear(await open(mcp), { ...ALL, resourceList: true })
    const toldOf = async (change: () => unknown): Promise<readonly string[]> => {
      change()
      // What is said last comes last.
      await new Promise((resolve) => setImmediate(resolve))
      mcp.changed('prompt')
      await vi.waitFor(() => expect(kinds(heard).at(-1)).toBe('prompts'), { interval: 1 })
      return kinds(heard.splice(0)).slice(0, -1)
    }
    expect(await toldOf(() => add('secret'))).toEqual([])
    expect(await toldOf(() => add('open', '1'))).toEqual([])
    expect(await toldOf(() => mcp.disable('tool', 'no such tool'))).toEqual([])
    expect(await toldOf(() => visible.disable({ tags: ['none'] }))).toEqual([])
    expect(await toldOf(() => mcp.mount('empty', new FastMCP({ name: 'empty', version: '1' })))).toEqual([])
    expect(await toldOf(() => mcp.tool('brief', { description: 'x' }, () => 1).remove('tool', 'brief'))).toEqual([])
    expect(await toldOf(() => add('more'))).toEqual(['tools'])
    expect(await toldOf(() => visible.disable({ kinds: ['tool'] }))).toEqual(['tools'])
    expect(await toldOf(() => add('unseen'))).toEqual([])
    expect(await toldOf(() => mcp.mount('again', pipe(small(), hide({ kinds: ['prompt'] }))))).toEqual(['resourceList'])
  })
})

describeEras('a component that is turned off', (open) => {
  it('is in no list, and cannot be called, got, read or completed', async () => {
    const mcp = small()
    const client = await open(mcp)
    mcp.disable('tool', 'ping')
    mcp.disable('prompt', 'greet')
    mcp.disable('resource', 'config://app')
    mcp.disable('template', 'users://{id}')
    expect(await client.tools()).toEqual([])
    expect(await client.prompts()).toEqual([])
    expect(await client.resources()).toEqual([])
    expect(await client.templates()).toEqual([])
    await expect(client.callTool('ping')).rejects.toThrow(/ping/)
    await expect(client.getPrompt('greet')).rejects.toThrow(/greet/)
    await expect(client.readResource('config://app')).rejects.toThrow(/config:\/\/app/)
    await expect(client.readResource('users://1')).rejects.toThrow(/users:\/\/1/)

    for (const [kind, id] of [
      ['tool', 'ping'],
      ['prompt', 'greet'],
      ['resource', 'config://app'],
      ['template', 'users://{id}'],
    ] as const) {
      expect(mcp.enable(kind, id)).toBe(true)
    }
    expect((await client.callTool('ping')).data).toBe('pong')
    expect((await client.readResource('users://1')).text).toBe('user 1')
  })

  it('may come from a mounted server', async () => {
    const mcp = new FastMCP({ name: 'outer', version: '1.0.0' })
    mcp.mount(small())
    mcp.disable('tool', 'ping')
    const client = await open(mcp)
    await expect(client.callTool('ping')).rejects.toThrow(/ping/)
    expect((await client.readResource('config://app')).text).toBe('settings')
  })
})

describe('a bus that servers share', () => {
  it('carries what one of them is told to the clients of all', async () => {
    const listeners = new Set<(change: Parameters<Changes['publish']>[0]) => void>()
    const bus: Changes = {
      publish: async (change) => {
        await new Promise((resolve) => setImmediate(resolve))
        for (const listener of listeners) listener(change)
      },
      subscribe: async (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    }
    const replicas = [small(bus), small(bus)]
    const clients = await Promise.all(
      replicas.flatMap((mcp) => (['stateless', 'stateful'] as const).map((era) => connect(mcp, { era }))),
    )
    const heard = await Promise.all(clients.map((client) => hear(client)))
    replicas[0]?.changed('resource', 'config://app')
    await vi.waitFor(() => expect(heard.map(kinds)).toEqual(Array(4).fill(['resource'])))
    for (const client of clients) await client.close()
    await vi.waitFor(() => expect(listeners.size).toBe(0))
  })
})
