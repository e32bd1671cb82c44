import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Client, connect } from './client/index.ts'
import { type DefinitionError, FastMCP, type FastMCPOptions, tool } from './index.ts'

const open: Client[] = []
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

function server(options: Partial<FastMCPOptions> = {}): FastMCP {
  return new FastMCP({ name: 'house', version: '1.0.0', ...options })
}

async function clientOf(mcp: FastMCP): Promise<Client> {
  const client = await connect(mcp)
  open.push(client)
  return client
}

const say = (name: string, words = name) => tool(name, { description: 'Says its words' }, () => words)
const names = async (client: Client) => (await client.tools()).map(({ name }) => name)

describe('registering', () => {
  it('refuses a second component of one name, and keeps the first', async () => {
    const mcp = server().add(say('a', 'first'))
    expect(() => mcp.add(say('a', 'second'))).toThrow(/tool "?a"?/)
    expect((await (await clientOf(mcp)).callTool('a', {})).data).toBe('first')
  })

  it('replaces or ignores the second where the server says so', async () => {
    const replacing = server({ onDuplicate: 'replace' }).add(say('a', 'first'), say('a', 'second'))
    expect((await (await clientOf(replacing)).callTool('a', {})).data).toBe('second')
    const ignoring = server({ onDuplicate: 'ignore' }).add(say('a', 'first'), say('a', 'second'))
    expect((await (await clientOf(ignoring)).callTool('a', {})).data).toBe('first')
  })

  it('says all that is wrong and registers the rest', async () => {
    const mcp = server().add(say('a'), say('b'))
    expect(() => mcp.add(say('a'), say('c'), say('b'))).toThrow(AggregateError)
    expect(await names(await clientOf(mcp))).toEqual(['a', 'b', 'c'])
  })

  it('takes a component out', async () => {
    const mcp = server().add(say('a'), say('b'))
    expect(mcp.remove('tool', 'a')).toBe(true)
    expect(mcp.remove('tool', 'a')).toBe(false)
    expect(await names(await clientOf(mcp))).toEqual(['b'])
  })

  it('shows a tool that was registered after a client connected', async () => {
    const mcp = server().add(say('a'))
    const client = await clientOf(mcp)
    mcp.add(say('b'))
    expect(await names(client)).toEqual(['a', 'b'])
    expect((await client.callTool('b', {})).data).toBe('b')
  })
})

describe('mounting', () => {
  it('serves the child live, through its own middleware, until it is taken out', async () => {
    const child = server().add(say('inner'))
    const seen: string[] = []
    child.use('tools/call', (call, next) => {
      seen.push(call.params.name)
      return next()
    })
    const mcp = server().add(say('outer'))
    const unmount = mcp.mount(child)
    const client = await clientOf(mcp)
    expect(await names(client)).toEqual(['outer', 'inner'])
    expect((await client.callTool('inner', {})).data).toBe('inner')
    expect(seen).toEqual(['inner'])
    child.add(say('later'))
    expect(await names(client)).toEqual(['outer', 'inner', 'later'])
    unmount()
    expect(await names(client)).toEqual(['outer'])
    await expect(client.callTool('inner', {})).rejects.toThrow(/unknown tool/i)
  })
})

describe('transforms', () => {
  it('refuses what is none, and stays as it was', async () => {
    const mcp = new FastMCP({ name: 'weather', version: '1.0.0' })
    mcp.tool('now', { description: 'x' }, () => 'sunny')
    const notTransforms: readonly unknown[] = [undefined, { names: ['now'] }, mcp]
    for (const none of notTransforms) expect(() => mcp.transform(none as never)).toThrow(/give transforms/)
    expect((await mcp.getTool('now')).id).toBe('now')
  })
})

describe('middleware', () => {
  it('wraps calls of the methods it is for, and may answer itself', async () => {
    const mcp = server().add(say('a'))
    mcp.use('tools/call', async (call, next) =>
      call.params.name === 'magic' ? { content: [{ type: 'text', text: 'abracadabra' }] } : next(),
    )
    const client = await clientOf(mcp)
    expect((await client.callTool('magic', {})).data).toBe('abracadabra')
    expect((await client.callTool('a', {})).data).toBe('a')
  })

  it('refuses a pattern without a function', () => {
    expect(() => server().use('tools/call')).toThrow('give a function')
  })
})

describe('a definition of a server that cannot be', () => {
  it.each<[Partial<FastMCPOptions>, string]>([
    [{ name: '' }, 'name'],
    [{ version: '' }, 'version'],
    [{ pageSize: 0 }, 'pageSize'],
    [{ cache: { ttlMs: -1 } }, 'ttlMs'],
    [{ cache: { ttlMs: Number.NaN } }, 'ttlMs'],
    [{ cache: { methods: { 'tools/list': { cacheScope: 'everybody' as never } } } }, 'cacheScope'],
  ])('%j names what is wrong', (options, word) => {
    expect(() => server(options)).toThrow(
      expect.objectContaining<Partial<DefinitionError>>({ code: 'DEFINITION_ERROR' }),
    )
    expect(() => server(options)).toThrow(word)
  })
})

describe('mcp.fetch', () => {
  it('answers a plain tools/list without a handshake, and can be passed around', async () => {
    const { fetch } = server().tool('add', { description: 'Add', input: z.object({ a: z.number() }) }, ({ a }) => a)
    const response = await fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: 'localhost' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      }),
    )
    expect(await response.json()).toMatchObject({ id: 1, result: { tools: [{ name: 'add' }] } })
  })
})
