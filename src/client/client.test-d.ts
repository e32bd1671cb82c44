import { expectTypeOf, it } from 'vitest'
import type { FastMCP } from '../index.ts'
import { type Client, connect, type ServerObject, type ToolCallResult } from './index.ts'

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
