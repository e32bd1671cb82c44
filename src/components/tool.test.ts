import { type } from 'arktype'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { originOf } from '../../tests/kit/origin.ts'
import { contextOf } from '../engine/backstage.ts'
import { DefinitionError, ToolError } from '../protocol/errors.ts'
import type { CallToolResult } from '../protocol/methods.ts'
import { tool } from './tool.ts'

const context = contextOf(originOf())

const sum = z.object({ a: z.number(), b: z.number().default(1) })
const add = tool('add', { description: 'Adds', input: sum }, ({ a, b }) => a + b)

function textOf(result: CallToolResult): string {
  const [block] = result.content
  return block?.type === 'text' ? block.text : ''
}

describe('a tool is called', () => {
  it('with checked arguments, and answers at once where everything is synchronous', () => {
    expect(add.call({ a: 1, b: 2 }, context)).toEqual({ content: [{ type: 'text', text: '3' }], structuredContent: 3 })
    expect(add.call({ a: 1 }, context)).toMatchObject({ structuredContent: 2 })
  })

  it('later where the handler is asynchronous', async () => {
    const later = tool('later', { description: 'Adds', input: sum }, async ({ a, b }) => a + b)
    const answer = later.call({ a: 1 }, context)
    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toMatchObject({ structuredContent: 2 })
  })

  it('later where the schema is asynchronous', async () => {
    const input = z.object({ id: z.string().refine(async (id) => id !== 'no', 'is taken') })
    const check = tool('check', { description: 'Checks', input }, ({ id }) => id)
    expect(await check.call({ id: 'yes' }, context)).toEqual({ content: [{ type: 'text', text: 'yes' }] })
    expect(await check.call({ id: 'no' }, context)).toMatchObject({ isError: true })
  })

  it('waits for any thenable, and answers with a real promise', async () => {
    // biome-ignore lint/suspicious/noThenProperty: query builders are like this
    const query = { then: (resolve: (rows: number[]) => void) => resolve([1, 2]) }
    const rows = tool('rows', { description: 'Rows' }, () => query)
    const answer = rows.call(undefined, context)
    expect(answer).toBeInstanceOf(Promise)
    expect(await answer).toMatchObject({ structuredContent: [1, 2] })
  })

  it('without arguments as if they were empty', () => {
    const optional = tool(
      'optional',
      { description: 'x', input: z.object({ a: z.number().optional() }) },
      ({ a }) => a ?? 'none',
    )
    expect(optional.call(undefined, context)).toEqual({ content: [{ type: 'text', text: 'none' }] })
  })

  it('gets the context of the call', () => {
    const who = tool('who', { description: 'x' }, (_, ctx) => String(ctx === context))
    expect(textOf(who.call({}, context) as CallToolResult)).toBe('true')
  })

  it('repairs what models misspell, unless told not to', () => {
    expect(add.call({ a: '2' }, context)).toMatchObject({ structuredContent: 3 })
    const strict = tool('strict', { description: 'x', input: sum, repair: false }, ({ a }) => a)
    expect(strict.call({ a: '2' }, context)).toMatchObject({ isError: true })
  })

  it('takes arktype and raw JSON Schema as well', async () => {
    const ark = tool('ark', { description: 'x', input: type({ n: 'number' }) }, ({ n }) => n * 2)
    expect(ark.call({ n: 2 }, context)).toMatchObject({ structuredContent: 4 })
    const json = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const
    const raw = tool('raw', { description: 'x', input: json }, ({ n }) => n)
    expect(await raw.call({ n: 2 }, context)).toMatchObject({ structuredContent: 2 })
    expect(await raw.call({}, context)).toMatchObject({ isError: true })
  })
})

