import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Tool } from '../../components/component.ts'
import { tool } from '../../components/tool.ts'
import { FastMCP } from '../../fastmcp.ts'
import { authorize } from '../../middleware/authorize.ts'
import { transformTool } from './transform-tool.ts'

const search = tool(
  'search',
  {
    description: 'Searches everything',
    title: 'Search',
    input: z.object({ q: z.string().min(2), index: z.string(), limit: z.int().max(50).default(10) }),
    output: z.object({ found: z.string() }),
    annotations: { readOnlyHint: true },
    tags: ['t'],
  },
  ({ q, index, limit }) => ({ found: `${q} in ${index}, ${limit}` }),
)

function serverOf(...tools: readonly Tool[]) {
  const mcp = new FastMCP({ name: 's', version: '1' })
  mcp.add(...tools)
  return mcp
}

describeEras('a tool made of another', (open) => {
  it('has new names, and fills in what is hidden', async () => {
    const docs = transformTool(search, {
      name: 'search_docs',
      description: 'Searches the documentation',
      args: { index: { hide: true, default: 'docs' }, q: { name: 'query', description: 'Plain words' } },
    })
    const client = await open(serverOf(docs))
    const [shown] = await client.tools()
    expect(shown).toMatchObject({
      name: 'search_docs',
      title: 'Search',
      description: 'Searches the documentation',
      annotations: { readOnlyHint: true },
      inputSchema: {
        required: ['query'],
        properties: { query: { type: 'string', minLength: 2, description: 'Plain words' }, limit: { default: 10 } },
      },
      outputSchema: { required: ['found'] },
    })
    expect(Object.keys(shown?.inputSchema.properties ?? {})).toEqual(['query', 'limit'])
    expect((await client.callTool('search_docs', { query: 'mcp' })).data).toEqual({ found: 'mcp in docs, 10' })
    const sneaked = await client.callTool('search_docs', { query: 'mcp', index: 'secrets' }).catch(String)
    expect(JSON.stringify(sneaked)).not.toContain('in secrets')
  })

  it('tells what is wrong under the new names', async () => {
    const docs = transformTool(search, { args: { index: { hide: true, default: 'docs' }, q: { name: 'query' } } })
    const client = await open(serverOf(docs))
    await expect(client.callTool('search', { query: 'x' })).rejects.toThrow(/query/)
    await expect(client.callTool('search', { q: 'xyz' })).rejects.toThrow(/query/)
  })

  it('takes defaults from a function of the context', async () => {
    const mine = transformTool(search, {
      args: { index: { hide: true, default: (ctx) => `of request ${typeof ctx.requestId}` }, limit: { default: 3 } },
    })
    const client = await open(serverOf(mine))
    expect((await client.callTool('search', { q: 'mcp' })).data).toMatchObject({
      found: expect.stringMatching(/^mcp in of request (number|string), 3$/),
    })
  })

  it('forgets a default that is replaced or required away', async () => {
    const mine = transformTool(search, {
      name: 'mine',
      args: { index: { hide: true, default: 'i' }, limit: { default: () => 7 } },
    })
    const strict = transformTool(search, {
      name: 'strict',
      args: { index: { hide: true, default: 'i' }, limit: { required: true } },
    })
    const client = await open(serverOf(mine, strict))
    expect((await client.tools())[0]?.inputSchema.properties).toMatchObject({ limit: { type: 'integer' } })
    expect(JSON.stringify((await client.tools())[0]?.inputSchema)).not.toContain('default')
    expect((await client.callTool('mine', { q: 'mcp' })).data).toEqual({ found: 'mcp in i, 7' })
    await expect(client.callTool('strict', { q: 'mcp' })).rejects.toThrow(/limit/)
  })

  it('does work of its own around the first', async () => {
    const twice = transformTool(search, {
      name: 'twice',
      args: { q: { name: 'query' }, index: { default: 'docs' } },
      output: z.object({ all: z.array(z.unknown()) }),
      run: async ({ query, index, limit }, forward) => {
        const [one, two] = [await forward({ query, limit }), await forward.raw({ q: query, index: `${index} again` })]
        return { all: [one.data, two.data, limit] }
      },
    })
    const client = await open(serverOf(twice))
    expect((await client.callTool('twice', { query: 'mcp', limit: 4 })).data).toEqual({
      all: [{ found: 'mcp in docs, 4' }, { found: 'mcp in docs again, 10' }, 4],
    })
  })

  it('may give back what the first gave, errors and all', async () => {
    const same = transformTool(search, { run: (args, forward) => forward(args) })
    const client = await open(serverOf(same))
    expect((await client.callTool('search', { q: 'mcp', index: 'i' })).data).toEqual({ found: 'mcp in i, 10' })
    const failing = transformTool(search, { run: (_args, forward) => forward.raw({ q: '', index: '' }) })
    await expect((await open(serverOf(failing))).callTool('search', { q: 'mcp', index: 'i' })).rejects.toThrow(/q/)
  })

  it('can be changed again', async () => {
    const once = transformTool(search, { args: { q: { name: 'query' } } })
    const again = transformTool(once, { name: 'find', args: { query: { name: 'words' }, index: { default: 'all' } } })
    const client = await open(serverOf(again))
    expect((await client.callTool('find', { words: 'mcp' })).data).toEqual({ found: 'mcp in all, 10' })
  })

  it('takes another schema for an argument', async () => {
    const listed = transformTool(search, {
      args: {
        q: { name: 'words', schema: z.array(z.string()).transform((words) => words.join(' ')) },
        index: { schema: z.enum(['docs', 'code']) },
      },
    })
    const client = await open(serverOf(listed))
    expect((await client.callTool('search', { words: ['a', 'b'], index: 'docs' })).data).toEqual({
      found: 'a b in docs, 10',
    })
    await expect(client.callTool('search', { words: ['a', 'b'], index: 'dogs' })).rejects.toThrow(/docs/)
  })

  it('asks before and inside of the first, and each question gets its own answer', async () => {
    const inner = tool('inner', { description: 'x' }, async (_args, ctx) => {
      const answer = await ctx.elicit('inner?', z.object({ word: z.string() }))
      return answer.action === 'accept' ? answer.content.word : 'none'
    })
    const outer = transformTool(inner, {
      run: async (_args, forward, ctx) => {
        const answer = await ctx.elicit('outer?', z.object({ word: z.string() }))
        const below = await forward({})
        return [answer.action === 'accept' && answer.content.word, below.data]
      },
    })
    const client = await open(serverOf(outer), {
      onElicit: (message) => ({ action: 'accept', content: { word: `to ${message}` } }),
    })
    expect((await client.callTool('inner')).data).toEqual(['to outer?', 'to inner?'])
  })
})

