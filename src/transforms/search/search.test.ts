import type { Client } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FastMCP } from '../../fastmcp.ts'
import { authorize } from '../../middleware/authorize.ts'
import { pipe } from '../pipe.ts'
import { rename } from '../rename.ts'
import { visibility } from '../visibility.ts'
import { type SearchOptions, search } from './search.ts'

function tracker(): FastMCP {
  const mcp = new FastMCP({ name: 'tracker', version: '1' })
  mcp.tool(
    'create_issue',
    { description: 'Opens a ticket', input: z.object({ title: z.string(), labels: z.array(z.string()).optional() }) },
    ({ title }) => ({ opened: title }),
  )
  mcp.tool('listIssues', { description: 'All tickets there are', tags: ['reading'] }, () => ['one'])
  mcp.tool(
    'deploy',
    { description: 'Ships a build', input: z.object({ region: z.string().describe('Where the cluster is') }) },
    async (_, ctx) => {
      const answer = await ctx.elicit('Sure?', z.object({ yes: z.boolean() }))
      return answer.action
    },
  )
  mcp.tool('help', { description: 'Explains everything' }, () => 'Ask')
  mcp.tool('secret', { description: 'A hidden ticket' }, () => 'no')
  return mcp
}

interface Found {
  readonly tools: readonly { readonly name: string; readonly inputSchema: object }[]
  readonly hint?: string
}

async function find(client: Client, query: string, more: object = {}, name = 'search_tools'): Promise<string[]> {
  const { data } = await client.callTool<Found>(name, { query, ...more })
  return data.tools.map((each) => each.name)
}

const searched = (options: SearchOptions = {}): FastMCP => tracker().transform(search(options))

describeEras('search', (open) => {
  it('lists two tools and those that stay, and finds the others with all that is said of them', async () => {
    const client = await open(searched({ alwaysVisible: ['help'] }))
    expect((await client.tools()).map(({ name }) => name)).toEqual(['search_tools', 'call_tool', 'help'])
    const { data } = await client.callTool<Found>('search_tools', { query: 'open an issue' })
    expect(data.tools[0]).toMatchObject({
      name: 'create_issue',
      description: 'Opens a ticket',
      inputSchema: { properties: { title: { type: 'string' } }, required: ['title'] },
    })
    expect(await find(client, 'cluster regions')).toEqual(['deploy'])
    expect(await find(client, 'reading')).toEqual(['listIssues'])
    expect(await find(client, 'tick')).toHaveLength(3)
    expect((await client.callTool('search_tools', { query: 'nothing like it' })).data).toMatchObject({
      tools: [],
      hint: /Nothing/,
    })
    expect((await client.callTool('search_tools', { query: 'ticket', limit: 1 })).data).toMatchObject({ hint: /more/ })
  })

  it('calls what it found, with arguments as an object or as text', async () => {
    const client = await open(searched())
    for (const args of [{ title: 'Broken' }, '{"title":"Broken"}']) {
      const { data } = await client.callTool('call_tool', { name: 'create_issue', arguments: args })
      expect(data).toEqual({ opened: 'Broken' })
    }
    expect((await client.callTool('call_tool', { name: 'help' })).data).toBe('Ask')
    expect((await client.callTool('call_tool', { name: 'help', arguments: null })).data).toBe('Ask')
    await expect(client.callTool('call_tool', { name: 'create_issue', arguments: {} })).rejects.toThrow(/title/)
    await expect(client.callTool('call_tool', { name: 'create_issue', arguments: '[1]' })).rejects.toThrow(/an object/)
    await expect(client.callTool('call_tool', { name: 'nope' })).rejects.toThrow(/search_tools shows what there is/)
    await expect(client.callTool('call_tool', { name: 'call_tool' })).rejects.toThrow(/cannot call itself/)
    await expect(client.callTool('call_tool', { arguments: {} })).rejects.toThrow(/give a name/)
  })

  it('asks the person behind the client as a direct call would', async () => {
    const client = await open(searched(), { onElicit: () => ({ action: 'decline' }) })
    const { data } = await client.callTool('call_tool', { name: 'deploy', arguments: { region: 'eu' } })
    expect(data).toBe('decline')
  })

  it('finds by a pattern, which need not be a kind one', async () => {
    const client = await open(searched({ engine: 'regex', maxResults: 3 }))
    expect(await find(client, '(create|list).?issues?')).toEqual(['create_issue', 'listIssues'])
    expect(await find(client, '(?i)TICKET')).toHaveLength(3)
    expect(await find(client, '^(\\w+\\s?)+!$')).toEqual([])
    await expect(client.callTool('search_tools', { query: '(?=a)' })).rejects.toThrow(/looks ahead/)
    await expect(client.callTool('search_tools', { query: '(' })).rejects.toThrow(/cannot be used/)
  })

  it('knows tools by the names that the caller knows, and nothing that they may not see', async () => {
    const mcp = new FastMCP({ name: 'outer', version: '1' })
    mcp.mount('hub', pipe(searched(), rename({ create_issue: 'file_bug' })))
    mcp.disable('tool', 'hub_secret')
    const calls: string[] = []
    mcp.use('tools/call', (call, next) => {
      calls.push(call.params.name)
      return next()
    })
    const client = await open(mcp)
    expect(await find(client, 'ticket', {}, 'hub_search_tools')).toEqual(['hub_file_bug', 'hub_listIssues'])
    const { data } = await client.callTool('hub_call_tool', { name: 'hub_file_bug', arguments: { title: 'x' } })
    expect(data).toEqual({ opened: 'x' })
    expect(calls).toEqual(['hub_search_tools', 'hub_call_tool', 'hub_file_bug'])
    for (const name of ['hub_secret', 'secret', 'hub_create_issue', 'file_bug', 'hub_call_tool']) {
      await expect(client.callTool('hub_call_tool', { name })).rejects.toThrow(/There is no tool|itself/)
    }
  })

  it('sees what is added and taken away', async () => {
    const mcp = searched()
    const client = await open(mcp)
    expect(await find(client, 'weather')).toEqual([])
    mcp.tool('forecast', { description: 'Weather of tomorrow' }, () => 'rain')
    expect(await find(client, 'weather')).toEqual(['forecast'])
    mcp.remove('tool', 'forecast')
    expect(await find(client, 'weather')).toEqual([])
  })
})