describe('bad arguments give a result that the model can act on', () => {
  it('with the name of the tool, the place and the rule', () => {
    const result = add.call({ a: 'one', b: 2 }, context) as CallToolResult
    expect(result.isError).toBe(true)
    expect(textOf(result)).toMatch(/^add: `a` must be a number/)
  })

  it.each([[null], [[]], ['text'], [5], [true]])('FR-17: arguments that are %j', (args) => {
    expect(add.call(args, context)).toMatchObject({ isError: true })
    expect(tool('none', { description: 'x' }, () => 1).call(args, context)).toMatchObject({ isError: true })
  })

  it('FR-17: extra arguments as the schema says', () => {
    expect(add.call({ a: 1, c: 3 }, context)).toMatchObject({ structuredContent: 2 })
    const exact = tool('exact', { description: 'x', input: z.strictObject({ a: z.number() }) }, ({ a }) => a)
    expect(exact.call({ a: 1, c: 3 }, context)).toMatchObject({ isError: true })
    const none = tool('none', { description: 'x' }, () => 1).call({ c: 3 }, context) as CallToolResult
    expect(none.isError).toBe(true)
    expect(textOf(none)).toMatch(/^none: `c` is not a known key/)
  })

  it('__proto__ among the arguments changes nothing', () => {
    const args: unknown = JSON.parse('{"a":1,"__proto__":{"b":5,"polluted":true}}')
    const result = add.call(args, context)
    expect(result).not.toMatchObject({ structuredContent: 6 })
    expect('polluted' in {}).toBe(false)
  })
})

describe('what the handler throws is thrown on', () => {
  it('at once or as a rejection', async () => {
    const problem = new ToolError('NOT_FOUND', 'no such user')
    const fail = tool('fail', { description: 'x' }, (): string => {
      throw problem
    })
    const failLater = tool('fail', { description: 'x' }, () => Promise.reject(problem))
    expect(() => fail.call({}, context)).toThrow(problem)
    await expect(failLater.call({}, context)).rejects.toBe(problem)
  })
})

describe('a call that takes too long', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('fails with TIMEOUT after a minute, or after the time of the tool', async () => {
    const never = (): Promise<string> => new Promise(() => undefined)
    const minute = tool('minute', { description: 'x' }, never).call({}, context)
    const second = tool('second', { description: 'x', timeout: 1000 }, never).call({}, context)
    vi.advanceTimersByTime(1000)
    await expect(second).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'tool "second" did not finish within 1000 ms',
    })
    vi.advanceTimersByTime(59_000)
    await expect(minute).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the definition', () => {
  it('carries everything, and cannot be changed', () => {
    const meta = { 'example.com/team': { name: 'core' } }
    const full = tool(
      'full',
      {
        title: 'Full',
        description: 'Everything',
        input: sum,
        output: z.object({ n: z.number() }),
        annotations: { readOnlyHint: true },
        icons: [{ src: 'https://example.com/i.png', sizes: ['48x48'] }],
        tags: ['a', 'b'],
        meta,
      },
      ({ a }) => ({ n: a }),
    )
    expect(full).toMatchObject({ kind: 'tool', id: 'full', tags: ['a', 'b'] })
    expect(full.definition).toMatchObject({
      name: 'full',
      title: 'Full',
      description: 'Everything',
      inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { default: 1 } }, required: ['a'] },
      outputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      annotations: { readOnlyHint: true },
      icons: [{ src: 'https://example.com/i.png', sizes: ['48x48'] }],
      _meta: meta,
    })
    expect(Object.isFrozen(full.definition.inputSchema.properties)).toBe(true)
    expect(Object.isFrozen(full.definition._meta?.['example.com/team'])).toBe(true)
    expect(Object.isFrozen(meta)).toBe(false)
    expect(Object.isFrozen(full)).toBe(true)
  })

  it('of a tool without input asks for an empty object', () => {
    const { definition } = tool('ping', { description: 'x' }, () => 'pong')
    expect(definition).toEqual({
      name: 'ping',
      description: 'x',
      inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    })
  })

  it('keeps raw JSON Schema as it was written', () => {
    const input = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { a: { $anchor: 'aa', type: 'string' } },
      properties: { a: { $ref: '#/$defs/a' } },
      additionalProperties: false,
    }
    expect(tool('raw', { description: 'x', input }, () => 1).definition.inputSchema).toEqual(input)
    expect(Object.isFrozen(input)).toBe(false)
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('FR-16: %s is a name like any other', (name) => {
    const odd = tool(name, { description: 'x' }, () => 1)
    expect(odd.id).toBe(name)
    expect(odd.definition.name).toBe(name)
  })
})

