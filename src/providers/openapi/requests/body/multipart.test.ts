import busboy from 'busboy'
import { describe, expect, it } from 'vitest'
import {
  bodyOf,
  mediaOf,
  parameterOf,
  textOfBody,
  wholeBody,
  writerOf,
} from '../../../../../tests/kit/openapi-writer.ts'
import type { JsonSchema } from '../../../../schema/json-schema.ts'
import { FILE_SCHEMA } from '../../arguments/file-argument.ts'
import type { Encoding } from '../../routes/route.ts'

const FORM = 'multipart/form-data'
const refused = (message: RegExp): object =>
  expect.objectContaining({ code: 'VALIDATION_ERROR', message: expect.stringMatching(message) })

interface Got {
  readonly name: string
  readonly text: string
  readonly filename?: string | undefined
  readonly type: string
}

/** What another parser reads of a body. */
async function parsed(
  value: unknown,
  parts: { encoding?: Record<string, Partial<Encoding>>; schema?: JsonSchema } = {},
): Promise<Got[]> {
  const { encoding = {}, schema = {} } = parts
  const draft = writerOf({ body: wholeBody(mediaOf(FORM, encoding)), properties: { body: schema } })({ body: value })
  const parser = busboy({
    headers: { 'content-type': draft.headers.get('content-type') ?? '' },
    defParamCharset: 'utf8',
  })
  const got: Got[] = []
  const done = new Promise((resolve, reject) => parser.on('close', resolve).on('error', reject))
  parser.on('field', (name, text, { mimeType: type }) => got.push({ name, text, type }))
  parser.on('file', (name, stream, { filename, mimeType: type }) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => got.push({ name, text: Buffer.concat(chunks).toString('latin1'), filename, type }))
  })
  parser.end(Buffer.from(await new Response(draft.body ?? null).arrayBuffer()))
  await done
  return got
}

const properties = (members: JsonSchema): JsonSchema => ({ type: 'object', properties: members })

