import type { Change } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Auth } from '../engine/auth.ts'
import { FastMCP, type FastMCPOptions } from '../index.ts'
import { type Authorization, authorize } from './authorize.ts'
import { cache } from './cache.ts'

const isAdmin = (auth: Auth | undefined): boolean => auth?.scopes?.includes('admin') === true
const rule: Authorization = (auth, { params }, definition) => {
  if (definition.name.startsWith('admin')) return isAdmin(auth)
  if ('arguments' in params && params.arguments?.env === 'production' && !isAdmin(auth))
    return 'Only for administrators'
  return true
}

const env = z.object({ env: z.string() })

function server(chosen: Authorization = rule, options: Partial<FastMCPOptions> = {}): FastMCP {
  const mcp = new FastMCP({ name: 'guarded', version: '1.0.0', onError: () => undefined, ...options })
  mcp.use(authorize(chosen))
  mcp.tool('deploy', { description: 'Deploys', input: env }, ({ env: where }) => `to ${where}`)
  mcp.tool('admin_wipe', { description: 'Wipes' }, () => 'wiped')
  mcp.resource('notes://all', { name: 'notes' }, () => 'notes')
  mcp.resource('notes://secret', { name: 'admin_secret' }, () => 'secret')
  mcp.resource('users://{id}', { name: 'users', complete: { id: ['1', '2'] } }, ({ id }) => `user ${id}`)
  mcp.resource('logs://{day}', { name: 'admin_logs', complete: { day: ['mon'] } }, ({ day }) => day)
  mcp.prompt('ship', { input: env, complete: { env: ['test'] } }, ({ env: where }) => `Ship to ${where}`)
  mcp.prompt('admin_prompt', { input: env, complete: { env: ['x'] } }, () => 'x')
  return mcp
}

const ada: Auth = { subject: 'ada' }
const root: Auth = { subject: 'root', scopes: ['admin'] }

const uriOf = (change: Change): string => (change.kind === 'resource' ? change.uri : change.kind)

const wrong = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing wrong',
    (problem: { message: string; code?: unknown; data?: unknown }) => ({ ...problem, message: problem.message }),
  )

