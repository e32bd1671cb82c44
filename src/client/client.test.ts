import { PassThrough } from 'node:stream'
import { completable } from '@modelcontextprotocol/sdk/server/completable.js'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type Client, type ConnectOptions, connect, type LogEntry, type Progress, ToolCallError } from './index.ts'

/** A server made with another library, at the other end of two pipes: what a client meets in the field. */
async function meet(build: (server: McpServer) => void, options: ConnectOptions = {}): Promise<Client> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const server = new McpServer(
    { name: 'other', version: '9.9.9', title: 'Another server' },
    { instructions: 'Be kind', capabilities: { logging: {} } },
  )
  build(server)
  await server.connect(new StdioServerTransport(toServer, toClient))
  const client = await connect({ input: toClient, output: toServer }, { connectTimeout: 400, ...options })
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  return client
}

const withTools = (server: McpServer): void => {
  const input = { a: z.number(), b: z.number() }
  server.registerTool('add', { description: 'Adds', inputSchema: input }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  server.registerTool('sum', { inputSchema: input, outputSchema: { sum: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: 'see sum' }],
    structuredContent: { sum: a + b },
  }))
  server.registerTool('wrapped', {}, () => ({
    content: [{ type: 'text', text: '3' }],
    structuredContent: { result: 3 },
    _meta: { fastmcp: { wrap_result: true } },
  }))
  server.registerTool('two', {}, () => ({
    content: [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ],
  }))
  server.registerTool('nothing', {}, () => ({ content: [] }))
  server.registerTool('broken', {}, () => ({ content: [{ type: 'text', text: 'out of paper' }], isError: true }))
}

describe('meeting a server', () => {
  it('tells who it is, what it can do and how it was agreed to speak', async () => {
    const client = await meet(withTools)
    expect(client.serverInfo).toMatchObject({ name: 'other', version: '9.9.9', title: 'Another server' })
    expect(client.capabilities).toMatchObject({ tools: {}, logging: {} })
    expect(client.instructions).toBe('Be kind')
    expect([client.era, client.revision]).toEqual(['stateful', '2025-11-25'])
  })

  it('insists on an era that the server does not speak, and says so', async () => {
    await expect(meet(withTools, { era: 'stateless' })).rejects.toMatchObject({ code: 'ERA_NOT_SPOKEN' })
  })

  it('takes a server without a kind of component for one with an empty list', async () => {
    const client = await meet(() => undefined)
    expect(await Promise.all([client.tools(), client.resources(), client.templates(), client.prompts()])).toEqual([
      [],
      [],
      [],
      [],
    ])
  })
})

describe('calling a tool', () => {
  it('gives the text of a single block as data', async () => {
    const client = await meet(withTools)
    const result = await client.callTool('add', { a: 1, b: 2 })
    expect(result).toMatchObject({ data: '3', text: '3', structured: undefined, isError: false })
    expect(result.raw.content).toBe(result.content)
  })

  it('gives structured content as data', async () => {
    const client = await meet(withTools)
    const { data, structured, text } = await client.callTool<{ sum: number }>('sum', { a: 1, b: 2 })
    expect([data.sum, structured, text]).toEqual([3, { sum: 3 }, 'see sum'])
  })

  it('unwraps what was wrapped for the revision', async () => {
    const { data, structured } = await (await meet(withTools)).callTool<number>('wrapped')
    expect([data, structured]).toEqual([3, { result: 3 }])
  })

  it('gives several blocks as they are, and nothing as undefined', async () => {
    const client = await meet(withTools)
    const two = await client.callTool('two')
    expect([two.data, two.text]).toEqual([two.content, 'one\ntwo'])
    expect((await client.callTool('nothing')).data).toBeUndefined()
  })

  it('throws a failed result, or returns it when asked to', async () => {
    const client = await meet(withTools)
    const problem = await client.callTool('broken').catch((thrown: unknown) => thrown)
    expect(problem).toBeInstanceOf(ToolCallError)
    expect(problem).toMatchObject({
      code: 'TOOL_ERROR',
      tool: 'broken',
      message: 'out of paper',
      result: { isError: true },
    })
    expect(await client.callTool('broken', {}, { throwOnError: false })).toMatchObject({
      isError: true,
      text: 'out of paper',
    })
  })

  it('lists nothing by itself, and compiles nothing that no result needs', async () => {
    let lists = 0
    const client = await meet((server) => {
      withTools(server)
      const old = server.server as unknown as { _requestHandlers: Map<string, (...args: unknown[]) => unknown> }
      const list = old._requestHandlers.get('tools/list')
      old._requestHandlers.set('tools/list', (...args) => {
        lists++
        return list?.(...args)
      })
    })
    await client.callTool('sum', { a: 1, b: 2 })
    expect(lists).toBe(0)
    await client.tools()
    await client.callTool('sum', { a: 1, b: 2 })
    expect(lists).toBe(1)
  })
})

