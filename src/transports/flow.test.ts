import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { echoEras } from '../../tests/kit/echo-eras.ts'
import { RawSocket, requestText } from '../../tests/kit/raw-socket.ts'
import type { EventStream } from '../eras/exchange.ts'
import { STREAMED } from '../eras/exchange.ts'
import { serveFetch } from './http/fetch.ts'
import { listen } from './node/listen.ts'
import { LineWriter } from './stdio/writer.ts'

const KIB = 1024
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const chunk = 'x'.repeat(64 * KIB)

/** Eras that answer with a stream which a test then writes to. */
function streaming() {
  const eras = echoEras()
  const opened = new Promise<EventStream>((resolve) => {
    eras.answer = (exchange) => {
      resolve(exchange.open())
      return STREAMED
    }
  })
  return { eras, opened }
}

/** Sends until the stream says to wait. */
function fill(stream: EventStream): Promise<void> {
  for (;;) {
    const waiting = stream.drained()
    if (waiting !== undefined) return waiting
    if (!stream.send(chunk)) throw new Error('cut off')
  }
}

describe('how fast a client reads', () => {
  it('is told by a stream of Node: who waits goes on once it has read', async () => {
    const { eras, opened } = streaming()
    const listening = await listen(eras, { port: 0 })
    const raw = await RawSocket.open(listening.port)
    raw.socket.pause()
    raw.write(requestText(listening.port, 'GET /mcp'))
    const stream = await opened
    expect([stream.drained(), stream.isCongested]).toEqual([undefined, false])
    // The kernel takes some megabytes before anything waits.
    while (!stream.isCongested) {
      stream.send(chunk)
      await turn()
    }
    const waiting = stream.drained()
    raw.socket.resume()
    await waiting
    expect([stream.drained(), stream.isCongested]).toEqual([undefined, false])
    stream.close()
    raw.destroy()
    await listening.close()
  })

  it('is told by a stream of Node: nobody waits for one that is gone', async () => {
    const { eras, opened } = streaming()
    const listening = await listen(eras, { port: 0 })
    const raw = await RawSocket.open(listening.port)
    raw.socket.pause()
    raw.write(requestText(listening.port, 'GET /mcp'))
    const stream = await opened
    const waiting = fill(stream)
    raw.destroy()
    await waiting
    await listening.close()
  })

  it('is told by a stream of fetch', async () => {
    const { eras, opened } = streaming()
    const response = await serveFetch(eras)(new Request('http://localhost/mcp', { method: 'GET' }))
    const stream = await opened
    const waiting = fill(stream)
    let isOver = false
    void waiting.then(() => {
      isOver = true
    })
    await turn()
    expect(isOver).toBe(false)
    const reader = response.body?.getReader()
    while (!isOver) await reader?.read()
    expect(stream.drained()).toBeUndefined()
    for (let i = 0; i < 9; i++) stream.send(chunk)
    expect(stream.isCongested).toBe(true)
    const left = stream.drained()
    await reader?.cancel()
    await left
    expect(stream.send(chunk)).toBe(false)
  })

  it('is told by stdio', async () => {
    const output = new PassThrough()
    const writer = new LineWriter(output, { limit: 256 * KIB })
    expect([writer.drained(), writer.isCongested]).toEqual([undefined, false])
    while (!writer.isCongested) writer.send(chunk)
    const waiting = writer.drained()
    output.resume()
    await waiting
    expect([writer.drained(), writer.isCongested]).toEqual([undefined, false])
    output.pause()
    while (writer.drained() === undefined) writer.send(chunk)
    const left = writer.drained()
    output.destroy()
    await left
    expect(writer.drained()).toBeUndefined()
  })
})
