import { expect, it } from 'vitest'
import { encodeBase64, encodeInChunks, isBase64, isBytes } from './base64.ts'

it('encodes what every form of bytes holds', () => {
  const bytes = new Uint8Array([0, 1, 254, 255, 65])
  expect(encodeBase64(bytes)).toBe('AAH+/0E=')
  expect(encodeBase64(bytes.buffer)).toBe('AAH+/0E=')
  expect(encodeBase64(bytes.subarray(1, 3))).toBe('Af4=')
  expect(encodeBase64(new DataView(bytes.buffer, 4))).toBe('QQ==')
  expect(encodeBase64(new Uint16Array([1]))).toBe('AQA=')
})

it('gives the same where the runtime has no fast way, also over several chunks', () => {
  for (const length of [0, 1, 2, 3, 0x5fff, 0x6000, 0x6001, 200_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 31)
    expect(encodeInChunks(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  }
})

it('tells base64 from other text', () => {
  expect(['', 'QQ==', 'AAH+/0E=']).toSatisfy((texts: string[]) => texts.every(isBase64))
  expect(['Q', 'QQ=', 'Q=Q=', 'a-_b', 'data:image/png;base64,QQ==', 'QQ==\n']).toSatisfy(
    (texts: string[]) => !texts.some(isBase64),
  )
})

it('knows bytes from data', () => {
  expect([new Uint8Array(), new ArrayBuffer(1), new SharedArrayBuffer(1), new DataView(new ArrayBuffer(1))]).toSatisfy(
    (values: unknown[]) => values.every(isBytes),
  )
  expect(isBytes([1, 2])).toBe(false)
})
