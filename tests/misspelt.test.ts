import { FastMCP, hide, pipe, search, tool, transformTool, versions, visibility } from '@fastmcp/ts'
import { filesystem } from '@fastmcp/ts/filesystem'
import { proxy } from '@fastmcp/ts/proxy'
import { expect, it } from 'vitest'

const server = new FastMCP({ name: 'server', version: '1.0.0' })
const ping = tool('ping', { description: 'Pings' }, () => 'pong')

/** What a compiler would have said, for those who have none. */
const untyped = (value: unknown): never => value as never

it.each<[string, () => unknown, RegExp]>([
  ['visibility', () => visibility(untyped({ disable: { tags: ['beta'] } })), /no "disable"; did you mean "disabled"/],
  ['search', () => search(untyped({ maxResult: 3 })), /no "maxResult"; did you mean "maxResults"/],
  ['names of search', () => search(untyped({ names: { find: 'x' } })), /names.*no "find"/],
  ['versions', () => versions(untyped({ form: '1' })), /no "form"; did you mean "from"/],
  ['hide', () => hide(untyped({ tag: ['x'] })), /no "tag"; did you mean "tags"/],
  ['proxy', () => proxy('http://127.0.0.1:9/mcp', untyped({ header: {} })), /no "header"; did you mean "headers"/],
  ['filesystem', () => filesystem('.', untyped({ reload: true })), /filesystem: there is no "reload"/],
  [
    'pipe',
    () => pipe(untyped(hide({ names: ['x'] })), hide({ names: ['y'] })),
    /pipe: give a server or a provider first/,
  ],
  ['transformTool', () => transformTool(untyped('ping'), {}), /transformTool: give a tool, as `await mcp.getTool/],
  ['a change of a tool', () => transformTool(ping, untyped({ descripton: 'x' })), /did you mean "description"/],
  [
    'mount',
    () => server.mount('a', new FastMCP({ name: 'b', version: '1' }), untyped({ separater: '.' })),
    /separator/,
  ],
])('a misspelt option of %s is an error that names the right one', (_, use, words) => {
  expect(use).toThrow(words)
})