describe('a body in parts', () => {
  it('has texts as they are, objects as JSON, and one part for each item of a list', async () => {
    expect(
      await parsed({ id: 'é"', n: 1.5, ok: false, at: { x: 1 }, tags: ['a', 'b'], all: [{ y: 2 }], none: null }),
    ).toEqual([
      { name: 'id', text: 'é"', type: 'text/plain' },
      { name: 'n', text: '1.5', type: 'text/plain' },
      { name: 'ok', text: 'false', type: 'text/plain' },
      { name: 'at', text: '{"x":1}', type: 'application/json' },
      { name: 'tags', text: 'a', type: 'text/plain' },
      { name: 'tags', text: 'b', type: 'text/plain' },
      { name: 'all', text: '{"y":2}', type: 'application/json' },
    ])
  })

  it('has files with name and media type', async () => {
    const schema = properties({ a: FILE_SCHEMA, b: { type: 'array', items: FILE_SCHEMA }, c: {}, d: FILE_SCHEMA })
    const encoding = { d: { contentType: 'image/*, image/png, image/jpeg' } }
    const value = {
      a: '/wA=',
      b: [{ base64: 'AQ==', filename: 'ü "1".txt', contentType: 'text/plain; charset=utf-8' }, 'Ag=='],
      c: { base64: 'Aw==', contentType: 'audio/mpeg' },
      d: { base64: 'BA==', filename: '../../etc/x.png' },
    }
    expect(await parsed(value, { encoding, schema })).toEqual([
      { name: 'a', text: '\xff\0', filename: 'a', type: 'application/octet-stream' },
      { name: 'b', text: '\x01', filename: 'ü %221%22.txt', type: 'text/plain' },
      { name: 'b', text: '\x02', filename: 'b', type: 'application/octet-stream' },
      { name: 'c', text: '\x03', filename: 'c', type: 'audio/mpeg' },
      { name: 'd', text: '\x04', filename: 'x.png', type: 'image/png' },
    ])
  })

  it('finds files behind references, and the media type that the document gives them', async () => {
    const media = { ...mediaOf(FORM), schema: properties({ a: { type: 'string', contentMediaType: 'image/gif' } }) }
    const write = writerOf({
      body: { ...bodyOf(media, ['a']) },
      properties: { a: { anyOf: [{ type: 'null' }, FILE_SCHEMA] } },
    })
    expect(await textOfBody(write({ a: 'QUJD' }))).toMatch(
      /name="a"; filename="a"\r\nContent-Type: image\/gif\r\n\r\nABC\r\n/,
    )
  })

  it('takes only media types that the document allows, and no header in them', () => {
    const write = writerOf({ body: wholeBody(mediaOf(FORM, { a: { contentType: 'image/*' } })) })
    expect(() => write({ body: { a: { base64: '', contentType: 'text/html' } } })).toThrow(
      refused(/"a" has a contentType that is none of image/),
    )
    for (const contentType of [
      'image/png\r\nX: y',
      'image',
      'image/png; a="\r\n"',
      'image/png;',
      `image/${'x'.repeat(900)}`,
    ]) {
      expect(() => write({ body: { a: { base64: '', contentType } } })).toThrow(refused(/no media type/))
    }
    expect(() => write({ body: { a: { base64: '', contentType: 'image/png' } } })).not.toThrow()
  })

  it('lets no name end its line or its quotes', async () => {
    const nasty = 'a"; filename="x\r\nContent-Type: text/html\r\n\r\nevil\\'
    const draft = writerOf({ body: wholeBody(mediaOf(FORM)) })({
      body: { [nasty]: 'v', f: { base64: '', filename: 'a"\r\nX: y\u0000' } },
    })
    const text = await textOfBody(draft)
    expect(text).toContain('name="a%22; filename=%22x%0D%0AContent-Type: text/html%0D%0A%0D%0Aevil%5C"\r\n\r\nv')
    expect(text).toContain('name="f"; filename="a%22%0D%0AX: y%00"\r\nContent-Type: application/octet-stream\r\n\r\n')
  })

  it('refuses files that are none, naming them', () => {
    const schema = properties({ f: FILE_SCHEMA })
    const write = writerOf({ body: wholeBody(mediaOf(FORM)), properties: { body: schema } })
    for (const f of ['no base64', 1, {}, { base64: 'x' }])
      expect(() => write({ body: { f } })).toThrow(refused(/"f" is/))
    expect(() => write({ body: { f: { base64: '', filename: 'x'.repeat(300) } } })).toThrow(refused(/filename/))
    expect(() => write({ body: { t: '\ud800' } })).toThrow(refused(/well-formed/))
    expect(() => write({ body: 'text' })).toThrow(refused(/"body" is no form/))
  })

  it('is written by styles where the document gives them, and files are files all the same', async () => {
    const style = { style: 'form' } as const
    const encoding = {
      a: { explode: false },
      b: style,
      c: style,
      d: { style: 'deepObject' },
      e: style,
      f: { style: 'pipeDelimited' },
      n: style,
    } as const
    const value = { a: ['x', 'y'], b: ['x', 'y'], c: { k: 1 }, d: { k: { l: 1 } }, e: 'AQ==', f: { k: 1 }, n: [] }
    const got = await parsed(value, { encoding, schema: properties({ e: FILE_SCHEMA }) })
    expect(got.map(({ name, text }) => [name, text])).toEqual([
      ['a', 'x,y'],
      ['b', 'x'],
      ['b', 'y'],
      ['k', '1'],
      ['d[k][l]', '1'],
      ['f', 'k|1'],
      ['e', '\x01'],
    ])
  })

  it('says the media types that the document gives to values, and headers that it fixes', async () => {
    const headers = [
      parameterOf('X-Kind', 'header', { schema: { const: 'a' } }),
      parameterOf('X-One', 'header', { schema: { enum: [7] } }),
      parameterOf('X-Open', 'header', { schema: { type: 'string' } }),
      parameterOf('X-Evil', 'header', { schema: { const: 'a\r\nb' } }),
      parameterOf('Content-Disposition', 'header', { schema: { const: 'x' } }),
    ]
    const encoding = {
      a: { contentType: 'text/csv', headers },
      b: { contentType: 'application/json' },
      c: { contentType: 'application/xml' },
    }
    const draft = writerOf({ body: wholeBody(mediaOf(FORM, encoding)) })
    expect(await textOfBody(draft({ body: { a: 'x,y', b: 'z', c: '<c/>' } }))).toMatch(
      /^--(.+)\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text\/csv\r\nX-Kind: a\r\nX-One: 7\r\n\r\nx,y\r\n--\1\r\n.*name="b"\r\nContent-Type: application\/json\r\n\r\n"z"\r\n--\1\r\n.*name="c"\r\nContent-Type: application\/xml\r\n\r\n<c\/>\r\n--\1--\r\n$/,
    )
    expect(() => draft({ body: { c: { x: 1 } } })).toThrow(refused(/"c" is to be XML/))
  })

  it('can be sent twice, and is empty where nothing is given but a body is required', async () => {
    const write = writerOf({ body: bodyOf(mediaOf(FORM), ['a'], true) })
    const { body, headers } = write({})
    expect(body).toBeInstanceOf(Uint8Array)
    const boundary = headers.get('content-type')?.split('boundary=')[1]
    expect(boundary).toMatch(/^[\w-]{40}$/)
    expect(await new Response(body ?? null).text()).toBe(`--${boundary}--\r\n`)
    expect(write({}).headers.get('content-type')).not.toBe(headers.get('content-type'))
    expect(writerOf({ body: bodyOf(mediaOf(FORM), ['a']) })({}).body).toBeUndefined()
  })
})

describe('other bodies in parts', () => {
  it('have one part for each item of a list', async () => {
    const draft = writerOf({ body: wholeBody(mediaOf('multipart/mixed')) })({
      body: [{ author: 'a' }, 'text', { base64: 'QUJD', filename: 'x.png', contentType: 'image/png' }, [1], null],
    })
    expect(draft.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/)
    expect(await textOfBody(draft)).toMatch(
      /^--(.+)\r\nContent-Type: application\/json\r\n\r\n\{"author":"a"\}\r\n--\1\r\n\r\ntext\r\n--\1\r\nContent-Disposition: attachment; filename="x\.png"\r\nContent-Type: image\/png\r\n\r\nABC\r\n--\1\r\nContent-Type: application\/json\r\n\r\n\[1\]\r\n--\1--\r\n$/,
    )
  })

  it('say what their root is', () => {
    const draft = writerOf({ body: wholeBody(mediaOf('multipart/related')) })({ body: [{ a: 1 }, { base64: '' }] })
    expect(draft.headers.get('content-type')).toMatch(/^multipart\/related; type="application\/json"; boundary=/)
  })
})

it('is one file where the document describes the form as one', async () => {
  const given = { base64: 'aGk=', filename: 'a.txt', contentType: 'text/plain' }
  expect(await parsed(given, { schema: FILE_SCHEMA })).toEqual([
    { name: 'file', text: 'hi', filename: 'a.txt', type: 'text/plain' },
  ])
  expect(await parsed('aGk=', { schema: FILE_SCHEMA })).toMatchObject([{ name: 'file', text: 'hi' }])
})
