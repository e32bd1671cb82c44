import { audio, FastMCP, file, image, link, ToolError, toolResult } from '@fastmcp/ts'
import { ServerError, ToolCallError } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { z } from 'zod'

const PNG = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13])
const WAV = Uint8Array.from([82, 73, 70, 70, 4, 0, 0, 0, 87, 65, 86, 69])

/** A server whose tool `give` returns what the test chose. */
function giving(value: unknown): FastMCP {
  const mcp = new FastMCP({ name: 'giver', version: '1.0.0', onError: () => undefined })
  mcp.tool('give', { description: 'Gives' }, () => value)
  return mcp
}

describeEras('what a tool returns', (open) => {
  const give = async (value: unknown) => (await open(giving(value))).callTool('give')

  it.each([
    ['a string', 'hello', 'hello'],
    ['an empty string', '', ''],
    ['text beyond ASCII and line breaks', 'Grüße\n\u2028 👋 "\\', 'Grüße\n\u2028 👋 "\\'],
    ['a number', 42.5, 42.5],
    ['zero', 0, 0],
    ['true', true, true],
    ['false', false, false],
    ['null', null, null],
    ['an object', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['an object with a member called result', { result: 1 }, { result: 1 }],
    ['an empty object', {}, {}],
    ['a list', [1, 'two', { three: 3 }], [1, 'two', { three: 3 }]],
    ['an empty list', [], []],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['a map', new Map([['a', 1]]), { a: 1 }],
    ['a small bigint', { n: 5n }, { n: 5 }],
    ['a large bigint', { n: 2n ** 70n }, { n: '1180591620717411303424' }],
  ])('%s arrives as it was', async (_, value, expected) => {
    const result = await give(value)
    expect(result.data).toEqual(expected)
    expect(result.isError).toBe(false)
    expect(result.content).toHaveLength(1)
  })

  it('undefined is no content', async () => {
    const result = await give(undefined)
    expect([result.data, result.content, result.text]).toEqual([undefined, [], ''])
  })

  it('a picture, sound, a file and a link are content', async () => {
    const blocks = [
      'see',
      image(PNG),
      audio(WAV),
      file('note://1', { text: 'note' }),
      link('config://app', { name: 'app', title: 'App' }),
    ]
    const { content, text } = await give(blocks)
    expect(content).toMatchObject([
      { type: 'text', text: 'see' },
      { type: 'image', mimeType: 'image/png', data: Buffer.from(PNG).toString('base64') },
      { type: 'audio', mimeType: 'audio/wav', data: Buffer.from(WAV).toString('base64') },
      { type: 'resource', resource: { uri: 'note://1', mimeType: 'text/plain', text: 'note' } },
      { type: 'resource_link', uri: 'config://app', name: 'app', title: 'App' },
    ])
    expect(text).toBe('see')
  })

  it('bytes are an embedded resource', async () => {
    const { content } = await give(PNG)
    expect(content).toMatchObject([{ type: 'resource', resource: { blob: Buffer.from(PNG).toString('base64') } }])
  })

  it('a result said part by part keeps its parts', async () => {
    const result = await give(
      toolResult({ content: 'two rows', structured: { rows: [1, 2] }, meta: { 'example.com/took': 3 } }),
    )
    expect([result.text, result.data]).toEqual(['two rows', { rows: [1, 2] }])
    expect(result.raw._meta).toMatchObject({ 'example.com/took': 3 })
  })

  it('a megabyte of text arrives whole', async () => {
    const text = 'é'.repeat(1 << 20)
    expect((await give(text)).text).toBe(text)
  })

  it.each([
    [
      'a cycle',
      () => {
        const loop: Record<string, unknown> = {}
        loop.loop = loop
        return loop
      },
    ],
    ['a function', () => ({ f: () => 1 })],
    ['NaN', () => ({ n: Number.NaN })],
  ])('%s is refused, and the reason is not shown', async (_, make) => {
    const client = await open(giving(make()))
    await expect(client.callTool('give')).rejects.toThrow(/^Internal error \(/)
  })
})

describeEras('a tool with an output schema', (open) => {
  function server(value: unknown): FastMCP {
    const mcp = new FastMCP({ name: 'typed', version: '1.0.0', onError: () => undefined })
    mcp.tool('list', { description: 'A list', output: z.array(z.number()) }, () => value as number[])
    mcp.tool(
      'object',
      { description: 'An object', output: z.object({ n: z.number().default(7) }) },
      () => value as never,
    )
    mcp.tool(
      'union',
      { description: 'A union', output: z.union([z.string(), z.object({ result: z.number() })]) },
      () => value as never,
    )
    return mcp
  }

  it('gives the checked value, listed or not', async () => {
    const client = await open(server([1, 2]))
    expect((await client.callTool('list')).data).toEqual([1, 2])
    await client.tools()
    expect((await client.callTool('list')).data).toEqual([1, 2])
  })

  it('fills in defaults', async () => {
    expect((await (await open(server({}))).callTool('object')).data).toEqual({ n: 7 })
  })

  it('keeps an object of a union apart from wrapping', async () => {
    const client = await open(server({ result: 1 }))
    await client.tools()
    expect((await client.callTool('union')).data).toEqual({ result: 1 })
  })

  it('never sends what breaks the schema', async () => {
    const client = await open(server(['secret']))
    const problem = await client.callTool('list').catch((thrown: unknown) => thrown)
    expect(problem).toBeInstanceOf(ToolCallError)
    expect(String(problem)).not.toContain('secret')
  })

  it('lists the schema in the form of the era', async () => {
    const client = await open(server([]))
    const [list, object] = await client.tools()
    expect(object?.outputSchema).toMatchObject({ type: 'object', properties: { n: { type: 'number' } } })
    const root = { type: 'array', items: { type: 'number' } }
    const shown = client.era === 'stateless' ? root : { type: 'object', properties: { result: root } }
    expect(list?.outputSchema).toMatchObject(shown)
  })
})

const calculator = (): FastMCP => {
  const mcp = new FastMCP({ name: 'calculator', version: '1.0.0', onError: () => undefined })
  const input = z.object({
    operation: z.enum(['add', 'divide']),
    numbers: z.array(z.number()).min(2),
    precision: z.number().int().max(10).default(2),
  })
  mcp.tool('calculate', { description: 'Calculates', input }, ({ operation, numbers, precision }) => {
    const [first = 0, ...rest] = numbers
    if (operation === 'divide' && rest.includes(0)) {
      throw new ToolError('VALIDATION_ERROR', 'Division by zero', { numbers })
    }
    const value = rest.reduce((sum, n) => (operation === 'add' ? sum + n : sum / n), first)
    return value.toFixed(precision)
  })
  mcp.tool('break', { description: 'Breaks' }, () => {
    throw new Error('password=hunter2')
  })
  mcp.tool('refuse', { description: 'Throws no error' }, () => Promise.reject('no error object'))
  return mcp
}

describeEras('arguments', (open) => {
  it('reach the handler, with defaults', async () => {
    const client = await open(calculator)
    expect((await client.callTool('calculate', { operation: 'add', numbers: [1, 2] })).data).toBe('3.00')
    expect((await client.callTool('calculate', { operation: 'divide', numbers: [1, 3], precision: 4 })).data).toBe(
      '0.3333',
    )
  })

  it('in the wrong spelling are put right', async () => {
    const client = await open(calculator)
    const args = { operation: 'add', numbers: '[1, 2]', precision: '0' }
    expect((await client.callTool('calculate', args)).data).toBe('3')
  })

  it.each([
    [{ operation: 'sub', numbers: [1, 2] }, [/operation/, /add/, /divide/]],
    [{ operation: 'add', numbers: [1] }, [/numbers/]],
    [{ operation: 'add', numbers: [1, 'x'] }, [/numbers.*1/]],
    [{ operation: 'add', numbers: [1, 2], precision: 11 }, [/precision/, /10/]],
    [{}, [/operation/, /numbers/]],
  ])('%j are refused with what is wrong, for the model to read', async (args, words) => {
    const client = await open(calculator)
    const result = await client.callTool('calculate', args, { throwOnError: false })
    expect(result.isError).toBe(true)
    for (const word of words) expect(result.text).toMatch(word)
    expect(result.text).not.toMatch(/\bat .*\.[jt]s:/)
  })

  it.each(['constructor', '__proto__', 'toString'])('FR-11: named %s are like any other', async (name) => {
    const client = await open(calculator)
    const args = JSON.parse(`{"operation":"add","numbers":[1,2],"${name}":{"polluted":true}}`)
    const { text } = await client.callTool('calculate', args, { throwOnError: false })
    expect(text).not.toBe('')
    expect({}).not.toHaveProperty('polluted')
  })
})

describeEras('a tool that fails', (open) => {
  it('says what it means to say', async () => {
    const client = await open(calculator)
    const problem = await client
      .callTool('calculate', { operation: 'divide', numbers: [1, 0] })
      .catch((thrown: unknown) => thrown)
    expect(problem).toBeInstanceOf(ToolCallError)
    expect(problem).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'Division by zero',
      details: { numbers: [1, 0] },
    })
  })

  it('keeps to itself what went wrong inside', async () => {
    const client = await open(calculator)
    const { text, isError, raw } = await client.callTool('break', {}, { throwOnError: false })
    expect([isError, text]).toEqual([true, expect.stringMatching(/^Internal error \([\w-]+\)/)])
    expect(JSON.stringify(raw)).not.toContain('hunter2')
    await expect(client.callTool('refuse')).rejects.toThrow(/^Internal error/)
  })

  it('leaves the connection as it was', async () => {
    const client = await open(calculator)
    await client.callTool('break').catch(() => undefined)
    expect((await client.callTool('calculate', { operation: 'add', numbers: [1, 1] })).data).toBe('2.00')
  })

  it.each(['nope', 'Calculate', '', '__proto__', 'constructor', 'hasOwnProperty', 'x'.repeat(5_000)])(
    'FR-16: is unknown by the name %.20j',
    async (name) => {
      const client = await open(calculator)
      const problem = await client.callTool(name).catch((thrown: unknown) => thrown)
      expect(problem).toBeInstanceOf(ServerError)
      expect(problem).toMatchObject({ code: 'INVALID_PARAMS', rpcCode: -32602 })
    },
  )
})
