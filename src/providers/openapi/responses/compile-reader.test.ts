import { describe, expect, it } from 'vitest'
import { answered, answering, jsonOf } from '../../../../tests/kit/answered-route.ts'
import { failureOf } from '../../../../tests/kit/upstream-failure.ts'
import { VALUE_ROOT } from '../../../protocol/structured.ts'
import type { ReaderOptions } from './compile-reader.ts'

const Thing = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
}
const things = { 200: jsonOf(Thing) }

function read(body: BodyInit | null, headers: Record<string, string>, more: Partial<Setup> = {}) {
  const { responses = things, status = 200, options = {}, method = 'get' } = more
  const { fetch } = answering(() => new Response(body, { status, headers }))
  return answered({ responses, options, method, upstream: { fetch } }).then((route) => route.result())
}

interface Setup {
  readonly responses: object
  readonly status: number
  readonly options: ReaderOptions
  readonly method: string
}

const json = { 'content-type': 'application/json' }

describe('JSON', () => {
  it('is structured content, and compact text', async () => {
    expect(await read('{ "id": 1,\n "name": "a" }', json)).toEqual({
      content: [{ type: 'text', text: '{"id":1,"name":"a"}' }],
      structuredContent: { id: 1, name: 'a' },
    })
  })

  it.each([
    ['application/json; charset=utf-8', '{"id":1}'],
    ['application/vnd.things.v2+json', '{"id":1}'],
    ['application/problem+json', '{"id":1}'],
    ['text/json', '\ufeff{"id":1}'],
    ['text/plain', ' {"id":1}'],
    ['text/html; charset=utf-8', '{"id":1}'],
    ['application/octet-stream', '{"id":1}'],
    ['nonsense', '{"id":1}'],
  ])('comes as %s', async (type, body) => {
    expect(await read(body, { 'content-type': type })).toMatchObject({ structuredContent: { id: 1 } })
  })

  it('comes in the encoding that it names', async () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"name":"'), 0xfc, ...new TextEncoder().encode('"}')])
    const result = await read(body, { 'content-type': 'application/json; charset="ISO-8859-1"' })
    expect(result.structuredContent).toEqual({ name: 'ü' })
  })

  it('has no member that would change what all objects inherit', async () => {
    const result = await read('{"id":1,"_\\u005fproto__":{"polluted":true}}', json)
    expect(Object.keys(result.structuredContent as object)).toEqual(['id'])
  })

  it('keeps every digit of big ids', async () => {
    const result = await read('{"id":12345678901234567890,"name":"9007199254740993"}', json)
    expect(result.structuredContent).toEqual({ id: '12345678901234567890', name: '9007199254740993' })
  })

  it('that nests without end is an error, and no crash', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    expect(await failureOf(read(deep, json))).toMatchObject({ code: 'API_ERROR' })
  })
})

describe('answers of a tool that shows an object', () => {
  it.each([
    ['a list', '[1]', { result: [1] }],
    ['null', 'null', { result: null }],
    ['words', '"a"', { result: 'a' }],
    ['another object', '{"x":{"y":[]}}', { x: { y: [] } }],
    ['nothing', '', {}],
    ['blanks', ' \n', {}],
  ])('%s is passed on', async (_, body, structuredContent) => {
    expect(await read(body, json)).toMatchObject({ structuredContent })
  })

  it.each([
    [204, '204 No Content'],
    [205, '205 Reset Content'],
    [304, '304 Not Modified'],
  ])('%i is said in words', async (status, text) => {
    expect(await read(null, {}, { status })).toEqual({ content: [{ type: 'text', text }], structuredContent: {} })
  })

  it('201 without a body tells where the new thing is', async () => {
    const result = await read('', { location: '/things/7' }, { status: 201, responses: { 201: jsonOf(Thing) } })
    expect(result.content).toEqual([{ type: 'text', text: '201 Created\nlocation: /things/7' }])
  })

  it('HEAD tells what it found', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': '70', 'x-other': 'no' }
    const result = await read(null, headers, { method: 'head' })
    expect(result).toEqual({
      content: [{ type: 'text', text: '200 OK\ncontent-type: image/png\ncontent-length: 70' }],
    })
  })
})

