import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connect } from '../client/index.ts'
import { type Extension, FastMCP, method } from '../index.ts'

const ID = 'com.example/reports'

function server(options: Partial<ConstructorParameters<typeof FastMCP>[0]> = {}): FastMCP {
  return new FastMCP({ name: 'press', version: '1.0.0', onError: () => undefined, ...options })
}

type Json = Record<string, unknown>

/** What a client sees of one stateless request, sent as bytes. */
async function post(mcp: FastMCP, request: string, params: Json, headers: Record<string, string> = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { extensions: { [ID]: {} } },
  }
  const response = await mcp.fetch(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: {
        host: 'localhost',
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': request,
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: request, params: { ...params, _meta } }),
    }),
  )
  const body = (await response.json()) as { result?: Json; error?: { code: number; data?: unknown; message: string } }
  return { status: response.status, result: body.result, error: body.error }
}

describe('mcp.extend', () => {
  it.each([
    [{ id: 'reports' }, 'an id is a domain of yours reversed'],
    [{ id: '' }, 'an id is'],
    [{ id: 'com.example/' }, 'an id is'],
    [{ id: 'com.example/a/b' }, 'an id is'],
    [{ id: ID, settings: 7 }, 'settings must be an object'],
    [{ id: ID, settings: { at: () => 1 } }, 'definition'],
    [{ id: ID, aroundTools: {} }, 'aroundTools must be a function'],
    [{ id: ID, resultTypes: ['complete'] }, 'the result type "complete" belongs to the protocol'],
    [{ id: ID, methods: { 'tools/call': method({}, () => ({})) } }, 'it is a method of the protocol itself'],
    [{ id: ID, methods: { 'notifications/x': method({}, () => ({})) } }, 'names under notifications/'],
    [{ id: ID, methods: { 'a b/c': method({}, () => ({})) } }, 'write words of letters'],
    [{ id: ID, methods: { reports: method({}, () => ({})) } }, 'write words of letters'],
    [{ id: ID, methods: { 'a/b': { options: {} } } }, 'make it by method('],
    [{ id: ID, methods: { 'a/b': method({ timeout: -1 }, () => ({})) } }, 'timeout is -1'],
    [{ id: ID, methods: { 'a/b': method({ cache: { ttlMs: 0.5 } }, () => ({})) } }, 'ttlMs must be'],
    [{ id: ID, methods: { 'a/b': method({ params: z.string() }, () => ({})) } }, 'must be an object'],
  ] as const)('refuses %j', (extension, words) => {
    const mcp = server()
    expect(() => mcp.extend(extension as unknown as Extension)).toThrow(
      expect.objectContaining({ code: 'DEFINITION_ERROR', message: expect.stringContaining(words) }),
    )
  })

  it('refuses the same extension and the same method twice, and keeps the first', async () => {
    const mcp = server().extend({ id: ID, methods: { 'a/b': method({}, () => ({ from: 'first' })) } })
    expect(() => mcp.extend({ id: ID })).toThrow('it is there already')
    expect(() => mcp.extend({ id: 'com.example/more', methods: { 'a/b': method({}, () => ({})) } })).toThrow(
      'another one has the method "a/b"',
    )
    expect((await post(mcp, 'a/b', {})).result).toMatchObject({ from: 'first', resultType: 'complete' })
    expect((await post(mcp, 'server/discover', {})).result).toMatchObject({
      capabilities: { extensions: { [ID]: {} } },
    })
  })

  it('adds capabilities, which the author of the server may say otherwise', async () => {
    const mcp = server({ capabilities: { tools: { listChanged: false }, extensions: { 'com.example/own': { a: 1 } } } })
    mcp.extend({ id: ID, capabilities: { resources: { subscribe: true }, tools: { listChanged: true } } })
    expect((await post(mcp, 'server/discover', {})).result?.capabilities).toEqual({
      logging: {},
      resources: { subscribe: true },
      tools: { listChanged: false },
      extensions: { [ID]: {}, 'com.example/own': { a: 1 } },
    })
    expect((await post(mcp, 'resources/list', {})).result).toMatchObject({ resources: [] })
  })

  it('lists the components that come with it', async () => {
    const other = server().tool('inside', { description: 'Inside' }, () => 'x')
    const mcp = server().extend({ id: ID, provider: other.provider })
    expect((await post(mcp, 'tools/list', {})).result).toMatchObject({ tools: [{ name: 'inside' }] })
  })
})

describe('a method of an extension over stateless HTTP', () => {
  const mcp = server().extend({
    id: ID,
    methods: {
      'reports/get': method({ params: z.object({ id: z.string() }), nameFrom: 'id' }, ({ id }) => ({ id })),
      'reports/odd': method({}, () => ['a list'] as unknown as object),
      'reports/cycle': method({}, () => {
        const cycle: Json = {}
        cycle.again = cycle
        return cycle
      }),
    },
  })

  it('wants the header that repeats a parameter, and that it is true', async () => {
    const get = (headers: Record<string, string>) => post(mcp, 'reports/get', { id: 'q3' }, headers)
    expect((await get({ 'mcp-name': 'q3' })).result).toMatchObject({ id: 'q3' })
    expect((await get({ 'mcp-name': '=?base64?cTM=?=' })).result).toMatchObject({ id: 'q3' })
    for (const headers of [{}, { 'mcp-name': 'q4' }, { 'mcp-name': '=?base64?x?=' }] as Record<string, string>[]) {
      expect(await get(headers)).toMatchObject({ status: 400, error: { code: -32020 } })
    }
  })

  it('is unknown with its status where no extension has it', async () => {
    expect(await post(mcp, 'reports/none', {})).toMatchObject({ status: 404, error: { code: -32601 } })
  })

  it('fails inside where its result is no object, or none that JSON could carry', async () => {
    for (const name of ['reports/odd', 'reports/cycle']) {
      expect(await post(mcp, name, {})).toMatchObject({
        error: { code: -32603, message: expect.stringMatching(/^Internal/) },
      })
    }
  })

  it('refuses clients that have not declared the extension with a status', async () => {
    const other = server().extend({ id: 'com.example/other', methods: { 'other/a': method({}, () => ({})) } })
    expect(await post(other, 'other/a', {})).toMatchObject({
      status: 400,
      error: { code: -32021, data: { requiredCapabilities: { extensions: { 'com.example/other': {} } } } },
    })
  })
})

