import {
  FastMCP,
  hide,
  type MountArgs,
  only,
  type Provider,
  pipe,
  promptsAsTools,
  describe as redescribe,
  rename,
  reshapeTools,
  resourcesAsTools,
  tag,
  versions,
  visibility,
} from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { authorize } from '../../src/middleware/authorize.ts'

const server = (name = 's'): FastMCP => new FastMCP({ name, version: '1', onError: () => undefined })
const asking = (version: string) => ({ meta: { 'fastmcp/version': version } })
const ANYONE = { auth: undefined, sessionId: undefined }

function idsOf(source: Provider): readonly string[] {
  return (source.list('tool', ANYONE) as readonly { id: string }[]).map(({ id }) => id)
}

function mounted(...args: MountArgs): FastMCP {
  const mcp = server('outer')
  mcp.mount(...args)
  return mcp
}

/** Three versions, the highest of which is not for everybody. */
function shop(): FastMCP {
  const mcp = server('shop')
  mcp.tool('pay', { description: 'x', version: '1' }, () => 'paid by 1')
  mcp.tool('pay', { description: 'x', version: '2' }, () => 'paid by 2')
  mcp.tool('pay', { description: 'beta', version: '3', tags: ['beta'] }, () => 'paid by 3')
  mcp.resource('terms://{year}', { version: '1' }, ({ year }) => `terms 1 of ${year}`)
  mcp.resource(
    'terms://{year}',
    { description: 'beta', version: '2', tags: ['beta'] },
    ({ year }) => `terms 2 of ${year}`,
  )
  return mcp
}

const NARROWED: Readonly<Record<string, () => FastMCP>> = {
  'by a mount': () => mounted(pipe(shop(), hide({ tags: ['beta'] }))),
  'by a selection': () =>
    mounted(
      pipe(
        shop(),
        only((component) => !component.tags.includes('beta')),
      ),
    ),
  'by the server': () => shop().transform(hide({ tags: ['beta'] })),
  'by a switch': () => shop().transform(visibility({ disabled: { tags: ['beta'] } })),
  'by a policy': () => {
    const mcp = mounted(shop())
    mcp.use(authorize((_auth, _call, { description }) => description !== 'beta'))
    return mcp
  },
}

for (const [how, make] of Object.entries(NARROWED)) {
  describeEras(
    `a component whose highest version is hidden ${how}`,
    (open) => {
      it('answers by the highest that is left, as it is listed', async () => {
        const client = await open(make())
        expect((await client.tools())[0]?._meta).toMatchObject({ 'fastmcp/version': '2' })
        expect((await client.callTool('pay')).data).toBe('paid by 2')
        expect((await client.callTool('pay', {}, asking('1'))).data).toBe('paid by 1')
        await expect(client.callTool('pay', {}, asking('3'))).rejects.toThrow(/Unknown tool/)
        expect((await client.readResource('terms://7')).text).toBe('terms 1 of 7')
      })
    },
    { transports: ['memory'] },
  )
}

