import { type Extension, FastMCP, McpError, method } from '@fastmcp/ts'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const ID = 'com.example/reports'
const DECLARED = { extensions: { [ID]: { formats: ['pdf'] } }, nameHeaders: { 'reports/render': 'id' } }

interface Seen {
  readonly log: string[]
}

function reports({ log }: Seen): Extension {
  return {
    id: ID,
    settings: { formats: ['pdf', 'html'] },
    methods: {
      'reports/render': method({ params: z.object({ id: z.string().min(2) }), nameFrom: 'id' }, ({ id }, ctx) => ({
        url: `https://example.com/${id}`,
        formats: ctx.client.capabilities.extensions?.[ID]?.formats,
      })),
      'reports/open': method({ requiresClient: false, cache: { ttlMs: 5_000 } }, async () => ({ open: true })),
      'reports/fail': method({}, () => {
        throw new Error('password=hunter2')
      }),
      'reports/refuse': method({}, () => {
        throw new McpError('INVALID_PARAMS', 'No such report', { data: { id: 'x' } })
      }),
    },
    aroundTools: async (call, next) => {
      log.push(`before ${call.params.name}`)
      const result = await next()
      return { ...result, content: [...result.content, { type: 'text', text: 'reported' }] }
    },
  }
}

function server(seen: Seen = { log: [] }, extension = reports(seen)): FastMCP {
  const mcp = new FastMCP({ name: 'press', version: '1.0.0', onError: () => undefined })
  mcp.use(async (call, next) => {
    seen.log.push(call.method)
    return next()
  })
  mcp.tool('print', { description: 'Prints' }, (_, ctx) => `can: ${ctx.client.can(`extensions.${ID}`)}`)
  return mcp.extend(extension)
}

describeEras('an extension', (open, { era, transport }) => {
  it('is advertised with its settings', async () => {
    const client = await open(server)
    expect(client.capabilities.extensions).toEqual({ [ID]: { formats: ['pdf', 'html'] } })
    expect(client.capabilities.tools).toEqual({ listChanged: true })
  })

  it('serves its methods, with the parameters checked', async () => {
    const seen: Seen = { log: [] }
    const client = await open(server(seen), DECLARED)
    expect(await client.request('reports/render', { id: 'q3' })).toMatchObject({
      url: 'https://example.com/q3',
      formats: ['pdf'],
    })
    expect(seen.log).toContain('reports/render')
    await expect(client.request('reports/render', { id: 'q' })).rejects.toMatchObject({
      rpcCode: -32602,
      message: expect.stringContaining('`id`'),
    })
    await expect(client.request('reports/render', { id: 'q3', more: 1 })).resolves.toBeDefined()
    await expect(client.request('reports/open', { more: 1 })).rejects.toMatchObject({ rpcCode: -32602 })
  })

  it('wants a parameter repeated in a header, whatever is in it, over HTTP that has such headers', async () => {
    const client = await open(server, DECLARED)
    for (const id of ['q3', 'Bericht für März', ' blanks ', '=?base64?cTM=?=', 'tab\there', '世界']) {
      expect(await client.request('reports/render', { id })).toMatchObject({ url: `https://example.com/${id}` })
    }
    const careless = await open(server, { extensions: DECLARED.extensions })
    const answer = careless.request('reports/render', { id: 'q3' })
    if (era === 'stateless' && (transport === 'http' || transport === 'fetch'))
      await expect(answer).rejects.toMatchObject({ rpcCode: -32020 })
    else await expect(answer).resolves.toBeDefined()
  })

  it('tells errors as all operations do', async () => {
    const client = await open(server, DECLARED)
    await expect(client.request('reports/fail')).rejects.toMatchObject({
      rpcCode: -32603,
      message: expect.not.stringContaining('hunter2'),
    })
    await expect(client.request('reports/refuse')).rejects.toMatchObject({ rpcCode: -32602, data: { id: 'x' } })
    await expect(client.request('reports/none')).rejects.toMatchObject({ rpcCode: -32601 })
    await expect(client.request('__proto__')).rejects.toMatchObject({ rpcCode: -32601 })
  })

  it('is for clients that declared it', async () => {
    const client = await open(server, { nameHeaders: DECLARED.nameHeaders })
    await expect(client.request('reports/render', { id: 'q3' })).rejects.toMatchObject({
      rpcCode: era === 'stateless' ? -32021 : -32600,
      data: { requiredCapabilities: { extensions: { [ID]: {} } } },
    })
    expect(await client.request('reports/open')).toMatchObject({ open: true })
  })

  it('is around the tool calls of those clients, and of no others', async () => {
    const seen: Seen = { log: [] }
    const mcp = server(seen)
    const [speaks, does] = [await open(mcp, DECLARED), await open(mcp)]
    expect((await speaks.callTool('print')).text).toBe('can: true\nreported')
    expect((await does.callTool('print')).text).toBe('can: false')
    expect(seen.log.filter((line) => line.includes('print') || line === 'tools/call')).toEqual([
      'tools/call',
      'before print',
      'tools/call',
    ])
  })

  it('tells how long results may be kept, where a result can say so', async () => {
    const client = await open(server)
    const result = await client.request('reports/open')
    if (era === 'stateless') expect(result).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' })
    else expect(result).toEqual({ open: true })
  })

  it('with types of result of its own does not exist where results have no types', async () => {
    const jobs: Extension = {
      id: 'com.example/jobs',
      resultTypes: ['job'],
      methods: { 'jobs/get': method({ requiresClient: false }, () => ({ resultType: 'job', state: 'done' })) },
      aroundTools: () => ({ content: [], resultType: 'job', job: '7' }),
    }
    const client = await open(server({ log: [] }, jobs), { extensions: { 'com.example/jobs': {} } })
    if (era === 'stateful') {
      expect(client.capabilities.extensions).toBeUndefined()
      await expect(client.request('jobs/get')).rejects.toMatchObject({ rpcCode: -32601 })
      expect((await client.callTool('print')).text).toBe('can: false')
    } else {
      expect(client.capabilities.extensions).toEqual({ 'com.example/jobs': {} })
    }
  })
})
