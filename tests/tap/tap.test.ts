import { PassThrough } from 'node:stream'
import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { describe, expect, it } from 'vitest'
import { type Side, Tap } from './tap.ts'
import { tapPipe, tappedFetch } from './wires.ts'

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

type Said = readonly [from: Side, message: object]

const asks = (method: string, params: object = {}): Said => ['client', { jsonrpc: '2.0', id: 1, method, params }]
const answers = (result: object): Said => ['server', { jsonrpc: '2.0', id: 1, result }]
const called = asks('tools/call', { name: 'a', _meta: META })
const KEPT = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }

function problems(conversation: readonly Said[]): readonly string[] {
  const tap = new Tap()
  for (const [from, message] of conversation) tap.take(from, JSON.stringify(message))
  return tap.invalid.map(({ from, problem }) => `${from}: ${problem}`)
}

describe('a tap', () => {
  it.each<[what: string, said: readonly Said[], problem: RegExp]>([
    ['a message of no kind', [['server', { jsonrpc: '2.0', id: 1 }]], /server/],
    ['a request without its parameters', [asks('tools/call')], /client: .*name/],
    [
      'a request of the stateless era without its envelope',
      [asks('tools/list', { _meta: { ...META, 'io.modelcontextprotocol/clientCapabilities': undefined } })],
      /clientCapabilities/,
    ],
    ['an answer to nothing', [answers({})], /nobody asked/],
    ['a result without what it must have', [called, answers({ resultType: 'complete' })], /content is missing/],
    ['a block of no type', [called, answers({ resultType: 'complete', content: [{ type: 'text' }] })], /text/],
    [
      'a tool without a schema',
      [asks('tools/list', { _meta: META }), answers({ ...KEPT, tools: [{ name: 'a' }] })],
      /inputSchema/,
    ],
    ['a result without a type', [called, answers({ content: [] })], /resultType is missing/],
    [
      'a list without a hint',
      [asks('tools/list', { _meta: META }), answers({ resultType: 'complete', tools: [] })],
      /ttlMs/,
    ],
    [
      'a member of the other era',
      [asks('tools/list'), answers({ ...KEPT, tools: [] })],
      /resultType is of another era/,
    ],
    [
      'a question of no kind',
      [called, answers({ resultType: 'input_required', inputRequests: { a: { method: 'ping' } } })],
      /ping is no question/,
    ],
    [
      'a question to the client in the stateless era',
      [called, ['server', { jsonrpc: '2.0', id: 7, method: 'roots/list' }]],
      /asks nothing/,
    ],
    [
      'a notification without its parameters',
      [['server', { jsonrpc: '2.0', method: 'notifications/progress' }]],
      /server: .*params/,
    ],
    [
      'an answer of the client that fits no question',
      [
        asks('ping'),
        ['server', { jsonrpc: '2.0', id: 7, method: 'roots/list' }],
        ['client', { jsonrpc: '2.0', id: 7, result: {} }],
      ],
      /client: .*roots/,
    ],
  ])('finds %s', (_, said, problem) => {
    expect(problems(said)).toEqual([expect.stringMatching(problem)])
  })

  it('finds nothing wrong with what is right', () => {
    expect(problems([called, answers({ resultType: 'complete', content: [] })])).toEqual([])
    const ask = { method: 'elicitation/create', params: { mode: 'url', message: 'Sign in', url: 'https://a.example' } }
    expect(problems([called, answers({ resultType: 'input_required', inputRequests: { ask } })])).toEqual([])
    expect(problems([asks('tools/list'), answers({ tools: [] })])).toEqual([])
  })

  it('leaves a server alone that says that it lies', () => {
    const lie = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'liar' } } }
    expect(problems([called, answers(lie)])).toEqual([])
  })
})

describe.each(['stateless', 'stateful'] as const)('on a wire of the %s era', (era) => {
  function talkative(): FastMCP {
    const mcp = new FastMCP({ name: 'talkative', version: '1.0.0' })
    mcp.tool('greet', { description: 'Greets' }, (_, ctx) => {
      ctx.progress(1, 2, 'half')
      return 'Grüß dich'
    })
    return mcp
  }

  it('HTTP carries what both say to the tap', async () => {
    const server = await talkative().listen({ port: 0 })
    const tap = new Tap()
    const client = await connect(server.url, { era, fetch: tappedFetch(fetch, tap) })
    await client.tools()
    const before = tap.seen
    await client.callTool('greet', {}, { onProgress: () => undefined })
    await client.close()
    await server.close()
    expect([tap.seen - before, tap.invalid]).toEqual([3, []])
  })

  it('a pipe carries what both say to the tap', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const tap = new Tap()
    tapPipe(input, 'client', tap)
    tapPipe(output, 'server', tap)
    const running = talkative().run({ transport: 'stdio', input, output })
    const client = await connect({ input: output, output: input }, { era })
    const before = tap.seen
    await client.callTool('greet', {}, { onProgress: () => undefined })
    await client.close()
    input.end()
    await running
    expect([tap.seen - before, tap.invalid]).toEqual([3, []])
  })
})
