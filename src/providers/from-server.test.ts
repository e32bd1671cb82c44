import { describe, expect, it } from 'vitest'
import { originOf } from '../../tests/kit/origin.ts'
import type { Components } from '../components/component.ts'
import { prompt } from '../components/prompt.ts'
import { resource } from '../components/resource.ts'
import { tool } from '../components/tool.ts'
import { contextOf } from '../engine/backstage.ts'
import { ToolError } from '../protocol/errors.ts'
import { createCore } from '../server/core.ts'
import { fromServer } from './from-server.ts'
import { createLocalProvider, type LocalProvider } from './local.ts'
import type { Provider } from './provider.ts'

const context = contextOf(originOf())

function serve(provider: Provider) {
  const reported: Error[] = []
  const core = createCore({
    identity: { name: 'child', version: '1' },
    instructions: undefined,
    declared: {},
    provider,
    pageSize: 100,
    hints: { hint: () => ({ ttlMs: 0, cacheScope: 'private' }), said: () => ({}) },
    report: (problem) => void reported.push(problem),
  })
  return { core, reported }
}

function child() {
  const local = createLocalProvider()
  local.add(tool('echo', { description: 'x', tags: ['t'] }, (_, ctx) => String(ctx.state.get('by'))))
  local.add(
    tool('leak', { description: 'x' }, (): string => {
      throw new Error('secret')
    }),
  )
  local.add(
    tool('sorry', { description: 'x' }, (): string => {
      throw new ToolError('NOT_FOUND', 'no such thing')
    }),
  )
  local.add(resource('config://app', {}, () => 'fixed'))
  local.add(resource('users://{id}', { complete: { id: ['7', '8'] } }, ({ id }) => (id === '7' ? 'Ada' : undefined)))
  local.add(prompt('greet', { complete: {} }, () => 'hello'))
  const { core, reported } = serve(local)
  core.use({
    pattern: '*',
    layer: (call, next) => {
      call.context.state.set('by', 'the middleware of the child')
      return next()
    },
  })
  return { local, reported, mounted: fromServer(core) }
}

async function found<K extends keyof Components>(mounted: Provider, kind: K, id: string): Promise<Components[K]> {
  const component = await mounted.find(kind, id, context)
  if (component === undefined) throw new Error(`no ${kind} ${id}`)
  return component
}

describe('a mounted server', () => {
  it('runs its tools through its own middleware', async () => {
    const { mounted } = child()
    const echo = await found(mounted, 'tool', 'echo')
    expect(await echo.call(undefined, context)).toEqual({
      content: [{ type: 'text', text: 'the middleware of the child' }],
    })
    expect(await echo.call({ a: 1 }, context)).toMatchObject({ isError: true })
    expect(await echo.call(null, context)).toMatchObject({ isError: true })
  })

  it('tells errors its own way, masked and reported where they are unknown', async () => {
    const { mounted, reported } = child()
    const leaked = await (await found(mounted, 'tool', 'leak')).call({}, context)
    expect(leaked).toMatchObject({ isError: true })
    expect(JSON.stringify(leaked)).not.toContain('secret')
    expect(reported.map(({ message }) => message)).toEqual(['secret'])
    expect(await (await found(mounted, 'tool', 'sorry')).call({}, context)).toMatchObject({
      content: [{ text: 'no such thing' }, {}],
    })
  })

  it('reads its resources and templates, completes and fills in its prompts', async () => {
    const { mounted } = child()
    const config = await found(mounted, 'resource', 'config://app')
    expect(await config.read('config://app', context)).toMatchObject({ contents: [{ text: 'fixed' }] })
    const users = await found(mounted, 'template', 'users://7')
    expect(users.id).toBe('users://{id}')
    expect(users.matches('users://8')).toBe(true)
    expect(await users.read('users://7', context)).toMatchObject({ contents: [{ text: 'Ada' }] })
    await expect((async () => users.read('users://8', context))()).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect(await users.complete({ name: 'id', value: '', others: {} }, context)).toMatchObject({
      completion: { values: ['7', '8'] },
    })
    const greet = await found(mounted, 'prompt', 'greet')
    expect(await greet.get({}, context)).toMatchObject({ messages: [{ role: 'user' }] })
  })

  it('shares definitions, and gives the same components and arrays while the child does', () => {
    const { local, mounted } = child()
    const before = mounted.list('tool', context) as readonly Components['tool'][]
    expect(mounted.list('tool', context)).toBe(before)
    expect(before[0]?.definition).toBe(local.list('tool')[0]?.definition)
    expect(before[0]).toMatchObject({ kind: 'tool', id: 'echo', tags: ['t'] })
    expect(mounted.find('tool', 'echo', context)).toBe(before[0])
    expect(mounted.find('tool', 'nope', context)).toBeUndefined()
    local.add(tool('more', { description: 'x' }, () => 1))
    expect(mounted.list('tool', context)).not.toBe(before)
    expect(mounted.find('tool', 'echo', context)).toBe(before[0])
  })

  it('tells of the changes of the child', () => {
    const { local, mounted } = child()
    const heard: unknown[] = []
    const stop = mounted.onChange((change) => void heard.push(change))
    local.remove('tool', 'echo')
    stop()
    local.remove('tool', 'leak')
    expect(heard).toEqual([{ kind: 'tool' }])
  })

  it('may answer by promise', async () => {
    const local: LocalProvider = createLocalProvider()
    local.add(tool('a', { description: 'x' }, () => 'a'))
    const slow: Provider = {
      list: async (kind) => local.list(kind),
      find: async (kind, id) => local.find(kind, id),
      onChange: local.onChange,
    }
    const mounted = fromServer(serve(slow).core)
    expect(await mounted.list('tool', context)).toBe(await mounted.list('tool', context))
    expect(await (await found(mounted, 'tool', 'a')).call({}, context)).toMatchObject({ content: [{ text: 'a' }] })
    expect(await mounted.find('tool', 'b', context)).toBeUndefined()
  })
})
