import type { Client } from './client.ts'
import { Group, type GroupOptions } from './group.ts'
import { meet } from './meet.ts'
import type { ConnectOptions } from './options.ts'
import { type Config, dialsOf, dialTo, type SingleTarget, type Target } from './target.ts'

/** Whether a type is a union of several. */
type IsSeveral<T, Each = T> = Each extends T ? ([T] extends [Each] ? false : true) : never

/** What comes of the servers with these names: one client, or a group. A name unknown to the compiler may be either. */
type ConnectedTo<Name extends string> = string extends Name
  ? Client | Group
  : true extends IsSeveral<Name>
    ? Group
    : Client

/** What connecting to a target gives: a `Client`, or for a config of several servers a `Group`. */
export type Connected<T extends Target> = T extends Config<infer Name> ? ConnectedTo<Name> : Client

/**
 * Connects to an MCP server: at an http(s) address, behind a command line, in this process, or
 * named in a config. Ask for it with `await using`, or close it: a command runs until then. A
 * config that names several gives a `Group`, which connects to each when it is first needed.
 *
 * @example
 * await using client = await connect('https://example.com/mcp', { headers: { authorization: `Bearer ${token}` } })
 * for (const tool of await client.tools()) console.log(tool.name, tool.description)
 *
 * @example
 * await using client = await connect({ command: 'node', args: ['server.js'], env: { API_KEY: key } })
 * const { data } = await client.callTool<number>('add', { a: 1, b: 2 })
 *
 * @example
 * await using group = await connect({ mcpServers: { github: { url }, files: { command: 'files-mcp' } } })
 * await group.callTool('github_search', { query: 'mcp' })
 */
export async function connect<const T extends Target>(
  target: T,
  options: T extends SingleTarget ? ConnectOptions : GroupOptions = {},
): Promise<Connected<T>> {
  const dials = dialsOf(target, options)
  const [first, ...others] = dials ?? []
  const connected =
    dials === undefined || first === undefined
      ? await meet({ dial: dialTo(target as SingleTarget, options) }, options) // no config
      : others.length === 0
        ? await meet({ dial: first[1] }, options)
        : new Group(dials, options)
  return connected as Connected<T> // one entry or several, as the type says
}