describe.each(['stateless', 'stateful'] as const)('what a caller may not use, %s', (era) => {
  const open = (mcp: FastMCP, auth?: Auth) => createTestClient(mcp, { era, ...(auth && { auth }) })

  it('is in no list', async () => {
    const mcp = server()
    await using client = await open(mcp, ada)
    await using admin = await open(mcp, root)
    const names = async (of: typeof client) =>
      [await of.tools(), await of.resources(), await of.templates(), await of.prompts()].flatMap((list) =>
        list.map(({ name }) => name),
      )
    expect(await names(client)).toEqual(['deploy', 'notes', 'users', 'ship'])
    expect(await names(admin)).toEqual([
      ...['deploy', 'admin_wipe', 'notes', 'admin_secret', 'users', 'admin_logs', 'ship', 'admin_prompt'],
    ])
  })

  it('looks like what does not exist, however it is asked for', async () => {
    const [there, missing] = [server(), server()]
    missing.remove('tool', 'admin_wipe')
    missing.remove('resource', 'notes://secret')
    missing.remove('template', 'logs://{day}')
    missing.remove('prompt', 'admin_prompt')
    const said = async (mcp: FastMCP) => {
      await using client = await open(mcp, ada)
      return [
        await wrong(client.callTool('admin_wipe')),
        await wrong(client.readResource('notes://secret')),
        await wrong(client.readResource('logs://mon')),
        await wrong(client.getPrompt('admin_prompt', { env: 'x' })),
        await wrong(client.complete({ type: 'ref/prompt', name: 'admin_prompt' }, { name: 'env', value: '' })),
        await wrong(client.complete({ type: 'ref/resource', uri: 'logs://{day}' }, { name: 'day', value: '' })),
      ]
    }
    const errors = await said(there)
    expect(errors).toEqual(await said(missing))
    expect(errors).not.toContain('nothing wrong')
  })

  it('is told of to nobody else', async () => {
    const mcp = server()
    await using client = await open(mcp, ada)
    await using admin = await open(mcp, root)
    const heard: string[] = []
    const resources = ['notes://secret', 'logs://mon', 'notes://all']
    await using _one = await client
      .listen({ resources }, (change) => heard.push(`ada ${uriOf(change)}`))
      .catch(() => ({
        async [Symbol.asyncDispose]() {},
      }))
    await using _two = await admin.listen({ resources }, (change) => heard.push(`root ${uriOf(change)}`))
    for (const uri of resources) mcp.changed('resource', uri)
    await vi.waitFor(() => expect(heard).toContain('root notes://all'))
    expect(heard.filter((line) => line.startsWith('ada')).filter((line) => !line.includes('notes://all'))).toEqual([])
  })

  it('can depend on the arguments: then the reason is told', async () => {
    const mcp = server()
    await using client = await open(mcp, ada)
    expect((await client.callTool('deploy', { env: 'test' })).data).toBe('to test')
    await expect(client.callTool('deploy', { env: 'production' })).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('Only for administrators'),
    })
    await expect(client.getPrompt('ship', { env: 'production' })).rejects.toThrow('Only for administrators')
    await using admin = await open(mcp, root)
    expect((await admin.callTool('deploy', { env: 'production' })).data).toBe('to production')
  })

  it('stays so where the server is mounted', async () => {
    const outer = new FastMCP({ name: 'outer', version: '1.0.0' })
    outer.mount('inner', server())
    await using client = await open(outer, ada)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['inner_deploy'])
    await expect(client.callTool('inner_admin_wipe')).rejects.toThrow('Unknown tool')
    await expect(client.callTool('inner_deploy', { env: 'production' })).rejects.toThrow('Only for administrators')
    await using admin = await open(outer, root)
    expect((await admin.callTool('inner_admin_wipe')).data).toBe('wiped')
  })

  it('is not served from a cache either, wherever that stands', async () => {
    const mcp = new FastMCP({ name: 'cached', version: '1.0.0' })
    let isOpen = true
    const annotations = { readOnlyHint: true }
    mcp.use('tools/call', cache({ ttl: 60_000 }))
    mcp.use(authorize((_auth, { params }) => isOpen || !('arguments' in params)))
    mcp.tool('look', { description: 'Looks', annotations, input: env }, () => 'seen')
    await using client = await open(mcp)
    expect((await client.callTool('look', { env: 'a' })).data).toBe('seen')
    isOpen = false
    await expect(client.callTool('look', { env: 'a' })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})

describe('AUT-11: a rule', () => {
  it.each([
    ['says nothing', () => undefined],
    ['says yes in another way', () => 'yes'],
    ['gives something true', () => ({ allowed: true })],
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    ['promises no', async () => false],
  ])('that %s lets nobody through', async (_, broken) => {
    const reports: string[] = []
    const mcp = server(broken as Authorization, { onError: (problem) => reports.push(problem.message) })
    await using client = await createTestClient(mcp)
    expect(await client.tools()).toEqual([])
    await expect(client.callTool('deploy', { env: 'x' })).rejects.toThrow('Unknown tool: deploy')
    await expect(client.readResource('notes://all')).rejects.toThrow('Resource not found')
    expect(reports.every((message) => message === 'no database')).toBe(true)
  })

  it('may take its time', async () => {
    const mcp = server(async (auth, _call, { name }) => {
      await Promise.resolve()
      return isAdmin(auth) || name === 'deploy'
    })
    await using client = await createTestClient(mcp, { auth: ada })
    expect((await client.tools()).map(({ name }) => name)).toEqual(['deploy'])
    expect((await client.callTool('deploy', { env: 'x' })).data).toBe('to x')
  })

  it('is one of several that must all agree', async () => {
    const mcp = server()
    mcp.use(authorize((_auth, _call, { name }) => name !== 'deploy'))
    await using admin = await createTestClient(mcp, { auth: root })
    expect((await admin.tools()).map(({ name }) => name)).toEqual(['admin_wipe'])
  })

  it('can be for some kinds only', async () => {
    const mcp = new FastMCP({ name: 'some', version: '1.0.0' })
    mcp.use(
      'tools/*',
      authorize(() => false),
    )
    mcp.tool('a', { description: 'A' }, () => 'a')
    mcp.resource('a://a', {}, () => 'a')
    await using client = await createTestClient(mcp)
    expect([(await client.tools()).length, (await client.resources()).length]).toEqual([0, 1])
    expect(() =>
      mcp.use(
        'tools/list',
        authorize(() => false),
      ),
    ).toThrow('it decides about no component there')
  })

  it('is asked with a URI, and about templates with theirs', async () => {
    const asked: unknown[] = []
    const mcp = new FastMCP({ name: 'some', version: '1.0.0' })
    mcp.use(
      authorize((_auth, call, definition) => {
        asked.push([call, definition.name])
        return true
      }),
    )
    mcp.resource('users://{id}', { name: 'users' }, ({ id }) => id)
    await using client = await createTestClient(mcp, { era: 'stateful' })
    await client.readResource('users://7')
    expect(asked).toContainEqual([{ method: 'resources/read', params: { uri: 'users://7' } }, 'users'])
    await client.templates()
    expect(asked).toContainEqual([{ method: 'resources/read', params: { uri: 'users://{id}' } }, 'users'])
  })
})

describe('a resource that may not be seen', () => {
  it('is not read by a template that matches its URI', async () => {
    const mcp = new FastMCP({ name: 'some', version: '1.0.0', onError: () => undefined })
    mcp.use(authorize((_auth, _call, { name }) => name !== 'hidden'))
    mcp.resource('notes://secret', { name: 'hidden' }, () => 'secret')
    mcp.resource('notes://{name}', { name: 'open' }, ({ name }) => `note ${name}`)
    await using client = await createTestClient(mcp)
    await expect(client.readResource('notes://secret')).rejects.toThrow('Resource not found')
    expect((await client.readResource('notes://x')).text).toBe('note x')
  })
})

describe('CA-02: lists that are filtered', () => {
  it('cannot be public, and are told to be private', async () => {
    const cachePublic = { ttlMs: 1_000, cacheScope: 'public' } as const
    expect(() => server(rule, { cache: cachePublic })).toThrow('it shows each caller something else, but')
    expect(() => server(rule, { cache: { methods: { 'tools/list': cachePublic } } })).toThrow(
      `set cache.methods['tools/list'].cacheScope to "private"`,
    )
    const outer = new FastMCP({ name: 'outer', version: '1.0.0', cache: cachePublic })
    expect(() => outer.mount('inner', server())).toThrow('public')
  })
})

describe('versions of a tool', () => {
  it('are each decided about, and can be asked for', async () => {
    const mcp = new FastMCP({ name: 'versions', version: '1.0.0' })
    mcp.use(authorize(() => true))
    for (const version of ['1.0.0', '2.0.0']) mcp.tool('pay', { description: version, version }, () => version)
    await using client = await createTestClient(mcp)
    expect((await client.tools()).map(({ description }) => description)).toEqual(['2.0.0'])
    const old = await client.request('tools/call', { name: 'pay', _meta: { 'fastmcp/version': '1.0.0' } })
    expect(old).toMatchObject({ content: [{ text: '1.0.0' }] })
  })
})

describe('used otherwise than by mcp.use', () => {
  it('lets nobody through, for it could not filter lists there', async () => {
    const layer = authorize(() => true)
    const mcp = new FastMCP({ name: 'wrong', version: '1.0.0', onError: () => undefined })
    mcp.use('tools/call', (call, next) => layer(call, next))
    mcp.tool('a', { description: 'A' }, () => 'a')
    await using client = await createTestClient(mcp)
    await expect(client.callTool('a')).rejects.toThrow('Internal error')
    expect(() => authorize(undefined as never)).toThrow('give it a function')
  })
})
