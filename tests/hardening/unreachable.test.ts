import {
  FastMCP,
  hide,
  namespace,
  only,
  pipe,
  promptsAsTools,
  rename,
  resourcesAsTools,
  type Source,
  versions,
  visibility,
} from '@fastmcp/ts'
import type { Client } from '@fastmcp/ts/client'
import { authorize } from '@fastmcp/ts/middleware'
import { proxy } from '@fastmcp/ts/proxy'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const SECRET = 'TOP SECRET'
let reached: string[] = []

/** Something hidden of every kind, and something open beside it. */
function vault({ asTools = true } = {}): FastMCP {
  const mcp = new FastMCP({ name: 'vault', version: '1', onError: () => undefined })
  const tags = ['secret']
  const leak = (how: string) => {
    reached.push(how)
    return SECRET
  }
  const input = z.object({ word: z.string().optional() })
  mcp.tool('secret', { description: 'x', tags, version: '1' }, () => leak('old version'))
  mcp.tool('secret', { description: 'x', tags, version: '2' }, () => leak('call'))
  mcp.tool('open', { description: 'x' }, () => 'open')
  mcp.resource('vault://doc', { tags }, () => leak('read'))
  mcp.resource('vault://files/{name}', { tags, complete: { name: () => [leak('complete template')] } }, () =>
    leak('template'),
  )
  mcp.resource('open://{path*}', {}, () => 'open')
  mcp.prompt('secret', { description: 'x', tags, input, complete: { word: () => [leak('complete prompt')] } }, () =>
    leak('prompt'),
  )
  mcp.prompt('open', { description: 'x' }, () => 'open')
  if (asTools) mcp.transform(resourcesAsTools(), promptsAsTools())
  return mcp
}

const outer = (): FastMCP => new FastMCP({ name: 'outer', version: '1', onError: () => undefined })

/** Every way of taking something out of sight. */
const VIEWS: Readonly<Record<string, () => FastMCP>> = {
  'hidden below a mount': () => mounted(pipe(vault(), hide({ tags: ['secret'] }))),
  'hidden by the server itself': () => {
    const mcp = vault()
    mcp.transform(hide({ tags: ['secret'] }))
    return mcp
  },
  'hidden by the server around it': () => {
    const mcp = mounted(vault())
    mcp.transform(hide({ tags: ['secret'] }))
    return mcp
  },
  'all but what is shown': () => mounted(pipe(vault(), only({ names: ['open*', 'list_*', 'read_*', 'get_*'] }))),
  'turned off': () => {
    const mcp = mounted(vault())
    turnOff(mcp)
    return mcp
  },
  'turned off while it runs': () => {
    const [mcp, visible] = [mounted(vault()), visibility()]
    mcp.transform(visible)
    visible.disable({ tags: ['secret'] })
    return mcp
  },
  'outside the versions shown': () =>
    mounted(pipe(vault(), versions({ from: '3' }), hide({ names: ['secret', 'vault://*'] }))),
  'under another name': () =>
    mounted(
      pipe(vault(), rename({ secret: 'x', 'vault://doc': 'y://doc' }), hide({ names: ['x', 'y://doc', 'vault://*'] })),
    ),
  'in a namespace': () => mounted(pipe(vault(), namespace('ns'), hide({ tags: ['secret'] }))),
  'not allowed': () => {
    const mcp = mounted(vault())
    mcp.use(
      authorize(
        (_auth, call) => !JSON.stringify(call.params).includes('secret') && !/vault/.test(JSON.stringify(call.params)),
      ),
    )
    return mcp
  },
  'behind a proxy': () => mounted(proxy(mounted(pipe(vault(), hide({ tags: ['secret'] }))))),
  'hidden in front of a proxy': () => {
    const mcp = mounted(pipe(proxy(vault({ asTools: false })), hide({ names: ['secret', 'vault://*'] })))
    return mcp.transform(resourcesAsTools(), promptsAsTools())
  },
}

function mounted(source: Source): FastMCP {
  const mcp = outer()
  mcp.mount(source)
  return mcp
}

function turnOff(mcp: FastMCP): void {
  mcp.disable('tool', 'secret')
  mcp.disable('prompt', 'secret')
  mcp.disable('resource', 'vault://doc')
  mcp.disable('template', 'vault://files/{name}')
}

/** Every way of reaching something: each gives what it got, or throws. */
const PATHS: Readonly<Record<string, (client: Client, find: (end: string) => string | undefined) => Promise<unknown>>> =
  {
    call: (client) => client.callTool('secret'),
    'call in a namespace': (client) => client.callTool('ns_secret'),
    'an older version': (client) => client.callTool('secret', {}, { meta: { 'fastmcp/version': '1' } }),
    read: (client) => client.readResource('vault://doc'),
    'read in a namespace': (client) => client.readResource('vault://ns/doc'),
    'read by a template': (client) => client.readResource('vault://files/a'),
    get: (client) => client.getPrompt('secret'),
    'complete a prompt': (client) =>
      client.complete({ type: 'ref/prompt', name: 'secret' }, { name: 'word', value: '' }),
    'complete a template': (client) =>
      client.complete({ type: 'ref/resource', uri: 'vault://files/{name}' }, { name: 'name', value: '' }),
    'a resource as a tool': async (client, find) =>
      client.callTool(find('read_resource') ?? 'none', { uri: 'vault://doc' }),
    'a template as a tool': async (client, find) =>
      client.callTool(find('read_resource') ?? 'none', { uri: 'vault://files/a' }),
    'the list of resources as a tool': async (client, find) => {
      const { text } = await client.callTool(find('list_resources') ?? 'none')
      if (/vault:/.test(text)) reached.push('listed as a tool')
    },
    'a prompt as a tool': async (client, find) => client.callTool(find('get_prompt') ?? 'none', { name: 'secret' }),
    'the list of prompts as a tool': async (client, find) => {
      const { text } = await client.callTool(find('list_prompts') ?? 'none')
      if (/secret/.test(text)) reached.push('listed as a tool')
    },
    lists: async (client) => {
      const lists = [await client.tools(), await client.resources(), await client.templates(), await client.prompts()]
      if (/secret|vault:/.test(JSON.stringify(lists))) reached.push('listed')
    },
    subscription: async (client) => {
      await using subscription = await client.listen({ resources: ['vault://doc'] }, () => undefined)
      if (subscription.honored.resources?.includes('vault://doc')) reached.push('subscription')
    },
  }

for (const [how, make] of Object.entries(VIEWS)) {
  describeEras(`AUT-13: what is ${how}`, (open) => {
    it('cannot be reached by any path', async () => {
      const client = await open(make())
      const names = (await client.tools()).map(({ name }) => name)
      const find = (end: string): string | undefined => names.find((name) => name.endsWith(end))
      reached = []
      for (const [path, attempt] of Object.entries(PATHS)) {
        const got = await attempt(client, find).catch((problem: unknown) => String(problem))
        expect(`${path}: ${JSON.stringify(got) ?? ''}`).not.toContain(SECRET)
      }
      expect(reached).toEqual([])
      expect((await client.callTool(find('open') ?? 'none')).data).toBe('open')
    })
  })
}
