import { describe, expect, it } from 'vitest'
import { audio, file, image, link, text } from './content.ts'

const bytesOf = (...parts: (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? part : [...part].map((c) => c.charCodeAt(0)))))

describe('image and audio', () => {
  it.each([
    ['image/png', bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', 'rest')],
    ['image/jpeg', bytesOf(0xff, 0xd8, 0xff, 0xe0)],
    ['image/gif', bytesOf('GIF89a')],
    ['image/webp', bytesOf('RIFF', 0, 0, 0, 0, 'WEBPVP8 ')],
  ])('%s is found by its first bytes, in bytes and in base64', (mimeType, bytes) => {
    const data = Buffer.from(bytes).toString('base64')
    expect(image(bytes)).toEqual({ type: 'image', data, mimeType })
    expect(image(data)).toEqual({ type: 'image', data, mimeType })
  })

  it.each([
    ['audio/wav', bytesOf('RIFF', 0, 0, 0, 0, 'WAVEfmt ')],
    ['audio/ogg', bytesOf('OggS', 0)],
    ['audio/mpeg', bytesOf('ID3', 4)],
    ['audio/mpeg', bytesOf(0xff, 0xfb, 0x90)],
  ])('%s is found by its first bytes', (mimeType, bytes) => {
    expect(audio(bytes)).toMatchObject({ type: 'audio', mimeType })
  })

  it('take annotations, and a type of your own', () => {
    const annotations = { audience: ['user'] } as const
    expect(image(bytesOf('<svg/>'), { mimeType: 'image/svg+xml', annotations, meta: { a: 1 } })).toEqual({
      type: 'image',
      data: 'PHN2Zy8+',
      mimeType: 'image/svg+xml',
      annotations,
      _meta: { a: 1 },
    })
  })

  it('say what to do about bytes that tell nothing and strings that are no base64', () => {
    expect(() => image(bytesOf('????'))).toThrow('image(): the bytes are not png, jpeg, gif or webp; say what they are')
    expect(() => audio(bytesOf(''))).toThrow('audio(): the bytes are not wav, mp3 or ogg')
    expect(() => image('data:image/png;base64,iVBORw0KGgo=')).toThrow('give base64 without "data:" before it')
  })
})

describe('file and link', () => {
  it('a file carries text or bytes', () => {
    expect(file('report://q1', { text: '# Q1', mimeType: 'text/markdown' })).toEqual({
      type: 'resource',
      resource: { uri: 'report://q1', mimeType: 'text/markdown', text: '# Q1' },
    })
    expect(file('report://q1', { text: 'Q1' }).resource.mimeType).toBe('text/plain')
    expect(file('report://q1', { bytes: new Uint8Array([1]) }).resource).toEqual({
      uri: 'report://q1',
      mimeType: 'application/octet-stream',
      blob: 'AQ==',
    })
  })

  it('a link names a resource', () => {
    expect(link('report://q1', { name: 'q1', size: 12, meta: { a: 1 } })).toEqual({
      type: 'resource_link',
      uri: 'report://q1',
      name: 'q1',
      size: 12,
      _meta: { a: 1 },
    })
  })

  it('both want a whole URI', () => {
    expect(() => file('q1.txt', { text: '' })).toThrow('file(): "q1.txt" is no URI; begin it with a scheme')
    expect(() => link('/q1', { name: 'q1' })).toThrow('link(): "/q1" is no URI')
  })
})

it('text carries annotations', () => {
  expect(text('hi', { annotations: { priority: 1 } })).toEqual({
    type: 'text',
    text: 'hi',
    annotations: { priority: 1 },
  })
})