describe('a definition that cannot work is refused where it is made, with the name and the fix', () => {
  const ok = { description: 'x' }
  const bad: readonly (readonly [words: string, define: () => unknown])[] = [
    ['tool "x y": a name is 1 to 64 of A-Z a-z 0-9 _ . -; call it "x_y"', () => tool('x y', ok, () => 1)],
    ['tool "": give it a name', () => tool('', ok, () => 1)],
    ['tool "a/b": a name is', () => tool('a/b', ok, () => 1)],
    ['…": a name is 1 to 64', () => tool('a'.repeat(1_000_000), ok, () => 1)],
    ['tool "t": give it a description', () => tool('t', { description: ' ' }, () => 1)],
    ['tool "t": input: must be an object at its root', () => tool('t', { ...ok, input: z.string() }, () => 1)],
    ['tool "t": input: must be an object at its root', () => tool('t', { ...ok, input: z.array(z.string()) }, () => 1)],
    ['tool "t": input: ', () => tool('t', { ...ok, input: { a: z.string() } }, () => 1)],
    [
      'tool "t": input: x-mcp-header at region: write the end of a header name',
      () =>
        tool('t', { ...ok, input: z.object({ region: z.string().meta({ 'x-mcp-header': 'My Region' }) }) }, () => 1),
    ],
    [
      'tool "t": input: x-mcp-header at level: only a string, an integer or a boolean',
      () => tool('t', { ...ok, input: z.object({ level: z.number().meta({ 'x-mcp-header': 'Level' }) }) }, () => 1),
    ],
    [
      'tool "t": input: x-mcp-header at tags.items: it counts on properties',
      () =>
        tool('t', { ...ok, input: z.object({ tags: z.array(z.string().meta({ 'x-mcp-header': 'Tag' })) }) }, () => 1),
    ],
    ['tool "t": output: ', () => tool('t', { ...ok, output: { a: z.string() } }, () => 1)],
    ['tool "t": timeout is 0; give milliseconds', () => tool('t', { ...ok, timeout: 0 }, () => 1)],
    ['tool "t": timeout is NaN', () => tool('t', { ...ok, timeout: Number.NaN }, () => 1)],
    ['tool "t": timeout is 1800001', () => tool('t', { ...ok, timeout: 1_800_001 }, () => 1)],
    ['the icon "http://x/i.png" is neither', () => tool('t', { ...ok, icons: [{ src: 'http://x/i.png' }] }, () => 1)],
    ['the icon "javascript:x" is neither', () => tool('t', { ...ok, icons: [{ src: 'javascript:x' }] }, () => 1)],
    ['the meta key "-x" is malformed', () => tool('t', { ...ok, meta: { '-x': 1 } }, () => 1)],
    ['the meta key "9a.b/x" is malformed', () => tool('t', { ...ok, meta: { '9a.b/x': 1 } }, () => 1)],
    [
      'the meta key "progressToken" belongs to the protocol',
      () => tool('t', { ...ok, meta: { progressToken: 1 } }, () => 1),
    ],
    ['definition._meta.run is a function', () => tool('t', { ...ok, meta: { run: () => 1 } }, () => 1)],
    // @ts-expect-error a handler is a function
    ['tool "t": the handler is missing', () => tool('t', ok)],
    // @ts-expect-error tags are a list
    ['tool "t": tags must be a list of strings', () => tool('t', { ...ok, tags: 'a' }, () => 1)],
    // @ts-expect-error a description is needed
    ['tool "t": give it a description', () => tool('t', {}, () => 1)],
  ]
  it.each(bad)('%s', (words, define) => {
    expect(define).toThrow(DefinitionError)
    expect(define).toThrow(words)
  })

  it('a header that a field declares is fine, and reaches the definition', () => {
    const input = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }).optional() })
    expect(tool('t', { ...ok, input }, () => 1).definition.inputSchema.properties).toEqual({
      region: { type: 'string', 'x-mcp-header': 'Region' },
    })
  })

  it.each(['a', 'example.com/name', 'com.example.mcp/a.b_c-d', 'com.example/', 'io.modelcontextprotocol/ui'])(
    'the meta key %s is fine',
    (key) => {
      expect(tool('t', { ...ok, meta: { [key]: 1 } }, () => 1).definition._meta).toEqual({ [key]: 1 })
    },
  )
})