describe('search', () => {
  it('has the rights of the caller', async () => {
    const mcp = searched()
    mcp.use(
      'tools/*',
      authorize((auth, _call, { name }) => name !== 'secret' || auth !== undefined),
    )
    const anyone = await createTestClient(mcp)
    expect(await find(anyone, 'hidden')).toEqual([])
    await expect(anyone.callTool('call_tool', { name: 'secret' })).rejects.toThrow(/no tool/)
  })

  it('sees what is switched on and off for one session', async () => {
    const visible = visibility({ disabled: { names: ['secret'] }, perSession: true })
    const mcp = tracker().transform(visible, search())
    mcp.tool('unlock', { description: 'x' }, (_, ctx) => {
      visible.enable({ names: ['secret'] }, { session: ctx.sessionId })
      visible.disable({ names: ['listIssues'] }, { session: ctx.sessionId })
    })
    await using one = await createTestClient(mcp, { era: 'stateful' })
    await using other = await createTestClient(mcp, { era: 'stateful' })
    await one.callTool('unlock')
    expect((await find(one, 'ticket')).sort()).toEqual(['create_issue', 'secret'])
    expect(await find(other, 'ticket')).toEqual(['create_issue', 'listIssues'])
    expect((await one.callTool('call_tool', { name: 'secret' })).data).toBe('no')
    await expect(one.callTool('call_tool', { name: 'listIssues' })).rejects.toThrow(/no tool/)
    await expect(other.callTool('call_tool', { name: 'secret' })).rejects.toThrow(/no tool/)
  })

  it.each([
    ['列出文件夹中的所有文件', '文件'],
    ['ユーザーにメールを送信する', 'メール 送信'],
    ['파일 검색하기', '검색'],
    ['พยากรณ์อากาศวันนี้', 'อากาศ'],
    ['Удаляет пользователя из базы', 'пользователь'],
    ['Sucht Bücher', 'bucher'],
    ['Crée une réunion', 'REUNION'],
    ['Deletes an account', 'deleting accounts'],
    ['Upload to S3', 'uploaded'],
  ])('finds "%s" by "%s"', async (description, query) => {
    const mcp = tracker().transform(search({ maxResults: 1 }))
    mcp.tool('wanted', { description }, () => 1)
    await using client = await createTestClient(mcp)
    expect(await find(client, query)).toEqual(['wanted'])
  })

  it('does not tell a model names that are others where it is mounted', async () => {
    const mcp = new FastMCP({ name: 'outer', version: '1' })
    mcp.mount('hub', searched())
    await using client = await createTestClient(mcp)
    expect(JSON.stringify(await client.tools())).not.toMatch(/(?<!hub_)(call_tool|search_tools)/)
    await expect(client.callTool('hub_call_tool', { name: 'hub_call_tool' })).rejects.toThrow(/hub_call_tool cannot/)
    await expect(client.callTool('hub_call_tool', {})).rejects.toThrow(/as hub_search_tools gives it/)
    const { data } = await client.callTool<Found>('hub_search_tools', { query: 'open an issue' })
    expect(data.hint).toMatch(/hub_call_tool/)
  })

  it('has no version that was not given to it', async () => {
    await using client = await createTestClient(searched())
    await expect(client.callTool('call_tool', { name: 'help' }, { meta: { 'fastmcp/version': '1' } })).rejects.toThrow(
      /no version "1"/,
    )
  })

  it('leads to what was found first, though that came later and is in no list', async () => {
    const empty = (name: string) => new FastMCP({ name, version: '1', onError: () => undefined })
    const [mcp, one, two] = [empty('outer'), empty('one'), empty('two')]
    mcp.mount(pipe(one, search()))
    mcp.mount(two)
    two.tool('same', { description: 'x' }, () => 'two')
    await using client = await createTestClient(mcp)
    await using _listening = await client.listen({ tools: true }, () => undefined)
    expect((await client.callTool('same')).data).toBe('two')
    one.tool('same', { description: 'x' }, () => 'one')
    await new Promise((resolve) => setImmediate(resolve))
    expect((await client.callTool('same')).data).toBe('one')
  })

  it.each([
    [{ engine: 'vector' as never }, /bm25 or regex/],
    [{ maxResults: 0 }, /maxResults is 0/],
    [{ names: { search: 'call_tool' } }, /both tools/],
  ])('refuses %j', (options, words) => {
    expect(() => search(options)).toThrow(words)
  })

  it('finds one of 5,000 within milliseconds, and reads each tool once', async () => {
    const mcp = new FastMCP({ name: 'large', version: '1' }).transform(search())
    const input = z.object({ id: z.string().describe('Which one') })
    for (let i = 0; i < 5_000; i++)
      mcp.tool(`get_record_${i}`, { description: `Gets record ${i} of many`, input }, () => i)
    const client = await createTestClient(mcp)
    await find(client, 'record')
    const began = performance.now()
    expect((await find(client, 'record 4711'))[0]).toBe('get_record_4711')
    expect(performance.now() - began).toBeLessThan(250)
  })
})
