import { FastMCP, hide, namespace, only, pipe, rename, type Source, search, versions, visibility } from '@fastmcp/ts'
import type { Client } from '@fastmcp/ts/client'
import { codeMode } from '@fastmcp/ts/code-mode'
import { authorize } from '@fastmcp/ts/middleware'
import { proxy } from '@fastmcp/ts/proxy'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'

const MARK = 'Treasure'
let reached: string[] = []

/** A tool that somebody takes out of sight, below the tools that find and call others. */
function vault(): FastMCP {
  const mcp = new FastMCP({ name: 'vault', version: '1', onError: () => undefined })
  const leak = (how: string) => () => {
    reached.push(how)
    return MARK
  }
  mcp.tool('secret', { description: MARK, tags: ['secret'], version: '1' }, leak('old version'))
  mcp.tool('secret', { description: MARK, tags: ['secret'], version: '2' }, leak('new version'))
  mcp.tool('open', { description: 'x' }, () => 'open')
  return mcp
}

function mounted(source: Source): FastMCP {
  const mcp = new FastMCP({ name: 'outer', version: '1', onError: () => undefined })
  mcp.mount(source)
  return mcp
}

const WAYS = { search: search(), 'code mode': codeMode() } as const

const VIEWS: Readonly<Record<string, (way: (typeof WAYS)[keyof typeof WAYS]) => FastMCP>> = {
  'hidden below': (way) => mounted(pipe(vault(), hide({ tags: ['secret'] }), way)),
  'hidden above': (way) => mounted(pipe(vault(), way, hide({ tags: ['secret'] }))),
  'hidden by the server around it': (way) => mounted(pipe(vault(), way)).transform(hide({ names: ['secret'] })),
  'all but what is shown': (way) =>
    mounted(
      pipe(
        vault(),
        way,
        only((component) => !component.tags.includes('secret')),
      ),
    ),
  'turned off': (way) => {
    const mcp = mounted(pipe(vault(), way))
    mcp.disable('tool', 'secret')
    return mcp
  },
  'turned off while it runs': (way) => {
    const [mcp, visible] = [mounted(pipe(vault(), way)), visibility()]
    mcp.transform(visible)
    visible.disable({ tags: ['secret'] })
    return mcp
  },
  'outside the versions shown': (way) =>
    mounted(pipe(vault(), way, versions({ from: '3' }), hide({ names: ['secret'] }))),
  'under another name': (way) => mounted(pipe(vault(), way, rename({ secret: 'other' }), hide({ names: ['other'] }))),
  'in a namespace': (way) => mounted(pipe(vault(), way, namespace('ns'), hide({ tags: ['secret'] }))),
  'not allowed': (way) => {
    const mcp = mounted(pipe(vault(), way))
    mcp.use(
      'tools/*',
      authorize((_auth, _call, { name }) => name !== 'secret'),
    )
    return mcp
  },
  'behind a proxy': (way) => mounted(pipe(proxy(mounted(pipe(vault(), hide({ tags: ['secret'] })))), way)),
}

/** Whatever the tools are called here. */
async function toolsOf(client: Client): Promise<(end: string) => string> {
  const names = (await client.tools()).map(({ name }) => name)
  return (end) => names.find((name) => name.endsWith(end)) ?? end
}

const NAMES = ['secret', 'other', 'ns_secret']

async function tryEverything(client: Client): Promise<void> {
  const tool = await toolsOf(client)
  const ask = async (name: string, args: Readonly<Record<string, unknown>>): Promise<void> => {
    const told = await client.callTool(name, args).then(
      ({ text }) => text,
      () => '',
    )
    if (told.includes(MARK)) reached.push(`${name} ${JSON.stringify(args)}`)
  }
  await ask(tool('search_tools'), { query: 'treasure secret' })
  await ask(tool('search'), { query: 'treasure secret' })
  await ask(tool('search'), {})
  for (const name of NAMES) {
    await ask(tool('call_tool'), { name })
    await ask(tool('describe'), { names: [name] })
  }
  const code = `return Promise.all(${JSON.stringify(NAMES)}.map((name) => tools[name]().catch(() => '')))`
  await ask(tool('execute'), { code })
}

describeEras(
  'what is hidden',
  (open) => {
    it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('is found when it is not hidden: %s', async (way) => {
      reached = []
      await tryEverything(await open(mounted(pipe(vault(), WAYS[way]))))
      expect(reached.length).toBeGreaterThan(2)
    })

    it.each(
      Object.keys(VIEWS).flatMap((view) => Object.keys(WAYS).map((way) => [view, way as keyof typeof WAYS] as const)),
    )('is not reached: %s, %s', async (view, way) => {
      reached = []
      const mcp = VIEWS[view]?.(WAYS[way])
      if (mcp !== undefined) await tryEverything(await open(mcp))
      expect(reached).toEqual([])
    })
  },
  { transports: ['memory'] },
)