describe('transformTool', () => {
  it.each<[string, () => unknown, RegExp]>([
    // @ts-expect-error there is no such argument
    ['unknown argument', () => transformTool(search, { args: { indx: { hide: true } } }), /did you mean "index"/],
    [
      'two on one name',
      () => transformTool(search, { args: { q: { name: 'index' } } }),
      /"q" and "index" would both be called "index"/,
    ],
    ['hidden, required, no default', () => transformTool(search, { args: { q: { hide: true } } }), /without a default/],
    [
      'required with a default',
      () => transformTool(search, { args: { q: { required: true, default: 'x' } } }),
      /cannot be required and have a default/,
    ],
    [
      'hidden with a name',
      () => transformTool(search, { args: { limit: { hide: true, name: 'max' } } }),
      /"name" has no meaning/,
    ],
    ['null for a change', () => transformTool(search, { args: { q: null as never } }), /argument "q": give an object/],
    [
      'misspelled key of an argument',
      () => transformTool(search, { args: { index: { hidden: true, default: 'x' } as never } }),
      /there is no "hidden"/,
    ],
    ['misspelled key', () => transformTool(search, { nam: 'x' } as never), /there is no "nam"; did you mean "name"/],
    [
      'something like true',
      () => transformTool(search, { args: { index: { hide: 'yes' as never, default: 'x' } } }),
      /hide is "yes"; it is true or false/,
    ],
    [
      'not required',
      () => transformTool(search, { args: { index: { required: false as never } } }),
      /required can only be true; give a default/,
    ],
    [
      'a default that the tool would refuse',
      () => transformTool(search, { args: { q: { hide: true, default: 'x' } } }),
      /argument "q": its default does not fit.*at least 2/s,
    ],
    [
      'a default that is undefined',
      () => transformTool(search, { args: { q: { hide: true, default: undefined as never } } }),
      /without a default/,
    ],
    ['bad name', () => transformTool(search, { name: 'a b' }), /a_b/],
    ['empty description', () => transformTool(search, { description: ' ' }), /description/],
  ])('refuses at registration: %s', (_what, make, words) => {
    expect(make).toThrow(words)
  })

  it('gives a default to the tool as it is, where another schema reads what callers give', async () => {
    const counted = transformTool(search, {
      args: { index: { schema: z.int().transform((n) => `index ${n}`), default: 'index 0' } },
    })
    expect(JSON.stringify(counted.definition.inputSchema)).not.toContain('index 0')
    await using client = await createTestClient(serverOf(counted))
    expect((await client.callTool('search', { q: 'mcp' })).data).toEqual({ found: 'mcp in index 0, 10' })
    expect((await client.callTool('search', { q: 'mcp', index: 7 })).data).toEqual({ found: 'mcp in index 7, 10' })
  })

  it('is made of one that not everybody may call, and asks them again at each call', async () => {
    const [mcp, child] = [new FastMCP({ name: 'outer', version: '1' }), serverOf(search)]
    child.use(
      authorize(
        (auth, { params }) => auth !== undefined && !('arguments' in params && params.arguments?.index === 'secret'),
      ),
    )
    mcp.mount('ns', child)
    mcp.tool('own', { description: 'x' }, () => 'own')
    mcp.use(
      authorize(
        (auth, { params }) => auth !== undefined || !('name' in params && ['own', 'ns_search'].includes(params.name)),
      ),
    )
    for (const name of ['ns_search', 'own']) mcp.add(transformTool(await mcp.getTool(name), { name: `${name}_too` }))
    await expect(mcp.getTool('ns_serch')).rejects.toThrow(/did you mean "ns_search"/)
    const auth = { clientId: 'c', subject: 'ann', scopes: [] }
    await using ann = await createTestClient(mcp, { auth })
    const [query, denied] = [
      { q: 'ab', index: 'i' },
      { q: 'ab', index: 'secret' },
    ]
    expect((await ann.callTool('ns_search_too', query)).data).toEqual({ found: 'ab in i, 10' })
    await expect(ann.callTool('ns_search_too', denied)).rejects.toThrow(/may not use/)
    expect((await ann.callTool('own_too')).data).toBe('own')
    await using nobody = await createTestClient(mcp)
    await expect(nobody.callTool('ns_search_too', query)).rejects.toThrow(/may not use|Unknown tool/)
    await expect(nobody.callTool('own_too')).rejects.toThrow(/may not use/)
  })

  it('gives back a copy of what the first gave, with other parts', async () => {
    const worded = transformTool(search, {
      run: async (args, forward) => ({ ...(await forward(args)), content: [{ type: 'text', text: 'in words' }] }),
    })
    await using client = await createTestClient(serverOf(worded))
    const result = await client.callTool('search', { q: 'mcp', index: 'i' })
    expect([result.text, result.data]).toEqual(['in words', { found: 'mcp in i, 10' }])
  })

  it.each<[string, Tool]>([
    ['without work of its own', transformTool(search, { output: z.object({ total: z.number() }) })],
    [
      'by what forward gave',
      transformTool(search, { output: z.object({ total: z.number() }), run: (args, forward) => forward(args) }),
    ],
  ])('gives no result that does not fit its new schema: %s', async (_how, made) => {
    const reports: unknown[] = []
    const mcp = new FastMCP({ name: 's', version: '1', onError: (problem) => void reports.push(problem) })
    await using client = await createTestClient(mcp.add(made))
    await expect(client.callTool('search', { q: 'mcp', index: 'i' })).rejects.toThrow(/Internal error/)
    expect(String(reports[0])).toMatch(/does not fit the output schema/)
    await expect(client.callTool('search', { q: 'm', index: 'i' })).rejects.toThrow(/at least 2/)
  })

  it('gives data of a tool that had no schema of results, where it fits a new one', async () => {
    const plain = tool('plain', { description: 'x' }, () => ({ found: 'it' }))
    const shaped = transformTool(plain, { output: z.object({ found: z.string() }) })
    await using client = await createTestClient(serverOf(shaped))
    expect((await client.tools())[0]?.outputSchema).toMatchObject({ required: ['found'] })
    expect((await client.callTool('plain')).data).toEqual({ found: 'it' })
  })

  it('changes nothing of the first, and costs nothing where arguments stay', () => {
    const renamed = transformTool(search, { name: 'find', title: null, tags: ['u'], annotations: null })
    expect(search.definition.name).toBe('search')
    expect(renamed.definition).not.toHaveProperty('title')
    expect(renamed.definition).not.toHaveProperty('annotations')
    expect(renamed.definition.inputSchema).toEqual(search.definition.inputSchema)
    expect(renamed.tags).toEqual(['u'])
  })

  it('keeps references between arguments where they lead', () => {
    const tree = tool(
      'tree',
      {
        description: 'x',
        input: {
          type: 'object',
          properties: { a: { type: 'object', properties: { x: { type: 'string' } } }, b: { $ref: '#/properties/a' } },
          required: ['a'],
        },
      },
      (args) => args,
    )
    const moved = transformTool(tree, { args: { a: { name: 'first' } } })
    expect(moved.definition.inputSchema.properties).toEqual({
      first: { type: 'object', properties: { x: { type: 'string' } } },
      b: { $ref: '#/properties/first' },
    })
  })
})
