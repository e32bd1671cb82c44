import { describe, expect, it } from 'vitest'
import { greeted, serve } from '../../../tests/kit/stateful.ts'
import type { AnyResult } from '../../engine/call.ts'
import type { ContentBlock } from '../../protocol/content.ts'
import type { ToolDefinition } from '../../protocol/definitions.ts'
import type { CallToolResult, Method } from '../../protocol/methods.ts'
import { VALUE_ROOT } from '../../protocol/structured.ts'
import { STATEFUL_REVISIONS } from './era.ts'
import { createEncoders } from './results.ts'
import { NEWEST } from './revisions.ts'

const [NEW, JUNE, MARCH, FIRST] = STATEFUL_REVISIONS as [string, string, string, string]

/** What clients of each revision get for one result. */
async function shown(method: Method, result: AnyResult, protocolVersion: string) {
  const { era } = serve({ run: { [method]: () => result } })
  const client = await greeted(era, { protocolVersion })
  return (await client.request(method, { name: 'x', uri: 'a:b' })).body.result
}

const icons = [{ src: 'https://example.com/i.png' }]
const meta = { 'example.com/a': 1 }

describe('a list of tools', () => {
  const tool: ToolDefinition = {
    name: 'work',
    title: 'Work',
    description: 'Works',
    icons,
    _meta: meta,
    inputSchema: { type: 'object', properties: { any: true, none: false, n: { type: 'number' } } },
    outputSchema: { type: 'array', items: {} },
    annotations: { readOnlyHint: true },
  }
  const inputSchema = { type: 'object', properties: { any: {}, none: { not: {} }, n: { type: 'number' } } }
  const outputSchema = {
    type: 'object',
    properties: { result: { type: 'array', items: {} } },
    required: ['result'],
    'x-fastmcp-wrap-result': true,
  }
  const { name, title, description, annotations } = tool

  it.each([
    [NEW, { name, title, description, icons, _meta: meta, inputSchema, outputSchema, annotations }],
    [JUNE, { name, title, description, _meta: meta, inputSchema, outputSchema, annotations }],
    [MARCH, { name, description, inputSchema, annotations: { title, readOnlyHint: true } }],
    [FIRST, { name, description, inputSchema }],
  ])('at %s has what the revision knows', async (revision, expected) => {
    expect(await shown('tools/list', { tools: [tool], nextCursor: 'c' }, revision)).toEqual({
      tools: [expected],
      nextCursor: 'c',
    })
  })

  it('shows the schema of an object as it is, and says so where it did not', async () => {
    const object = { type: 'object', properties: {} } as const
    const union = { anyOf: [object, object] }
    const tools = [object, union].map((outputSchema, i) => ({ name: `t${i}`, inputSchema: object, outputSchema }))
    expect(await shown('tools/list', { tools }, NEW)).toMatchObject({
      tools: [{ outputSchema: object }, { outputSchema: { type: 'object', anyOf: union.anyOf } }],
    })
  })

  it('is put into words once per revision, until it changes', () => {
    const encoders = createEncoders()
    const encode = encoders.get(NEWEST)
    const page = Object.freeze({ tools: Object.freeze([tool]) })
    const text = encode?.('tools/list', page)
    expect(encode?.('tools/list', page)).toBe(text)
    expect(String(encode?.('tools/list', Object.freeze({ tools: [] })))).toBe('{"tools":[]}')
  })
})

