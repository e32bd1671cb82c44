import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventsIn } from './event-stream.ts'

function streamOf(text: string, sizes: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let [at, turn] = [0, 0]
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      const size = sizes[turn++ % sizes.length] ?? 1
      controller.enqueue(bytes.subarray(at, at + size))
      at += size
    },
  })
}

async function read(text: string, sizes: readonly number[] = [1_000]): Promise<string[]> {
  const events: string[] = []
  for await (const event of eventsIn(streamOf(text, sizes))) events.push(event)
  return events
}

it('gives the data of each event', async () => {
  expect(await read('event: message\ndata: one\n\nid: 7\ndata: two\ndata: lines\n\n')).toEqual(['one', 'two\nlines'])
  expect(await read('data:no blank\n\ndata:  two blanks\n\ndata\n\n')).toEqual(['no blank', ' two blanks', ''])
})

it('passes over comments, events without data, and what is not whole', async () => {
  expect(await read(': beat\n\nevent: ping\n\ndata: whole\n\ndata: half\n')).toEqual(['whole'])
})

it('reads the same whatever ends lines and wherever the stream is cut', async () => {
  const line = fc.stringMatching(/^[a-zé😀]{0,8}$/u)
  const ends = fc.constantFrom('\n', '\r', '\r\n')
  const events = fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      events,
      ends,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (all, end, sizes) => {
        const text = all.map((lines) => `${lines.map((each) => `data: ${each}${end}`).join('')}${end}`).join('')
        expect(await read(text, sizes)).toEqual(all.map((lines) => lines.join('\n')))
      },
    ),
  )
})

it('lets go of a stream that nobody reads on', async () => {
  let isCancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: more\n\n')),
    cancel() {
      isCancelled = true
    },
  })
  for await (const event of eventsIn(endless)) {
    expect(event).toBe('more')
    break
  }
  expect(isCancelled).toBe(true)
})
