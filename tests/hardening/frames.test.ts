import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseMessage } from '../../src/protocol/parse.ts'
import { postText, type RawAnswer, sendRaw } from '../kit/raw-socket.ts'
import { META } from '../kit/stateless.ts'
import {
  expectDiscreet,
  expectServing,
  type Failure,
  failureOf,
  plain,
  post,
  postModern,
  startTarget,
  type Target,
} from './hostile.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

let answers: RawAnswer[] = []
beforeEach(() => {
  answers = []
  target.seen.length = 0
})
afterEach(async () => {
  for (const answer of answers) expectDiscreet(answer)
  expect(target.reported).toEqual([])
  await expectServing(target)
})

async function failure(body: string): Promise<Failure> {
  return failureOf(await sent(body))
}

async function sent(body: string, headers: readonly (readonly [string, string])[] = []): Promise<RawAnswer> {
  const answer = await post(target.port, body, headers)
  answers.push(answer)
  return answer
}

const UNREADABLE: Failure = { status: 400, code: -32700, id: undefined }
const INVALID: Failure = { status: 400, code: -32600, id: undefined }
const request = (members: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', ...members })

describe('frames', () => {
  it.each(['', ' ', '\r\n\t ', `\uFEFF${request({})}`])('FR-01: %j is no message', async (body) => {
    expect(await failure(body)).toEqual(UNREADABLE)
  })

  it.each([
    request({}).slice(0, -1),
    `${request({}).slice(0, -1)},}`,
    '{"jsonrpc":"2.0","id":NaN,"method":"ping"}',
    `/* hello */${request({})}`,
    `${request({})}${request({ id: 2 })}`,
    `${request({})}\n${request({ id: 2 })}`,
    "{'jsonrpc':'2.0'}",
    '{"a":"\t"}',
  ])('FR-02: %j is no JSON', async (body) => {
    expect(await failure(body)).toEqual(UNREADABLE)
  })

  it.each(['null', '42', '"x"', 'true', '{}'])('FR-03: %s is no request', async (body) => {
    expect(await failure(body)).toEqual(INVALID)
  })

  it.each([undefined, '1.0', 2, '2', null, ['2.0']])('FR-04: jsonrpc %j is refused', async (jsonrpc) => {
    expect(await failure(request({ jsonrpc }))).toMatchObject({ status: 400, code: -32600 })
  })

  it.each([null, 1.5, true, [], {}, 2 ** 53 + 2, -(2 ** 60), 1e300])('FR-05: id %j is refused', async (id) => {
    expect(await failure(request({ id }))).toEqual(INVALID)
  })

  it('FR-05: an id of 1 MB is refused and never sent back, and "1" stays a string', async () => {
    const answer = await sent(request({ id: 'x'.repeat(1_000_000) }))
    expect(failureOf(answer)).toEqual(INVALID)
    expect(answer.body.length).toBeLessThan(500)
    expect(await failure(request({}).replace('"id":1', '"id":1e400'))).toEqual(INVALID)
    const [text, number] = [await sent(plain('ping', {}, '1')), await sent(plain('ping', {}, 1))]
    expect([JSON.parse(text.body).id, JSON.parse(number.body).id]).toEqual(['1', 1])
  })

  it.each([65, 1_000, 2_000_000])('FR-06: %i levels are refused before they are parsed', async (depth) => {
    const nested = (open: string, close: string): string => open.repeat(depth) + close.repeat(depth)
    const bodies = [
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"x":${nested('[', ']')}}}}`,
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":${nested('{"a":', '}').replace('}', '1}')}}}`,
    ].filter((body) => body.length <= 4 * 1024 * 1024)
    for (const body of bodies) {
      expect(await failure(body)).toEqual(INVALID)
      const start = performance.now()
      expect(() => parseMessage(body)).toThrow(/nests deeper/)
      expect(performance.now() - start).toBeLessThan(20)
    }
    expect(target.seen).toEqual([])
  })

  it('FR-06: 64 levels are served', async () => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"x":${'['.repeat(61)}${']'.repeat(61)}}}}`
    expect((await sent(body)).status).toBe(200)
    expect(target.seen).toHaveLength(1)
  })

  it.each<[string, number[]]>([
    ['a stray byte', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut short', [0xe6, 0x97]],
  ])('FR-07: %s is not UTF-8', async (_name, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":"'),
      Buffer.from(bytes),
      Buffer.from('","method":"ping"}'),
    ])
    const head = postText(target.port, '').replace('Content-Length: 0', `Content-Length: ${body.length}`)
    const answer = await sendRaw(target.port, Buffer.concat([Buffer.from(head), body]))
    answers.push(answer)
    expect(failureOf(answer)).toEqual(UNREADABLE)
  })

  it('FR-07: a NUL is no JSON', async () => {
    expect(await failure('{"jsonrpc":"2.0","id":"\u0000","method":"ping"}')).toEqual(UNREADABLE)
    expect(await failure(`${request({})}\u0000`)).toEqual(UNREADABLE)
  })

  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}',
    '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","name":"fail"}}',
    '{"jsonrpc":"2.0","id":1,"method":"ping","\\u006dethod":"tools/list"}',
    '{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}',
  ])('FR-08: %s says something twice', async (body) => {
    expect(await failure(body)).toMatchObject({ status: 400, code: -32600 })
  })

  it.each(['Method', 'METHOD', 'Params', 'param\u017f', 'Jsonrpc', 'ID', '\uff49d'])(
    'FR-09: "%s" is not taken for the member it looks like',
    async (name) => {
      expect(await failure(request({ [name]: 'x' }))).toMatchObject({ status: 400, code: -32600 })
    },
  )

  it('FR-10: half a surrogate pair is a name of its own, and of nothing', async () => {
    target.mcp.resource('data://\ufffd', { name: 'replacement' }, () => 'other')
    for (const text of ['\\ud800', '\\udc00x', '\\ud800\\ud800']) {
      const calls = [
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${text}"}}`,
        `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"${text}"}}`,
      ]
      for (const body of calls) expect((await failure(body)).code).toBe(-32602)
      const read = await sent(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"data://${text}"}}`)
      expect([-32602, -32002]).toContain(failureOf(read).code)
      expect(read.body).not.toContain('other')
    }
  })

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":{"__proto__":{"polluted":1}},"b":[{"__proto__":{"polluted":1}}]}',
    '{"\\u005f_proto__":{"polluted":1}}',
  ])('FR-11: %s poisons nothing', async (args) => {
    for (const name of ['echo', 'add']) {
      await sent(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`)
    }
    await sent(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":${args}}`)
    await sent(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":${args}},"__proto__":{"method":"x"}}`)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('polluted')
    for (const seen of target.seen) {
      expect((seen as Record<string, unknown>).polluted).toBeUndefined()
      expect(Object.getPrototypeOf(seen)).toBe(Object.prototype)
    }
  })

  it.each<[string, string]>([
    ['an object of 350,000 keys', `{${Array.from({ length: 350_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['4 MB of empty arrays', `[${'[],'.repeat(1_300_000)}[]]`],
    ['a number of 100,000 digits', '9'.repeat(100_000)],
    ['a string of 4 MB', `"${'x'.repeat(4_000_000)}"`],
  ])('FR-12: %s is served or refused within 200 ms of work', async (_name, value) => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"x":${value}}}}`
    const before = process.cpuUsage()
    const answer = await sent(body)
    const { user } = process.cpuUsage(before)
    // Client and server share this process: the client's own part is in it.
    expect(user / 1000).toBeLessThan(1_000)
    if (answer.status !== 200) expect(failureOf(answer)).toEqual(INVALID)
    const start = performance.now()
    try {
      parseMessage(body)
    } catch {
      // A refusal is what is timed.
    }
    expect(performance.now() - start).toBeLessThan(200)
  })

  it('FR-13: keys made to collide take no longer than others', () => {
    const time = (key: (i: number) => string): number => {
      const text = `{${Array.from({ length: 40_000 }, (_, i) => `"${key(i)}":1`).join(',')}}`
      const runs = Array.from({ length: 3 }, () => {
        const start = performance.now()
        parseMessage(text)
        return performance.now() - start
      })
      return Math.min(...runs)
    }
    const usual = time((i) => `key-${i}`)
    // Array indices are hashed by their value, without a seed.
    const colliding = [time((i) => `${(i + 1) * 65_536}`), time((i) => `${4_294_967_296 + i * 1024}`)]
    expect(Math.max(...colliding)).toBeLessThan(20 * Math.max(usual, 5))
  })

  describe('FR-14: a batch', () => {
    const batch = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, (_, id) => JSON.parse(request({ id }))))
    const OLD = [['MCP-Protocol-Version', '2025-03-26']] as const

    it('is refused by the stateless era', async () => {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } }
      const headers = [
        ['MCP-Protocol-Version', '2026-07-28'],
        ['Mcp-Method', 'tools/list'],
      ] as const
      expect(failureOf(await sent(JSON.stringify([message]), headers))).toEqual(INVALID)
    })

    it.each([1, 20])('of %i is served where the revision has batches', async (count) => {
      const answer = await sent(batch(count), OLD)
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toHaveLength(count)
    })

    it.each([0, 21, 20_000])('of %i is refused as a whole', async (count) => {
      expect(failureOf(await sent(batch(count), OLD))).toEqual(INVALID)
    })

    it('that is nested, or greets, is refused', async () => {
      const nested = await sent(`[[${request({})}]]`, OLD)
      expect(JSON.stringify(JSON.parse(nested.body))).toContain('-32600')
      const params = { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
      expect(failureOf(await sent(`[${plain('initialize', params)},${request({})}]`, OLD))).toEqual(INVALID)
    })
  })

  it('FR-15: an answer to nothing changes nothing', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 77, result: {} })
    const modern = await sent(body, [['MCP-Protocol-Version', '2026-07-28']])
    expect(modern.status).toBe(400)
    expect(await sent(body)).toMatchObject({ status: 202, body: '' })
  })

  const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', 'x'.repeat(100_000)]

  it.each(NAMES)('FR-16: a tool or prompt called %.20s is as unknown as any', async (name) => {
    for (const method of ['tools/call', 'prompts/get']) {
      const [odd, other] = [await failure(plain(method, { name })), await failure(plain(method, { name: 'nothing' }))]
      expect(odd).toEqual(other)
      expect(odd.code).toBe(-32602)
      if (name.length > 256) continue
      const modern = failureOf(await postModern(target.port, method, { params: { name } }))
      expect(modern.code).toBe(-32602)
    }
    const read = await failure(plain('resources/read', { uri: name }))
    expect([-32602, -32002]).toContain(read.code)
  })

  it.each(NAMES)('FR-16: a method called %.20s is as unknown as any', async (method) => {
    expect((await failure(plain(method))).code).toBe(-32601)
    if (method.length > 256 || method === '') return
    expect(failureOf(await postModern(target.port, method))).toMatchObject({ status: 404, code: -32601 })
  })

  it.each([[[1, 2]], ['text'], [null], [7], [true], [{ a: 1, b: 2, c: 3 }], [{ a: {}, b: [] }]])(
    'FR-17: arguments %j are served or refused in words',
    async (args) => {
      for (const name of ['add', 'echo']) {
        const answer = await sent(plain('tools/call', { name, arguments: args }))
        const { error, result } = JSON.parse(answer.body)
        if (error) expect(error.code).toBe(-32602)
        else expect(result.content[0].type).toBe('text')
      }
    },
  )
})
