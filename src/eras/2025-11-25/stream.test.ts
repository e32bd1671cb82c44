import { describe, expect, it } from 'vitest'
import { Gate } from '../../engine/gate.ts'
import { ERA_OPTIONS } from '../era.ts'
import type { EventStream } from '../exchange.ts'
import { EventStore } from './events.ts'
import { Streams } from './streams.ts'

/** A connection whose reader takes one event at a time, when it is let. */
class SlowReader implements EventStream {
  readonly isCongested = false
  readonly data: string[] = []
  readonly ids: string[] = []
  isClosed = false
  isSlow: boolean
  readonly #gate = new Gate()

  constructor(isSlow = true) {
    this.isSlow = isSlow
  }

  drained(): Promise<void> | undefined {
    return this.isSlow && !this.isClosed ? this.#gate.wait() : undefined
  }

  send(frame: string): boolean {
    if (this.isClosed) return false
    this.ids.push(/^id: (.*)$/m.exec(frame)?.[1] ?? '')
    this.data.push(/^data: (.*)$/m.exec(frame)?.[1] ?? '')
    return true
  }

  close(): void {
    this.isClosed = true
    this.#gate.open()
  }

  async read(): Promise<void> {
    this.#gate.open()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function open(limits: Partial<typeof ERA_OPTIONS.events> = {}) {
  const streams = new Streams(new EventStore({ ...ERA_OPTIONS.events, ...limits }))
  const stream = streams.open()
  const first = new SlowReader(false)
  stream.connect(first)
  stream.prime(1)
  return { streams, stream, first, send: (...texts: string[]) => texts.map((text) => stream.send(text)) }
}

describe('a stream whose client comes back', () => {
  it('sends what was missed no faster than it is read, and what comes meanwhile after it', async () => {
    const { stream, first, send } = open()
    stream.disconnect(first)
    send('1', '2', '3')
    const slow = new SlowReader()
    stream.connect(slow, 0)
    expect(slow.data).toEqual(['1'])
    send('4')
    await slow.read()
    expect(slow.data).toEqual(['1', '2'])
    slow.isSlow = false
    await slow.read()
    expect(slow.data).toEqual(['1', '2', '3', '4'])
    send('5')
    stream.end()
    expect([slow.data.at(-1), slow.isClosed]).toEqual(['5', true])
  })

  it('ends only when all of it is read', async () => {
    const { stream, first, send } = open()
    stream.disconnect(first)
    send('1', '2')
    const slow = new SlowReader()
    stream.connect(slow, 0)
    stream.end()
    expect(slow.isClosed).toBe(false)
    await slow.read()
    await slow.read()
    expect([slow.data, slow.isClosed]).toEqual([['1', '2'], true])
  })

  it('breaks off where something is lost before it could be read, and says so to who comes back', async () => {
    const { streams, stream, first, send } = open({ perSession: 3 })
    stream.disconnect(first)
    send('1', '2', '3')
    const slow = new SlowReader()
    stream.connect(slow, 0)
    send('4', '5')
    await slow.read()
    expect([slow.data, slow.isClosed]).toEqual([['1'], true])
    expect(streams.find(slow.ids[0] ?? '')).toBeUndefined()
  })

  it('may break again in the middle of it', async () => {
    const { stream, first, send } = open()
    stream.disconnect(first)
    send('1', '2', '3')
    const slow = new SlowReader()
    stream.connect(slow, 0)
    stream.disconnect(slow)
    slow.close()
    const next = new SlowReader(false)
    stream.connect(next, 1)
    await slow.read()
    expect([slow.data, next.data]).toEqual([['1'], ['2', '3']])
  })
})

describe('a stream without a client', () => {
  it('has those wait who send, once a quarter of its room is full, until the client is back', async () => {
    const { stream, first, send } = open({ perSession: 8 })
    stream.disconnect(first)
    send('1')
    expect([stream.drained(), stream.isCongested]).toEqual([undefined, false])
    send('2')
    const waiting = stream.drained()
    expect(stream.isCongested).toBe(true)
    stream.connect(new SlowReader(false), 0)
    await waiting
    expect(stream.drained()).toBeUndefined()
  })

  it('has nobody wait when it is over', async () => {
    const { stream, first, send } = open({ perSession: 4 })
    stream.disconnect(first)
    send('1')
    const waiting = stream.drained()
    stream.end()
    await waiting
    expect(send('2')).toEqual([false])
  })

  it('takes nothing for one that knows no place to come back to', () => {
    const streams = new Streams(new EventStore(ERA_OPTIONS.events))
    expect(streams.standing.send('1')).toBe(false)
    const broken = new SlowReader(false)
    broken.close()
    streams.standing.connect(broken)
    expect([streams.standing.send('1'), streams.standing.isResumable]).toEqual([false, false])
  })

  it('is forgotten when nothing of it is kept any more', () => {
    const { streams, stream, first, send } = open({ perSession: 2 })
    send('1')
    stream.end()
    expect([streams.size, streams.find(first.ids[0] ?? '')]).toEqual([1, { stream, number: 0 }])
    const other = streams.open()
    other.connect(new SlowReader(false))
    for (const text of ['a', 'b']) other.send(text)
    expect([streams.size, streams.find(first.ids[0] ?? '')]).toEqual([1, undefined])
  })
})
