import { describe, expect, it } from 'vitest'
import { connect } from '../client/index.ts'
import { FastMCP, type FastMCPOptions, type Provider } from '../index.ts'
import { perCaller } from '../middleware/index.ts'

function server(cache: FastMCPOptions['cache'] = {}): FastMCP {
  return new FastMCP({ name: 'house', version: '1.0.0', cache }).tool('a', { description: 'A' }, () => 'a')
}

function source(isPerCaller: () => boolean): Provider {
  const { provider } = new FastMCP({ name: 'source', version: '1.0.0' }).tool('b', { description: 'B' }, () => 'b')
  return {
    get perCaller() {
      return isPerCaller()
    },
    list: (kind, view) => provider.list(kind, view),
    find: (kind, id, view) => provider.find(kind, id, view),
    onChange: (listener) => provider.onChange(listener),
  }
}

const personal = source(() => true)
const list = perCaller<'tools/list'>(async (_, next) => next())
const PUBLIC = { cacheScope: 'public' } as const

/** The scope that results of a method go out with. */
async function scopeOf(mcp: FastMCP, method: string): Promise<unknown> {
  await using client = await connect(mcp, { era: 'stateless' })
  const { cacheScope } = await client.request(method)
  return cacheScope
}

describe('a list that depends on who is calling', () => {
  it.each([
    ['a source', (mcp: FastMCP) => mcp.mount(personal), 'mount'],
    ['a server with such a source', (mcp: FastMCP) => mcp.mount(mounting(personal)), 'mount'],
    ['an extension', (mcp: FastMCP) => mcp.extend({ id: 'com.example/a', provider: personal }), 'com.example/a'],
    ['a layer around one list', (mcp: FastMCP) => mcp.use('tools/list', list), 'layer for tools/list'],
    ['a layer around all', (mcp: FastMCP) => mcp.use(perCaller(async (_, next) => next())), 'layer for *'],
  ])('cannot be public: %s is refused where it comes in', (_, add, words) => {
    expect(() => add(server(PUBLIC))).toThrow(
      expect.objectContaining({ code: 'DEFINITION_ERROR', message: expect.stringContaining(words) }),
    )
    expect(() => add(server({ methods: { 'tools/list': PUBLIC } }))).toThrow(
      `set cache.methods['tools/list'].cacheScope to "private"`,
    )
    expect(() => add(server())).not.toThrow()
    expect(() => add(server({ methods: { 'resources/read': PUBLIC } }))).not.toThrow()
  })

  it('is refused before anything of it is there', async () => {
    const mcp = server(PUBLIC)
    expect(() => mcp.extend({ id: 'com.example/a', provider: personal })).toThrow()
    expect(() => mcp.mount(personal)).toThrow()
    await using client = await connect(mcp)
    expect((await client.tools()).map(({ name }) => name)).toEqual(['a'])
    expect(client.capabilities.extensions).toBeUndefined()
  })

  it('may stand beside others that are public', () => {
    const mcp = server({ methods: { 'prompts/list': PUBLIC } })
    expect(() => mcp.use('tools/list', list)).not.toThrow()
    expect(() =>
      mcp.use(
        'prompts/*',
        perCaller<'prompts/get' | 'prompts/list'>(async (_, next) => next()),
      ),
    ).toThrow()
  })

  it('turns private where a source that came in as public changes its mind', async () => {
    let isPersonal = false
    const mcp = server(PUBLIC)
    mcp.mount(source(() => isPersonal))
    expect(await scopeOf(mcp, 'tools/list')).toBe('public')
    isPersonal = true
    expect(await scopeOf(mcp, 'tools/list')).toBe('private')
    expect(await scopeOf(mcp, 'server/discover')).toBe('private')
  })
})

describe('a list that is the same for everybody', () => {
  it('is public where the server says so', async () => {
    const mcp = server(PUBLIC)
    mcp.use(async (_, next) => next())
    mcp.mount('other', server())
    expect(await scopeOf(mcp, 'tools/list')).toBe('public')
  })
})

function mounting(inner: Provider): FastMCP {
  const mcp = new FastMCP({ name: 'between', version: '1.0.0' })
  mcp.mount(inner)
  return mcp
}