describeEras(
  'a version outside of a view',
  (open) => {
    it('is not reached by a call on the way of another', async () => {
      const mcp = mounted(pipe(shop(), versions({ below: '2' })))
      mcp.tool('nested', { description: 'x' }, async (_args, ctx) => {
        const { content } = await ctx.server.callTool('pay')
        return content
      })
      const client = await open(mcp)
      expect((await client.callTool('nested')).data).toBe('paid by 1')
    })

    it('is not read by a template in its place', async () => {
      const mcp = server()
      mcp.resource('doc://one', { version: '2' }, () => 'fixed')
      mcp.resource('doc://{name}', {}, ({ name }) => `template ${name}`)
      const seen = server()
      seen.transform(versions({ below: '2' }))
      seen.add(...((await mcp.provider.list('resource', ANYONE)) as never[]))
      seen.add(...((await mcp.provider.list('template', ANYONE)) as never[]))
      const client = await open(seen)
      expect((await client.readResource('doc://two')).text).toBe('template two')
      await expect(client.readResource('doc://one')).rejects.toThrow(/not found/)
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'a hidden resource',
  (open) => {
    const vault = () => {
      const mcp = server('vault')
      mcp.resource('vault://doc', { tags: ['secret'], description: 'The plan', version: '2' }, () => 'TOP SECRET')
      mcp.resource('vault://{name}', { version: '1' }, ({ name }) => `template ${name}`)
      return mcp
    }

    it('is not read by a template of the version that the caller asks for', async () => {
      const client = await open(vault().transform(hide({ tags: ['secret'] })))
      await expect(client.readResource('vault://doc', asking('1') as never)).rejects.toThrow(/not found/)
    })

    it('is not listed as a tool where another template of the server reads its URI', async () => {
      const child = vault().transform(resourcesAsTools(), promptsAsTools())
      const mcp = mounted(pipe(child, hide({ tags: ['secret'] })))
      mcp.resource('vault://{a}', {}, ({ a }) => a)
      const client = await open(mcp)
      expect((await client.callTool('list_resources')).text).not.toContain('plan')
      expect((await client.callTool('list_resources')).text).not.toContain('vault://doc')
    })

    it('of another name is not read under the old one by a template', async () => {
      const mcp = server()
      mcp.resource('vault://doc', {}, () => 'TOP SECRET')
      mcp.resource('vault://{name}', {}, ({ name }) => `template ${name}`)
      mcp.transform(rename({ 'vault://doc': 'open://doc' }), hide({ names: ['open://*'] }))
      const client = await open(mcp)
      await expect(client.readResource('vault://doc')).rejects.toThrow(/not found/)
      await expect(client.readResource('open://doc')).rejects.toThrow(/not found/)
    })

    it('tells its subscribers nothing more once it is turned off', async () => {
      const [mcp, visible] = [server(), visibility()]
      mcp.transform(visible)
      mcp.resource('a://secret', {}, () => 'a')
      mcp.resource('a://open', {}, () => 'a')
      const client = await open(mcp)
      const heard: string[] = []
      await client.listen({ resources: ['a://secret', 'a://open'] }, (change) => heard.push(JSON.stringify(change)))
      visible.disable({ names: ['a://secret'] })
      mcp.changed('contents', 'a://secret')
      mcp.changed('contents', 'a://open')
      await expect.poll(() => heard.join()).toContain('a://open')
      expect(heard.join()).not.toContain('a://secret')
    })
  },
  { transports: ['memory'] },
)

describeEras(
  'a new name',
  (open) => {
    it('of a resource is what its contents and links say, whichever version was asked for', async () => {
      const mcp = server()
      mcp.resource('note://{id}', {}, ({ id }) => `note ${id}`)
      mcp.tool('point', { description: 'x', version: '1' }, () => [
        { type: 'resource_link', uri: 'note://7', name: 'n' },
      ])
      const client = await open(mounted('ns', mcp))
      const { content } = await client.callTool('ns_point', {}, asking('1'))
      expect(content).toMatchObject([{ uri: 'note://ns/7' }])
      const renamed = await open(mounted(pipe(mcp, rename({ 'note://7': 'seven://note' }))))
      expect((await renamed.readResource('note://7')).contents).toMatchObject([{ uri: 'note://7' }])
    })
  },
  { transports: ['memory'] },
)

describe('rename', () => {
  it('refuses a name that something else has', () => {
    const mcp = server()
    mcp.tool('a', { description: 'x' }, () => 1)
    mcp.tool('b', { description: 'x' }, () => 2)
    expect(() => pipe(mcp, rename({ a: 'b' }))).toThrow(/"a".*"b"/)
    expect(() => pipe(mcp, rename({ a: 'b', b: 'a' }))).not.toThrow()
  })
  it('shows what comes later under a taken name nowhere, and lists nothing twice', () => {
    const mcp = server()
    mcp.tool('a', { description: 'x' }, () => 1)
    const seen = pipe(mcp, rename({ a: 'b' }))
    mcp.tool('b', { description: 'x' }, () => 2)
    expect(idsOf(seen)).toEqual(['b'])
  })
  it.each(['', 'a b', 'ä', 'x'.repeat(65)])('refuses the name "%s"', (name) => {
    expect(() => rename({ a: name })).toThrow(/rename/)
  })
})

describe('what fails', () => {
  const failing = () => {
    let isOn = false
    const transform = (source: Provider): Provider => {
      if (isOn) throw new Error('no transform')
      return source
    }
    const turn = (on: boolean) => {
      isOn = on
    }
    return { transform, turn }
  }
  const names = (mcp: FastMCP) => idsOf(mcp.provider)

  it('at mount leaves everything as it was', () => {
    const [mcp, child, bad] = [server(), server(), failing()]
    mcp.tool('own', { description: 'x' }, () => 1)
    child.tool('child', { description: 'x' }, () => 1)
    mcp.transform(bad.transform)
    bad.turn(true)
    expect(() => mcp.mount(child)).toThrow('no transform')
    bad.turn(false)
    expect(names(mcp)).toEqual(['own'])
    const heard: unknown[] = []
    mcp.provider.onChange((change) => heard.push(change))
    mcp.tool('more', { description: 'x' }, () => 1)
    expect(heard).toEqual([{ kind: 'tool' }])
    mcp.mount(child)
    expect(names(mcp)).toEqual(['own', 'more', 'child'])
  })

  it('at transform leaves everything as it was', () => {
    const [mcp, bad] = [server(), failing()]
    mcp.tool('own', { description: 'x' }, () => 1)
    bad.turn(true)
    expect(() => mcp.transform(hide({ names: ['own'] }), bad.transform)).toThrow('no transform')
    bad.turn(false)
    mcp.mount(server())
    expect(names(mcp)).toEqual(['own'])
  })

  it('because lists are public leaves everything as it was', () => {
    const mcp = new FastMCP({
      name: 's',
      version: '1',
      cache: { methods: { 'tools/list': { cacheScope: 'public' } } },
    })
    mcp.tool('own', { description: 'x' }, () => 1)
    expect(() => mcp.transform(visibility({ perSession: true, disabled: { names: ['own'] } }))).toThrow(/public/)
    expect(names(mcp)).toEqual(['own'])
  })
})

describe('visibility of a session', () => {
  it('is never that of everybody because there is no session', () => {
    const visible = visibility({ disabled: { tags: ['beta'] }, perSession: true })
    expect(() => visible.enable({ tags: ['beta'] }, { session: undefined })).toThrow(/session/)
  })
})

describe('tools reshaped by data', () => {
  it.each<[string, object]>([
    ['a key that there is not', { tools: { a: { enable: false } } }],
    ['another', { excludeTag: ['admin'] }],
    ['a text for a list', { excludeTags: 'admin' }],
    ['an argument key that there is not', { tools: { a: { arguments: { x: { hidde: true } } } } }],
  ])('refuse %s', (_what, reshapes) => {
    expect(() => reshapeTools(reshapes)).toThrow(/did you mean|list/)
  })

  it('keep their versions', async () => {
    const seen = server()
    seen.mount(pipe(shop(), reshapeTools({ tools: { pay: { name: 'buy' } } })))
    const tools = (await seen.provider.list('tool', ANYONE)) as readonly { version?: string }[]
    expect(tools.map(({ version }) => version)).toEqual(['3', '2', '1'])
  })
})

describe('what transforms are told', () => {
  const told = (given: unknown): never => given as never

  it.each<[string, () => unknown, RegExp]>([
    ['a kind that there is not', () => hide({ kinds: told(['tools']) }), /no kind "tools"/],
    ['a key that there is not', () => hide(told({ name: ['x'] })), /"names"/],
    ['nothing', () => only(told(undefined)), /object/],
    ['a range that ends nowhere', () => versions(told({ from: '1', bellow: '2' })), /"below"/],
    ['a misspelt description', () => redescribe({ a: told({ descripton: 'x' }) }), /"description"/],
    ['a tag for all tags', () => tag(told('x'), { names: ['a'] }), /list of tags/],
    ['one name for two tools', () => pipe(server(), resourcesAsTools({ list: 'x', read: 'x' })), /name of its own/],
  ])('is read strictly: %s', (_what, make, words) => expect(make).toThrow(words))
})
