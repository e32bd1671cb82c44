import { describe, expect, it } from 'vitest'
import { LineSplitter } from './lines.ts'

function split(chunks: readonly (string | Uint8Array)[], limit = 1000): string[] {
  const seen: string[] = []
  const splitter = new LineSplitter(
    { line: (bytes) => seen.push(bytes.toString()), tooLong: () => seen.push('<too long>') },
    limit,
  )
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string))
  splitter.end()
  return seen
}

const bytewise = (text: string): Uint8Array[] => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))

describe('lines', () => {
  it.each<[string, string[]]>([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\n\r\n\n', []],
    ['a', ['a']],
    ['a\rb\n', ['a\rb']],
    ['日本\n語\r\n', ['日本', '語']],
    ['', []],
  ])('splits %j whole and byte by byte', (text, lines) => {
    expect(split([text])).toEqual(lines)
    expect(split(bytewise(text))).toEqual(lines)
  })

  it('joins a line that spans many reads with one that ends in the same read', () => {
    expect(split(['ab', 'cd', 'e\nf', 'g\nh\ni'])).toEqual(['abcde', 'fg', 'h', 'i'])
  })

  it.each([
    [['123456\nok\n']],
    [['123', '456', '\nok\n']],
    [['123', '456', '7', '8\nok\n']],
    [bytewise('123456\nok\n')],
  ])('tells once of a line over the limit, skips it and goes on: %#', (chunks) => {
    expect(split(chunks, 5)).toEqual(['<too long>', 'ok'])
  })

  it('takes a line of exactly the limit', () => {
    expect(split(['12345\n'], 5)).toEqual(['12345'])
    expect(split(['123', '45\n'], 5)).toEqual(['12345'])
  })

  it('skips a line over the limit that never ends, and holds none of it', () => {
    expect(
      split(
        Array.from({ length: 100 }, () => 'x'.repeat(100)),
        500,
      ),
    ).toEqual(['<too long>'])
  })

  it('keeps apart lines that it gave, though it uses their room again', () => {
    expect(split(['aaaa', '\nbb', 'bb\ncc', 'cc\n'])).toEqual(['aaaa', 'bbbb', 'cccc'])
  })

  it('takes time in proportion to the bytes, however small the reads', () => {
    const time = (size: number): number => {
      const splitter = new LineSplitter({ line: () => undefined, tooLong: () => undefined }, 64 * 1024 * 1024)
      const byte = Buffer.from('x')
      const start = performance.now()
      for (let i = 0; i < size; i++) splitter.push(byte)
      splitter.push(Buffer.from('\n'))
      return performance.now() - start
    }
    time(200_000)
    // Quadratic time would be 64 times as much.
    expect(time(1_600_000)).toBeLessThan(30 * Math.max(time(200_000), 5))
  })
})