describe('output schemas of listed tools', () => {
  const answering = (outputSchema: object, structuredContent: unknown) => (server: McpServer) => {
    server.registerTool('any', { outputSchema: z.any() as never }, () => ({ content: [] }))
    const handlers = (server.server as unknown as { _requestHandlers: Map<string, () => unknown> })._requestHandlers
    handlers.set('tools/list', () => ({ tools: [{ name: 'any', inputSchema: { type: 'object' }, outputSchema }] }))
    handlers.set('tools/call', () => ({ content: [], structuredContent }))
  }

  it('are checked, with the place that does not fit', async () => {
    const schema = { type: 'object', properties: { n: { type: 'number' } } }
    const client = await meet(answering(schema, { n: 'five' }))
    await client.tools()
    await expect(client.callTool('any')).rejects.toMatchObject({
      code: 'INVALID_ANSWER',
      message: expect.stringContaining('output schema'),
    })
  })

  it.each([
    ['an unknown dialect', { type: 'object', $schema: 'https://example.com/dialect' }],
    ['a broken pattern', { type: 'object', properties: { n: { pattern: '(' } } }],
    ['a reference to nowhere', { type: 'object', properties: { n: { $ref: '#/no/where' } } }],
    ['an unknown format and keyword', { type: 'object', properties: { n: { format: 'x-ours' } }, 'x-ours': 1 }],
  ])('with %s do not make the tool unusable', async (_, schema) => {
    const client = await meet(answering(schema, { n: 'five' }))
    await client.tools()
    expect((await client.callTool('any')).data).toEqual({ n: 'five' })
  })
})

