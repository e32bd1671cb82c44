import { describe, expect, it } from 'vitest'
import { bodyOf, mediaOf, textOfBody, wholeBody, writerOf } from '../../../../../tests/kit/openapi-writer.ts'
import type { JsonSchema } from '../../../../schema/json-schema.ts'
import { FILE_SCHEMA } from '../../arguments/file-argument.ts'
import type { MediaType } from '../../routes/route.ts'

const refused = (message: RegExp): object =>
  expect.objectContaining({ code: 'VALIDATION_ERROR', message: expect.stringMatching(message) })

/** What is sent where the argument `body` is the body. */
function whole(media: MediaType, value: unknown, schema: JsonSchema = {}): Promise<readonly [string | null, string]> {
  return sent(writerOf({ body: wholeBody(media), properties: { body: schema } })({ body: value }))
}

async function sent(draft: ReturnType<ReturnType<typeof writerOf>>): Promise<readonly [string | null, string]> {
  return [draft.headers.get('content-type'), await textOfBody(draft)]
}

describe('JSON', () => {
  it('is sent as the media type of the document', async () => {
    expect(await whole(mediaOf('application/json'), { a: [1, null] })).toEqual(['application/json', '{"a":[1,null]}'])
    expect(await whole(mediaOf('application/merge-patch+json'), null)).toEqual(['application/merge-patch+json', 'null'])
    expect(await whole(mediaOf('application/*+json'), 'a')).toEqual(['application/json', '"a"'])
    expect(await whole(mediaOf('text/json'), [])).toEqual(['text/json', '[]'])
    const versioned = { ...mediaOf('application/json'), parameters: 'version=2' }
    expect(await whole(versioned, 1)).toEqual(['application/json; version=2', '1'])
  })

  it('holds properties under their own names, and null where it is given', async () => {
    const media = mediaOf('application/json')
    const properties = new Map([
      ['body_id', 'id'],
      ['name', 'name'],
      ['proto', '__proto__'],
    ])
    const write = writerOf({ body: { kind: 'properties', media, properties, required: false } })
    expect(await textOfBody(write({ body_id: 1, name: null, id: 2 }))).toBe('{"id":1,"name":null}')
    expect(await textOfBody(write({ proto: { a: 1 } }))).toBe('{"__proto__":{"a":1}}')
  })

  it('is sent empty only where the body is required', async () => {
    const media = mediaOf('application/json')
    expect(writerOf({ body: bodyOf(media, ['a']) })({}).body).toBeUndefined()
    expect(writerOf({ body: bodyOf(media, ['a'], true) })({}).body).toBe('{}')
    expect(writerOf({ body: wholeBody(media) })({}).body).toBeUndefined()
  })

  it('is written in lines where the media type says so', async () => {
    expect(await whole(mediaOf('application/x-ndjson'), [{ a: 1 }, 'b'])).toEqual([
      'application/x-ndjson',
      '{"a":1}\n"b"\n',
    ])
    expect(await whole(mediaOf('application/jsonl'), { a: 1 })).toEqual(['application/jsonl', '{"a":1}\n'])
    expect(await whole(mediaOf('application/jsonl'), '{"a":1}\n')).toEqual(['application/jsonl', '{"a":1}\n'])
    expect(await whole(mediaOf('application/json-seq'), [1])).toEqual(['application/json-seq', '\u001e1\n'])
  })
})

