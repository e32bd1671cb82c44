import { expectTypeOf, it } from 'vitest'
import type { FastMCP } from '../index.ts'
import type { Implementation, ToolDefinition } from '../protocol/definitions.ts'
import {
  type Choice,
  type Client,
  type Config,
  connect,
  type Group,
  type ServerObject,
  type SingleTarget,
  type ToolCallResult,
} from './index.ts'

declare const client: Client

it('takes what can be connected to, and nothing else', () => {
  connect('http://localhost/mcp')
  connect('node server.js')
  connect(new URL('http://localhost/mcp'))
  connect({ command: 'node', args: ['server.js'], env: { KEY: 'x' }, cwd: '/' })
  connect({ mcpServers: { one: { url: 'http://localhost/mcp', headers: { a: 'b' } } } })
  expectTypeOf<FastMCP>().toExtend<ServerObject>()
  // @ts-expect-error a number is no target
  connect(8000)
  // @ts-expect-error a command needs a program
  connect({ args: ['server.js'] })
  // @ts-expect-error there is no such era
  connect('node server.js', { era: 'modern' })
  // @ts-expect-error the environment holds strings
  connect({ command: 'node', env: { PORT: 1 } })
})

it('types the data of a tool as it is claimed', () => {
  expectTypeOf(client.callTool('add')).toEqualTypeOf<Promise<ToolCallResult<unknown>>>()
  expectTypeOf(client.callTool<number>('add', { a: 1 })).toEqualTypeOf<Promise<ToolCallResult<number>>>()
  // @ts-expect-error arguments are an object
  client.callTool('add', [1, 2])
  // @ts-expect-error prompt arguments are strings
  client.getPrompt('review', { code: 1 })
})

it('completes prompts and templates only', () => {
  client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'language', value: '' }, { others: { code: 'x' } })
  // @ts-expect-error a template is named by its URI
  client.complete({ type: 'ref/resource', name: 'users' }, { name: 'id', value: '' })
})

it('can be disposed of', () => {
  expectTypeOf<Client>().toExtend<AsyncDisposable>()
})

it('gives a client for one server, a group for several, and either for names it does not know', () => {
  const remote = { url: 'http://localhost/mcp' }
  expectTypeOf(connect('node server.js')).toEqualTypeOf<Promise<Client>>()
  expectTypeOf(connect({ mcpServers: { one: remote } })).toEqualTypeOf<Promise<Client>>()
  expectTypeOf(connect({ mcpServers: { one: remote, two: { command: 'x' } } })).toEqualTypeOf<Promise<Group>>()
  expectTypeOf(connect({} as Config)).toEqualTypeOf<Promise<Client | Group>>()
  expectTypeOf(connect({} as Config<'one'>)).toEqualTypeOf<Promise<Client>>()
  expectTypeOf(connect({} as SingleTarget)).toEqualTypeOf<Promise<Client>>()
  connect({ mcpServers: { one: remote, two: remote } }, { naming: (server, name) => `${server}.${name}` })
  // @ts-expect-error one server needs no names
  connect('node server.js', { naming: (_server: string, name: string) => name })
})

it('types the questions of servers by what was asked', () => {
  connect('node server.js', {
    onElicit: (message, form, { server, signal, name }) => {
      expectTypeOf(message).toBeString()
      expectTypeOf(server).toEqualTypeOf<Implementation | undefined>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(name).toEqualTypeOf<string | undefined>()
      if (form.mode === 'url') {
        expectTypeOf(form.url).toBeString()
        return { action: 'accept' }
      }
      expectTypeOf(form.url).toBeUndefined()
      for (const field of form.fields) {
        if (field.type === 'enum') expectTypeOf(field.choices).toEqualTypeOf<readonly Choice[]>()
        if (field.type === 'integer') expectTypeOf(field.min).toEqualTypeOf<number | undefined>()
        if (field.type === 'multi-enum') expectTypeOf(field.default).toEqualTypeOf<readonly string[] | undefined>()
        // @ts-expect-error not every field has choices
        field.choices
      }
      return form.defaults
    },
    onSample: ({ messages, maxTokens }) => `${messages.length} ${maxTokens}`,
    onRoots: () => ['file:///home/ada', { uri: 'file:///srv', name: 'Srv' }],
  })
  // @ts-expect-error a form is filled with flat values
  connect('node server.js', { onElicit: () => ({ address: { city: 'Rome' } }) })
  // @ts-expect-error there is no such answer
  connect('node server.js', { onElicit: () => ({ action: 'refuse', content: null }) })
  // @ts-expect-error a model is named
  connect('node server.js', { onSample: () => ({ content: { type: 'text', text: 'hi' } }) })
  // @ts-expect-error roots are a list
  connect('node server.js', { onRoots: () => 'file:///home/ada' })
})

it('types changes by what changed', () => {
  client.listen({ tools: true, resources: ['a://1'] }, (change) => {
    if (change.kind === 'resource') expectTypeOf(change.uri).toBeString()
    // @ts-expect-error lists have no URI
    else change.uri
  })
  // @ts-expect-error resources are named
  client.listen({ resources: true }, () => undefined)
})

it('types any request as it is claimed', () => {
  expectTypeOf(client.request<{ skills: string[] }>('skills/list')).toEqualTypeOf<Promise<{ skills: string[] }>>()
  expectTypeOf(client.request('skills/list')).toEqualTypeOf<Promise<Readonly<Record<string, unknown>>>>()
})

it('tells of each thing in a group whose it is', () => {
  expectTypeOf<Awaited<ReturnType<Group['tools']>>[number]>().toExtend<ToolDefinition & { readonly server: string }>()
  expectTypeOf<Group>().toExtend<AsyncDisposable>()
})