describe('other lists', () => {
  it.each([
    ['resources/list', 'resources', { uri: 'a:b', name: 'b', size: 1, annotations: { priority: 1 } }],
    ['resources/templates/list', 'resourceTemplates', { uriTemplate: 'a:{b}', name: 'b', mimeType: 'text/plain' }],
    ['prompts/list', 'prompts', { name: 'b', description: 'c' }],
  ] as const)('%s loses what a revision does not know', async (method, member, known) => {
    const page = { [member]: [{ ...known, title: 'T', icons, _meta: meta }] } as unknown as AnyResult
    expect(await shown(method, page, NEW)).toEqual(page)
    expect(await shown(method, page, JUNE)).toEqual({ [member]: [{ ...known, title: 'T', _meta: meta }] })
    for (const revision of [MARCH, FIRST]) expect(await shown(method, page, revision)).toEqual({ [member]: [known] })
  })

  it('arguments of prompts have titles where prompts have', async () => {
    const prompt = { name: 'p', arguments: [{ name: 'a', title: 'A', required: true }] }
    expect(await shown('prompts/list', { prompts: [prompt] }, JUNE)).toEqual({ prompts: [prompt] })
    expect(await shown('prompts/list', { prompts: [prompt] }, MARCH)).toEqual({
      prompts: [{ name: 'p', arguments: [{ name: 'a', required: true }] }],
    })
  })
})

describe('a tool result', () => {
  const blocks: ContentBlock[] = [
    { type: 'text', text: 'a' },
    { type: 'image', data: 'AAAA', mimeType: 'image/png' },
    { type: 'audio', data: 'AAAA', mimeType: 'audio/wav', annotations: { audience: ['user'] } },
    { type: 'resource_link', uri: 'a:b', name: 'b', title: 'B', mimeType: 'text/plain', description: 'What it is' },
    { type: 'resource', resource: { uri: 'a:b', text: 'c' } },
  ]
  const sound = {
    type: 'text',
    text: '[audio, audio/wav, 3 bytes, not available in this protocol revision]',
    annotations: { audience: ['user'] },
  }
  const link = { type: 'text', text: '[resource] B: a:b (text/plain)\nWhat it is' }

  it.each([
    [NEW, blocks],
    [JUNE, blocks],
    [MARCH, [blocks[0], blocks[1], blocks[2], link, blocks[4]]],
    [FIRST, [blocks[0], blocks[1], sound, link, blocks[4]]],
  ])('at %s tells in words what the revision has no form for', async (revision, content) => {
    expect(await shown('tools/call', { content: blocks }, revision)).toEqual({ content })
    const messages = (shown: readonly unknown[]) => shown.map((each) => ({ role: 'user', content: each }))
    const prompt = { description: 'd', messages: messages(blocks) } as AnyResult
    expect(await shown('prompts/get', prompt, revision)).toEqual({ description: 'd', messages: messages(content) })
  })

  const content = [{ type: 'text', text: '' }] as const

  it.each([[7], ['text'], [null], [false], [[1, 2]]])(
    'wraps %j, for structured content is an object',
    async (value) => {
      const wrapped = { content, structuredContent: { result: value }, _meta: { fastmcp: { wrap_result: true } } }
      const result = { content, structuredContent: value }
      expect(await shown('tools/call', result, NEW)).toEqual(wrapped)
      expect(await shown('tools/call', result, JUNE)).toEqual(wrapped)
      for (const revision of [MARCH, FIRST]) expect(await shown('tools/call', result, revision)).toEqual({ content })
    },
  )

  it('leaves an object as it is, unless its schema is wrapped', async () => {
    const result: CallToolResult = { content, structuredContent: { a: 1 }, isError: false }
    expect(await shown('tools/call', result, NEW)).toEqual(result)
    const marked = { ...result, [VALUE_ROOT]: true, _meta: { a: 1, fastmcp: { b: 2 } } }
    expect(await shown('tools/call', marked, NEW)).toEqual({
      ...result,
      structuredContent: { result: { a: 1 } },
      _meta: { a: 1, fastmcp: { b: 2, wrap_result: true } },
    })
  })
})

describe('what every revision knows', () => {
  it.each(STATEFUL_REVISIONS)('passes at %s', async (revision) => {
    const contents = { contents: [{ uri: 'a:b', text: 'c' }], _meta: meta }
    expect(await shown('resources/read', contents, revision)).toEqual(contents)
  })
})