describe('answers of a tool that shows a list', () => {
  const responses = { 200: jsonOf({ type: 'array', items: Thing }) }

  it.each([
    ['a list', '[{"id":1}]', [{ id: 1 }]],
    ['an object', '{"id":1}', { id: 1 }],
    ['nothing', '', null],
  ])('%s is marked, so that all eras can show it', async (_, body, structuredContent) => {
    const result = await read(body, json, { responses })
    expect(result.structuredContent).toEqual(structuredContent)
    expect(VALUE_ROOT in result).toBe(true)
  })
})

describe('text', () => {
  const text = { 200: { description: 'x', content: { 'text/plain': {}, 'text/html': {} } } }

  it.each([
    ['text/plain', 'Hello', 'Hello'],
    ['text/csv; charset=nonsense', 'a;ü', 'a;ü'],
    ['text/plain', '{"a":1}', '{"a":1}'],
    ['application/xml', '<a/>', '<a/>'],
    ['image/svg+xml', '<svg/>', '<svg/>'],
    ['application/x-ndjson', '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n'],
    ['text/event-stream', 'data: 1\n\n', 'data: 1\n\n'],
  ])('%s %j', async (type, body, shown) => {
    const result = await read(body, { 'content-type': type }, { responses: text })
    expect(result).toEqual({ content: [{ type: 'text', text: shown }] })
  })

  it('without a type is text where it can be', async () => {
    expect(await read(new TextEncoder().encode('Hello'), {}, { responses: text })).toEqual({
      content: [{ type: 'text', text: 'Hello' }],
    })
  })

  it('of a page is said to be one, and cut', async () => {
    const page = `<html>${'x'.repeat(200_000)}`
    const { content } = await read(page, { 'content-type': 'text/html' }, { responses: text })
    expect(content[0]).toEqual({
      type: 'text',
      text: 'A web page (text/html), the first 100000 of 200006 characters:',
    })
    expect(content[1]).toMatchObject({ text: page.slice(0, 100_000) })
  })

  it('where JSON was to come is passed on, in the place of the data', async () => {
    expect(await read('Done', { 'content-type': 'text/plain' })).toEqual({
      content: [{ type: 'text', text: 'Done' }],
      structuredContent: { result: 'Done' },
    })
  })
})

describe('bytes', () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
  const data = Buffer.from(png).toString('base64')
  const responses = { 200: { description: 'x', content: { 'image/png': {} } } }

  it.each([
    ['image/png', { type: 'image', data, mimeType: 'image/png' }],
    ['audio/mpeg', { type: 'audio', data, mimeType: 'audio/mpeg' }],
    [
      'application/pdf',
      { type: 'resource', resource: { uri: 'tool://things/bytes/0', mimeType: 'application/pdf', blob: data } },
    ],
    [
      'application/octet-stream',
      { type: 'resource', resource: { uri: 'tool://things/bytes/0', mimeType: 'image/png', blob: data } },
    ],
    ['', { type: 'image', data, mimeType: 'image/png' }],
  ])('%s', async (type, block) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
    expect(await read(png, headers, { responses })).toEqual({ content: [block] })
    expect(await read(png, headers)).toEqual({ content: [block], structuredContent: {} })
  })

  it('that no result can hold are an error', async () => {
    const problem = await failureOf(
      read(new Uint8Array(7 * 1024 * 1024), { 'content-type': 'image/png' }, { responses }),
    )
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'too_large' })
  })
})

describe('what is asked for', () => {
  it.each([
    [['application/json'], 'application/json, */*;q=0.1'],
    [
      ['text/csv', 'application/hal+json', 'application/json'],
      'application/json, application/hal+json, text/csv;q=0.5, */*;q=0.1',
    ],
    [['application/vnd.x.v2+json'], 'application/vnd.x.v2+json, */*;q=0.1'],
    [
      ['text/csv; header=present', 'application/hal+json;q=0.3', 'application/json;version=2;charset=utf-8'],
      'application/json; version=2, application/hal+json, text/csv; header=present;q=0.5, */*;q=0.1',
    ],
    [['image/png', 'image/*'], 'image/png, image/*, */*;q=0.1'],
    [['*/*'], 'application/json, */*;q=0.1'],
    [['text/plain\r\nx: 1'], 'application/json, */*;q=0.1'],
    [[], 'application/json, */*;q=0.1'],
  ])('%j: %s', async (types, accept) => {
    const content = Object.fromEntries(types.map((type) => [type, {}]))
    const route = await answered({ responses: { 200: { description: 'x', content } }, upstream: {} })
    expect(route.reader.accept).toBe(accept)
  })
})

