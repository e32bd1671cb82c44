import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventCutter } from './event-cutter.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const text = (piece: Uint8Array): string => new TextDecoder().decode(piece)

/** What was let through and what was kept back, once a text has come in these chunks. */
function cut(...chunks: readonly string[]): { readonly whole: string; readonly rest: string } {
  const cutter = new EventCutter()
  let [whole, rest] = ['', '']
  for (const chunk of chunks) {
    for (const piece of cutter.cut(bytes(chunk))) {
      rest += text(piece.bytes)
      const kept = piece.bytes.length - piece.whole
      if (piece.whole === 0) continue
      whole += rest.slice(0, rest.length - kept)
      rest = rest.slice(rest.length - kept)
    }
  }
  return { whole, rest }
}

describe('events of a stream', () => {
  it('stay in one piece in an ordinary chunk', () => {
    const chunk = bytes('data: x\n\n'.repeat(50))
    expect([...new EventCutter().cut(chunk)]).toEqual([{ bytes: chunk, lines: 100, whole: chunk.length }])
    expect([...new EventCutter().cut(bytes(''))]).toEqual([])
  })

  it.each([
    ['data: x\n', '', 'data: x\n'],
    ['data: x\n\ndata: y', 'data: x\n\n', 'data: y'],
    ['data: x\r\n\r\n: y\r\n', 'data: x\r\n\r\n', ': y\r\n'],
    ['data: x\r\rdata: y\r', 'data: x\r\r', 'data: y\r'],
    ['data: x\n\r\ndata: y', 'data: x\n\r\n', 'data: y'],
    ['data: x\r\n\ndata: y', 'data: x\r\n\n', 'data: y'],
    ['\ndata: y', '\n', 'data: y'],
    ['data: x\n \n', '', 'data: x\n \n'],
  ])('end at a blank line: %j', (stream, whole, rest) => {
    expect(cut(stream)).toEqual({ whole, rest })
    expect(cut(...stream)).toEqual({ whole, rest })
  })

  it('end there wherever chunks are parted', () => {
    const streams = fc.array(fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\n\r\n', 'data: x', ':', 'e'), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(streams, fc.infiniteStream(fc.nat({ max: 5 })), (parts, sizes) => {
        const stream = parts.join('')
        // The reference: all up to the last blank line, a line being what one end of lines parts from the next.
        const lastBlank = [...stream.matchAll(/(?<=^|\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g)].at(-1)
        const whole = lastBlank === undefined ? '' : stream.slice(0, lastBlank.index + lastBlank[0].length)
        const chunks: string[] = []
        for (let at = 0; at < stream.length; ) {
          const size = sizes.next().value ?? 0
          chunks.push(stream.slice(at, at + size))
          at += size
        }
        expect(cut(...chunks)).toEqual({ whole, rest: stream.slice(whole.length) })
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['\n', '\r', '\r\n'])('CL-03: a chunk of many lines is cut between lines and loses nothing: %j', (end) => {
    const flood = `${`: ${end}`.repeat(500)}data: end`
    const pieces = [...new EventCutter().cut(bytes(flood))]
    expect(pieces.map((piece) => text(piece.bytes)).join('')).toBe(flood)
    expect(pieces.map(({ lines }) => lines)).toEqual([128, 128, 128, 116])
  })
})