describe('a type of result', () => {
  const job = { resultType: 'job', job: '7' }
  const around = () => job as unknown as { content: [] }

  it('reaches clients that declared the extension, without the hints of complete results', async () => {
    const mcp = server().extend({ id: ID, resultTypes: ['job'], aroundTools: around })
    mcp.tool('a', { description: 'A' }, () => 'done')
    expect((await post(mcp, 'tools/call', { name: 'a' }, { 'mcp-name': 'a' })).result).toEqual({
      ...job,
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'press', version: '1.0.0' } },
    })
  })

  it('that no extension has does not', async () => {
    const mcp = server().extend({ id: ID, aroundTools: around })
    mcp.tool('a', { description: 'A' }, () => 'done')
    expect((await post(mcp, 'tools/call', { name: 'a' }, { 'mcp-name': 'a' })).result).toMatchObject({
      resultType: 'complete',
    })
  })

  it('does not come out of a server that is mounted: its client agreed on extensions with the outer one', async () => {
    const inner = server().extend({ id: ID, resultTypes: ['job'], aroundTools: around })
    inner.tool('a', { description: 'A' }, () => 'done')
    const outer = server()
    outer.mount(inner)
    const { result } = await post(outer, 'tools/call', { name: 'a' }, { 'mcp-name': 'a' })
    expect(result).toMatchObject({ resultType: 'complete', content: [{ text: 'done' }] })
  })
})

describe('what an extension runs beside the calls', () => {
  function running(log: string[], id = ID, fail = () => false): Extension {
    return {
      id,
      start: async (host) => {
        if (fail()) throw new Error('no disk')
        log.push(`start ${id} of ${host.name}`)
        return async () => void log.push(`stop ${id}`)
      },
    }
  }

  it('begins before the first call and once, and ends with the server, last begun first', async () => {
    const log: string[] = []
    const mcp = server().extend(running(log)).extend(running(log, 'com.example/more'))
    mcp.tool('a', { description: 'A' }, () => void log.push('called'))
    expect(log).toEqual([])
    await using client = await connect(mcp)
    await Promise.all([client.callTool('a'), client.callTool('a')])
    await mcp.close()
    await mcp.close()
    expect(log).toEqual([
      `start ${ID} of press`,
      'start com.example/more of press',
      'called',
      'called',
      'stop com.example/more',
      `stop ${ID}`,
    ])
  })

  it('begins again with a server that is used again', async () => {
    const log: string[] = []
    const mcp = server().extend(running(log))
    for (let round = 0; round < 2; round++) {
      expect((await post(mcp, 'server/discover', {})).status).toBe(200)
      await mcp.close()
    }
    expect(log).toEqual([`start ${ID} of press`, `stop ${ID}`, `start ${ID} of press`, `stop ${ID}`])
  })

  it('keeps a server from listening that it cannot begin for', async () => {
    const mcp = server().extend(running([], ID, () => true))
    await expect(mcp.listen({ port: 0 })).rejects.toThrow('no disk')
  })

  it('is tried again at the next call, which fails meanwhile', async () => {
    const log: string[] = []
    let broken = true
    const reports: Error[] = []
    const mcp = server({ onError: (problem) => void reports.push(problem) }).extend(running(log, ID, () => broken))
    expect(await post(mcp, 'tools/list', {})).toMatchObject({
      error: { code: -32603, message: expect.stringMatching(/^Internal/) },
    })
    expect(reports.map(({ message }) => message)).toEqual(['no disk'])
    broken = false
    expect((await post(mcp, 'server/discover', {})).status).toBe(200)
    expect(log).toEqual([`start ${ID} of press`])
  })

  it('begins and ends with the server that it is mounted in', async () => {
    const log: string[] = []
    const outer = server()
    outer.mount(server({ name: 'inner' }).extend(running(log)))
    await post(outer, 'server/discover', {})
    await outer.close()
    expect(log).toEqual([`start ${ID} of inner`, `stop ${ID}`])
  })

  it('is heard of by operators, with the name of the extension', async () => {
    const heard: unknown[] = []
    const mcp = server({ onError: (problem, facts) => void heard.push([problem.message, facts]) })
    mcp.extend({
      id: ID,
      start: ({ report, changed }) => {
        changed({ kind: 'tool' })
        report(new Error('odd'), { file: 'a' })
        return undefined
      },
    })
    await post(mcp, 'server/discover', {})
    expect(heard).toEqual([['odd', { extension: ID, file: 'a' }]])
  })
})