describe('while a call runs', () => {
  const withWork = (server: McpServer): void => {
    server.registerTool(
      'work',
      { inputSchema: { steps: z.number() } },
      async ({ steps }, { _meta, sendNotification }) => {
        for (let done = 1; done <= steps; done++) {
          const progressToken = _meta?.progressToken
          if (progressToken === undefined) break
          const params = { progressToken, progress: done, total: steps, message: `step ${done}` }
          await sendNotification({ method: 'notifications/progress', params })
        }
        await server.server.sendLoggingMessage({ level: 'debug', data: 'unseen' })
        await server.server.sendLoggingMessage({ level: 'warning', logger: 'work', data: { message: 'done' } })
        return { content: [] }
      },
    )
    server.registerTool(
      'wait',
      {},
      (extra) =>
        new Promise((_, reject) => {
          extra.signal.addEventListener('abort', () => {
            aborted()
            reject(new Error('aborted'))
          })
          server.server.sendLoggingMessage({ level: 'info', data: 'waiting' })
        }),
    )
  }
  let aborted = (): void => undefined

  it('tells its progress', async () => {
    const client = await meet(withWork)
    const seen: Progress[] = []
    await client.callTool('work', { steps: 3 }, { onProgress: (progress) => seen.push(progress) })
    expect(seen.map(({ progress, total, message }) => [progress, total, message])).toEqual([
      [1, 3, 'step 1'],
      [2, 3, 'step 2'],
      [3, 3, 'step 3'],
    ])
  })

  it('hands over log messages at the level asked for', async () => {
    const all: LogEntry[] = []
    const own: LogEntry[] = []
    const client = await meet(withWork, { onLog: (entry) => all.push(entry) })
    await client.callTool('work', { steps: 0 }, { onLog: (entry) => own.push(entry) })
    await client.callTool('work', { steps: 0 })
    const entry = { level: 'warning', logger: 'work', data: { message: 'done' } }
    expect([all, own]).toEqual([[entry, entry], [entry]])
  })

  it('can be cancelled, on both sides, with the reason of the signal', async () => {
    const reached = new Promise<void>((resolve) => {
      aborted = resolve
    })
    const client = await meet(withWork)
    const abort = new AbortController()
    const reason = new Error('enough')
    const call = client.callTool('wait', {}, { signal: abort.signal, onLog: () => abort.abort(reason) })
    await expect(call).rejects.toBe(reason)
    await reached
  })

  it('gives up after its time', async () => {
    const client = await meet(withWork)
    await expect(client.callTool('wait', {}, { timeout: 30 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('fails when the connection is closed, and so does every later call', async () => {
    const client = await meet(withWork)
    const waiting = new Promise<void>((resolve) => {
      client.callTool('wait', {}, { onLog: () => resolve() }).catch((problem) => {
        failure = problem
      })
    })
    let failure: unknown
    await waiting
    await client.close()
    await client.close()
    await expect.poll(() => failure).toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect(client.callTool('wait')).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})

describe('resources, prompts and completion', () => {
  const withAll = (server: McpServer): void => {
    const text = JSON.stringify({ theme: 'dark' })
    server.registerResource('app', 'config://app', { mimeType: 'application/json' }, (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'application/json', text }],
    }))
    server.registerResource('logo', 'logo://app', {}, (uri) => ({ contents: [{ uri: uri.href, blob: 'AP8Q' }] }))
    server.registerResource('user', new ResourceTemplate('users://{id}', { list: undefined }), {}, (uri, { id }) => ({
      contents: [{ uri: uri.href, text: `user ${id}` }],
    }))
    const argsSchema = {
      code: z.string(),
      language: completable(z.string(), (typed, context) =>
        ['typescript', 'rust', context?.arguments?.code ?? ''].filter((name) => name.startsWith(typed)),
      ),
    }
    server.registerPrompt('review', { argsSchema }, ({ code }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `Review: ${code}` } }],
    }))
  }

  it('reads text, bytes and JSON', async () => {
    const client = await meet(withAll)
    const config = await client.readResource('config://app')
    expect(config.json<{ theme: string }>().theme).toBe('dark')
    expect([config.mimeType, config.bytes.length]).toEqual(['application/json', config.text.length])
    const logo = await client.readResource('logo://app')
    expect([...logo.bytes]).toEqual([0, 255, 16])
    expect(() => logo.json()).toThrow('are not JSON')
    expect((await client.readResource('users://7')).text).toBe('user 7')
  })

  it('lists them all', async () => {
    const client = await meet(withAll)
    expect((await client.resources()).map(({ uri }) => uri)).toEqual(['config://app', 'logo://app'])
    expect((await client.templates()).map(({ uriTemplate }) => uriTemplate)).toEqual(['users://{id}'])
    expect((await client.prompts()).map(({ name }) => name)).toEqual(['review'])
  })

  it('tells an unknown resource and an unknown prompt by the code of the answer', async () => {
    const client = await meet(withAll)
    await expect(client.readResource('no://where')).rejects.toMatchObject({ name: 'ServerError', rpcCode: -32602 })
    await expect(client.getPrompt('none')).rejects.toMatchObject({ code: 'INVALID_PARAMS', rpcCode: -32602 })
  })

  it('fills in a prompt and completes its arguments', async () => {
    const client = await meet(withAll)
    const { messages } = await client.getPrompt('review', { code: 'x', language: 'rust' })
    expect(messages).toMatchObject([{ role: 'user', content: { text: 'Review: x' } }])
    const ref = { type: 'ref/prompt', name: 'review' } as const
    expect((await client.complete(ref, { name: 'language', value: 'ty' })).values).toEqual(['typescript'])
    const others = { code: 'tywin' }
    expect((await client.complete(ref, { name: 'language', value: 'ty' }, { others })).values).toEqual([
      'typescript',
      'tywin',
    ])
  })
})