describe('strict', () => {
  const strict = { options: { output: 'strict' } } as const

  it('shows the schema as it is, and takes what fits', async () => {
    const route = await answered({
      responses: things,
      ...strict,
      upstream: answering(() => Response.json({ id: 1, name: 'a' })),
    })
    expect(route.reader.outputSchema).toMatchObject(Thing)
    expect(await route.result()).toMatchObject({ structuredContent: { id: 1, name: 'a' } })
  })

  it('tells where an answer does not fit, and not what is there', async () => {
    const problem = await failureOf(read('{"id":"canary","name":"a"}', json, strict))
    expect(problem).toMatchObject({ code: 'API_ERROR', reason: 'unexpected', status: 200 })
    expect(problem.message).toBe('Things answered GET /things with another shape than expected, at id')
  })

  it.each([
    [null, 204, {}, 'with nothing'],
    ['Done', 200, { 'content-type': 'text/plain' }, 'with text/plain instead of JSON'],
  ])('takes neither nothing nor text: %j', async (body, status, headers, words) => {
    const problem = await failureOf(read(body, headers as Record<string, string>, { ...strict, status }))
    expect(problem.message).toBe(`Things answered GET /things ${words}`)
  })

  it('takes nothing where the document says that it may come', async () => {
    const responses = { ...things, 204: { description: 'Nothing' } }
    const result = await read(null, {}, { ...strict, responses, status: 204 })
    expect(result).toMatchObject({ structuredContent: null, content: [{ text: '204 No Content' }] })
    expect(VALUE_ROOT in result).toBe(true)
  })

  it('takes the answer of any success, and anything where one of them says nothing of its own', async () => {
    const Other = { type: 'object', required: ['queued'], properties: { queued: { type: 'boolean' } } }
    const responses = { ...things, 202: jsonOf(Other) }
    expect(await read('{"queued":true}', json, { ...strict, responses, status: 202 })).toMatchObject({
      structuredContent: { queued: true },
    })
    expect(await failureOf(read('{"queued":1}', json, { ...strict, responses }))).toMatchObject({
      reason: 'unexpected',
    })
    const open = { ...things, 202: { description: 'x', content: { 'application/json': {} } } }
    expect(await read('7', json, { ...strict, responses: open })).toMatchObject({ content: [{ text: '7' }] })
  })

  it('with a part of the answer checks the whole, and shows the part', async () => {
    const options = { output: 'strict', pick: ['name'] } as const
    expect(await read('{"id":1,"name":"a"}', json, { options })).toMatchObject({ structuredContent: { name: 'a' } })
    expect(await failureOf(read('{"name":"a"}', json, { options }))).toMatchObject({ reason: 'unexpected' })
  })
})

describe('contents of a resource', () => {
  const contents = async (answer: () => Response) =>
    (await answered({ responses: things, upstream: answering(answer) })).contents('resource://things')

  it('are what came, under its name', async () => {
    const uri = 'resource://things'
    expect(await contents(() => Response.json({ id: 1 }))).toEqual({
      contents: [{ uri, mimeType: 'application/json', text: '{"id":1}' }],
    })
    expect(await contents(() => new Response('a', { headers: { 'content-type': 'text/csv' } }))).toEqual({
      contents: [{ uri, mimeType: 'text/csv', text: 'a' }],
    })
    const bytes = () => new Response(new Uint8Array([1]), { headers: { 'content-type': 'image/png' } })
    expect(await contents(bytes)).toEqual({ contents: [{ uri, mimeType: 'image/png', blob: 'AQ==' }] })
    expect(await contents(() => new Response(null, { status: 204 }))).toEqual({ contents: [{ uri, text: '' }] })
  })

  it('that are not there are a resource not found; other refusals are told', async () => {
    await expect(contents(() => Response.json({ message: 'canary' }, { status: 404 }))).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      data: { uri: 'resource://things' },
    })
    await expect(contents(() => new Response(null, { status: 403 }))).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