describe('urlencoded forms', () => {
  const FORM = 'application/x-www-form-urlencoded'
  const form = async (value: unknown, encoding = {}): Promise<string> =>
    (await whole(mediaOf(FORM, encoding), value))[1]

  it('have the examples of the specification', async () => {
    const address = { streetAddress: '123 Example Dr.', city: 'Somewhere', state: 'CA', zip: '99999+1234' }
    expect(await whole(mediaOf(FORM), { id: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', address })).toEqual([
      FORM,
      'id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&address=%7B%22streetAddress%22%3A%22123+Example+Dr.%22%2C%22city%22%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D',
    ])
    expect(await form({ id: 'f81d' }, { id: { contentType: 'application/json' } })).toBe('id=%22f81d%22')
    expect(await form({ icon: 'iVBORw0_=' }, { icon: { contentType: 'image/png, image/jpeg' } })).toBe(
      'icon=iVBORw0_%3D',
    )
  })

  it('repeat the name of a list, leave out what is not there, and are encoded as forms are', async () => {
    expect(await form({ a: [1, 'x y', null], b: null, c: [], d: '', e: true, 'ü ~': "!'()*~" })).toBe(
      'a=1&a=x+y&d=&e=true&%C3%BC+%7E=%21%27%28%29*%7E',
    )
  })

  it('are written by styles where the document gives them', async () => {
    const value = { tags: ['a b', 'c'], at: { x: 1, y: { z: 2 } }, ids: [1, 2], q: 'a/b&c' }
    expect(
      await form(value, {
        tags: { style: 'pipeDelimited' },
        at: { style: 'deepObject' },
        ids: { explode: false },
        q: { allowReserved: true },
      }),
    ).toBe('tags=a%20b%7Cc&at%5Bx%5D=1&at%5By%5D%5Bz%5D=2&ids=1,2&q=a/b%26c')
    expect(await form({ at: { x: 1 } }, { at: { style: 'form' } })).toBe('x=1')
    expect(await form({ at: {}, b: 1 }, { at: { style: 'form' } })).toBe('b=1')
  })

  it('are made of properties too, and empty where they are required', async () => {
    const write = writerOf({ body: bodyOf(mediaOf(FORM), ['a', 'b'], true) })
    expect(await sent(write({ a: 1 }))).toEqual([FORM, 'a=1'])
    expect(await sent(write({}))).toEqual([FORM, ''])
  })

  it('refuse what is no form, naming it', () => {
    const write = writerOf({ body: wholeBody(mediaOf(FORM)) })
    expect(() => write({ body: 'a=1' })).toThrow(refused(/"body" is no form/))
    expect(() => write({ body: { x: '\ud800' } })).toThrow(refused(/"x" is no well-formed text/))
  })
})

describe('texts', () => {
  it('are sent as they are', async () => {
    expect(await whole(mediaOf('text/plain'), 'é\n')).toEqual(['text/plain; charset=utf-8', 'é\n'])
    expect(await whole(mediaOf('text/*'), 12)).toEqual(['text/plain; charset=utf-8', '12'])
    expect(await whole(mediaOf('application/xml'), '<a/>')).toEqual(['application/xml', '<a/>'])
    expect(await whole(mediaOf('application/yaml'), { a: 1 })).toEqual(['application/yaml', '{"a":1}'])
    expect(await whole(mediaOf('text/csv'), null)).toEqual([null, ''])
  })

  it('cannot be half a character, nor XML an object', () => {
    expect(() => writerOf({ body: wholeBody(mediaOf('text/plain')) })({ body: '\udc00' })).toThrow(
      refused(/well-formed/),
    )
    for (const type of ['application/xml', 'text/xml', 'application/soap+xml', 'image/svg+xml']) {
      expect(() => writerOf({ body: wholeBody(mediaOf(type)) })({ body: { a: 1 } })).toThrow(refused(/give it as text/))
    }
  })
})

describe('bytes', () => {
  const bytes = async (
    type: string,
    value: unknown,
    schema: JsonSchema = {},
  ): Promise<readonly [string | null, number[]]> => {
    const { headers, body } = writerOf({ body: wholeBody(mediaOf(type)), properties: { body: schema } })({
      body: value,
    })
    return [headers.get('content-type'), [...new Uint8Array(await new Response(body ?? null).arrayBuffer())]]
  }

  it('come from base64', async () => {
    expect(await bytes('application/octet-stream', '/wA=')).toEqual(['application/octet-stream', [255, 0]])
    expect(await bytes('image/png', { base64: 'AQID', filename: 'a.png' })).toEqual(['image/png', [1, 2, 3]])
    expect(await bytes('image/*', { base64: 'AQID', contentType: 'image/webp' })).toEqual(['image/webp', [1, 2, 3]])
    expect(await bytes('image/*', 'AQID')).toEqual(['application/octet-stream', [1, 2, 3]])
    expect(await bytes('application/octet-stream', '')).toEqual(['application/octet-stream', []])
    expect(await bytes('application/vnd.x+cbor', 'oA==')).toEqual(['application/vnd.x+cbor', [160]])
  })

  it('come from base64 wherever the argument is a file', async () => {
    expect(await bytes('text/csv', 'AQID', FILE_SCHEMA)).toEqual(['text/csv', [1, 2, 3]])
    expect(await bytes('*/*', 'AQID', { $ref: '#/nowhere' })).toEqual(['text/plain; charset=utf-8', [65, 81, 73, 68]])
    expect(await bytes('*/*', 'AQID', FILE_SCHEMA)).toEqual(['application/octet-stream', [1, 2, 3]])
    expect(await bytes('application/vnd.x', { base64: 'AQID' })).toEqual(['application/vnd.x', [1, 2, 3]])
  })

  it.each(['AQI', 'AQ==\n', 'AR==', 'AQJ=', '====', 'A===', 'AQ-_', 'a b=', 'AQ=A', 5, [], {}, { base64: 1 }, true])(
    'cannot come from %j',
    (value) => {
      const write = writerOf({ body: wholeBody(mediaOf('image/png')) })
      expect(() => write({ body: value })).toThrow(refused(/"body" is (?:not base64|no file)/))
    },
  )
})

describe('a media type that says nothing', () => {
  it('is chosen by the value', async () => {
    expect(await whole(mediaOf('*/*'), { a: 1 })).toEqual(['application/json', '{"a":1}'])
    expect(await whole(mediaOf('*/*'), 'a')).toEqual(['text/plain; charset=utf-8', 'a'])
    expect(await whole(mediaOf('application/vnd.x'), [1])).toEqual(['application/vnd.x', '[1]'])
    expect(await whole(mediaOf('application/vnd.x'), 'a')).toEqual(['application/vnd.x', 'a'])
  })
})