describe('CL-04: long lists', () => {
  const listing = (page: (cursor: string | undefined) => unknown) => (server: McpServer) => {
    server.registerTool('any', {}, () => ({ content: [] }))
    const handlers = (server.server as unknown as { _requestHandlers: Map<string, (request: never) => unknown> })
      ._requestHandlers
    handlers.set('tools/list', ({ params }: { params?: { cursor?: string } }) => page(params?.cursor))
  }
  const tool = (n: number) => ({ name: `t${n}`, inputSchema: { type: 'object' } })

  it('are read page by page; an empty cursor is one', async () => {
    const next: Record<string, string> = { first: '', '': 'last' }
    const client = await meet(
      listing((cursor) => ({
        tools: [tool(cursor === undefined ? 0 : cursor === '' ? 2 : cursor === 'first' ? 1 : 3)],
        ...(cursor !== 'last' && {
          nextCursor: next[cursor ?? ''] === undefined || cursor === undefined ? 'first' : next[cursor],
        }),
      })),
    )
    expect((await client.tools()).map(({ name }) => name)).toEqual(['t0', 't1', 't2', 't3'])
  })

  it('that never end stop at 64 pages', async () => {
    let pages = 0
    const client = await meet(listing(() => ({ tools: [tool(pages)], nextCursor: `${pages++}` })))
    await expect(client.tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(pages).toBe(64)
  })

  it('are refused over 10,000 items', async () => {
    const client = await meet(listing(() => ({ tools: Array.from({ length: 10_001 }, (_, n) => tool(n)) })))
    await expect(client.tools()).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

describe('beyond the usual methods', () => {
  const withExtension = (server: McpServer): void => {
    server.server.registerCapabilities({ experimental: {} })
    const handlers = (server.server as unknown as { _requestHandlers: Map<string, (request: never) => unknown> })
      ._requestHandlers
    handlers.set('pictures/list', ({ params }: { params: Record<string, unknown> }) => ({
      pictures: ['a'],
      got: params,
    }))
  }

  it('sends any request, and takes any result for what it is', async () => {
    const client = await meet(withExtension)
    const result = await client.request<{ pictures: string[]; got: object }>('pictures/list', { size: 3 })
    expect(result).toMatchObject({ pictures: ['a'], got: { size: 3 } })
    const meta = { trace: 'x' }
    const { got } = await client.request<{ got: object }>('pictures/list', { _meta: { own: 1 } }, { meta })
    expect(got).toEqual({ _meta: { own: 1, trace: 'x' } })
    await expect(client.request('pictures/none')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    await expect(client.request('pictures/list', {}, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })

  it('makes sure that the server answers', async () => {
    const client = await meet(withTools)
    await client.ping()
    await client.close()
    await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  it('tells when the connection has ended, whoever ended it', async () => {
    const own = await meet(withTools)
    await own.close()
    await own.closed
    const [toServer, toClient] = [new PassThrough(), new PassThrough()]
    const server = new McpServer({ name: 'leaving', version: '1.0.0' })
    await server.connect(new StdioServerTransport(toServer, toClient))
    const client = await connect({ input: toClient, output: toServer }, { era: 'stateful' })
    onTestFinished(() => client.close())
    toClient.end()
    await client.closed
    await expect(client.tools()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })

  it('tells what goes wrong beside any call', async () => {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()]
    const server = new McpServer({ name: 'noisy', version: '1.0.0' })
    await server.connect(new StdioServerTransport(toServer, toClient))
    const problems: unknown[] = []
    const options = { era: 'stateful', onError: (problem: unknown) => problems.push(problem) } as const
    const client = await connect({ input: toClient, output: toServer }, options)
    onTestFinished(() => client.close())
    toClient.write('a line that a careless server printed\n{"a":1}\n')
    await client.ping()
    expect(problems).toMatchObject([{ code: 'INVALID_ANSWER' }])
  })
})
