import { expect, it, vi } from 'vitest'
import { Pace, piecesOf } from './pace.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const text = (pieces: Iterable<Uint8Array>): string =>
  [...pieces].map((piece) => new TextDecoder().decode(piece)).join('')

it('an ordinary chunk stays whole, and nothing waits for it', () => {
  const chunk = bytes('data: x\n\n'.repeat(100))
  expect([...piecesOf(chunk)]).toHaveLength(1)
  expect(new Pace().keep(chunk)).toBeUndefined()
  expect([...piecesOf(bytes(''))]).toEqual([])
})

it('CL-03: a chunk of many lines is cut between lines, and loses nothing', () => {
  const flood = `${': \n'.repeat(2_000)}data: end`
  const pieces = [...piecesOf(bytes(flood))]
  expect(text(pieces)).toBe(flood)
  expect(pieces.map((piece) => new TextDecoder().decode(piece).split('\n').length - 1)).toEqual([512, 512, 512, 464])
})

it('CL-03: a flood is taken in no faster than 400,000 lines a second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  try {
    const pace = new Pace()
    const piece = bytes('\n'.repeat(512))
    const from = performance.now()
    let taken = 0
    const work = (async () => {
      for (; taken < 1_000_000; taken += 512) await pace.keep(piece)
    })()
    while (taken < 1_000_000) await vi.advanceTimersByTimeAsync(1)
    await work
    expect(taken / (performance.now() - from)).toBeLessThanOrEqual(401)
  } finally {
    vi.useRealTimers()
  }
})
