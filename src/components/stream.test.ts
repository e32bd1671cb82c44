import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { application } from '../../tests/kit/stateless.ts'
import { contextOf } from '../engine/backstage.ts'
import { Gate } from '../engine/gate.ts'
import { Cancellation } from '../engine/inflight.ts'
import type { Flow, Origin } from '../engine/origin.ts'
import { image, text } from './content.ts'
import { type ToolHandler, tool } from './tool.ts'

function open(part: Partial<Origin> = {}) {
  const sent: unknown[] = []
  const cancellation = new Cancellation()
  const context = contextOf({
    application: application(),
    requestId: 1,
    revision: 'any',
    client: { info: undefined, capabilities: {} },
    auth: undefined,
    sessionId: undefined,
    meta: undefined,
    logLevel: 'info',
    header: () => undefined,
    headers: () => ({}),
    can: () => false,
    notify: (_, { data, message }) => void sent.push(data ?? message),
    ask: () => Promise.reject(new Error('nobody to ask')),
    once: async (_, work) => work(),
    require: (asked) => new Error(String(asked)),
    inputResponses: {},
    requestState: undefined,
    unwinding: false,
    onCancel: (listener) => cancellation.onCancel(listener),
    ...part,
  })
  return { context, sent, cancel: () => cancellation.cancel(new Error('cancelled')) }
}

const streaming = (handler: ToolHandler<undefined, undefined>, timeout?: number) =>
  tool('t', { description: 'x', ...(timeout !== undefined && { timeout }) }, handler)

/** A cursor that counts what was read, and knows whether it is closed. */
function cursor(rows: number) {
  const state = { read: 0, isClosed: false }
  async function* read() {
    try {
      while (state.read < rows) yield { id: ++state.read }
    } finally {
      state.isClosed = true
    }
  }
  return { state, read }
}

describe('a handler that yields', () => {
  it('has each part sent when it is made, and all of them as its result', async () => {
    const { context, sent } = open()
    const seen: number[] = []
    const made = streaming(async function* () {
      yield 'one'
      seen.push(sent.length)
      yield { two: 2 }
      seen.push(sent.length)
      yield 3
    })
    expect(await made.call({}, context)).toEqual({
      content: [{ type: 'text', text: '["one",{"two":2},3]' }],
      structuredContent: ['one', { two: 2 }, 3],
    })
    expect([sent, seen]).toEqual([
      ['one', { two: 2 }, 3],
      [1, 2],
    ])
  })

  it('has what it returns as its result where it returns something', async () => {
    const { context, sent } = open()
    const made = streaming(async function* () {
      yield 'working'
      return { rows: 2 }
    })
    expect(await made.call({}, context)).toMatchObject({ structuredContent: { rows: 2 } })
    expect(sent).toEqual(['working'])
  })

  it('has an empty list as its result where it does neither', async () => {
    expect(await streaming(async function* () {}).call({}, open().context)).toMatchObject({ structuredContent: [] })
  })

  it('may be given by a handler that waited for something first', async () => {
    const { context, sent } = open()
    const made = streaming(async () => {
      await Promise.resolve()
      return cursor(2).read()
    })
    expect(await made.call({}, context)).toMatchObject({ structuredContent: [{ id: 1 }, { id: 2 }] })
    expect(sent).toHaveLength(2)
  })

  it('is checked against the output schema, with its defaults', async () => {
    const output = z.array(z.object({ id: z.number(), note: z.string().default('none') }))
    const rows = tool('t', { description: 'x', output }, async function* () {
      yield { id: 1 }
    })
    expect(await rows.call({}, open().context)).toMatchObject({ structuredContent: [{ id: 1, note: 'none' }] })
    const wrong = tool('t', { description: 'x', output }, async function* () {
      yield { id: 'one' } as never
    })
    await expect(wrong.call({}, open().context)).rejects.toMatchObject({ code: 'OUTPUT_MISMATCH' })
  })

  it('may yield content, of which only words go ahead', async () => {
    const { context, sent } = open()
    const picture = image('iVBORw0KGgoAAAANSUhEUg==')
    const made = streaming(async function* () {
      yield text('see')
      yield picture
      yield new Uint8Array(5)
      yield
    })
    const { content } = (await made.call({}, context)) as { content: unknown[] }
    expect(content).toMatchObject([{ text: 'see' }, { type: 'image' }, { type: 'resource' }])
    expect(sent).toEqual(['see', '[image, image/png]', '[5 bytes]'])
  })

  it('is closed when a part of it cannot be sent', async () => {
    const { state, read } = cursor(10)
    const made = streaming(async function* () {
      for await (const { id } of read()) yield id === 3 ? () => undefined : id
    })
    await expect(made.call({}, open().context)).rejects.toMatchObject({ code: 'RESULT_NOT_JSON' })
    expect(state).toEqual({ read: 3, isClosed: true })
  })

  it('fails as it throws', async () => {
    const made = streaming(async function* () {
      yield 1
      throw new Error('no more')
    })
    await expect(made.call({}, open().context)).rejects.toThrow('no more')
  })

  it('may yield far more than a result can hold if it returns a summary', async () => {
    const { context } = open({ notify: () => undefined })
    const part = 'x'.repeat(1024 * 1024)
    const summing = streaming(async function* () {
      for (let i = 0; i < 400; i++) yield part
      return '400 MiB'
    })
    expect(await summing.call({}, context)).toEqual({ content: [{ type: 'text', text: '400 MiB' }] })
    const listing = streaming(async function* () {
      for (let i = 0; i < 9; i++) yield part
    })
    await expect(listing.call({}, open().context)).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' })
  })
})

describe('a client that reads slowly', () => {
  function slow() {
    const gate = new Gate()
    let isSlow = true
    const flow: Flow = { isCongested: false, drained: () => (isSlow ? gate.wait() : undefined) }
    const catchUp = (): void => {
      isSlow = false
      gate.open()
    }
    return { flow, gate, catchUp }
  }

  it('is waited for after each part', async () => {
    const { flow, gate, catchUp } = slow()
    const { state, read } = cursor(10)
    const { context } = open({ flow })
    const result = streaming(read).call({}, context)
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.read).toBe(1)
    gate.open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.read).toBe(2)
    catchUp()
    await result
    expect(state.read).toBe(10)
  })

  it('and cancels, is waited for no longer', async () => {
    const { flow } = slow()
    const { state, read } = cursor(10)
    const { context, cancel } = open({ flow })
    const result = streaming(read).call({}, context)
    await new Promise((resolve) => setImmediate(resolve))
    cancel()
    await expect(result).rejects.toThrow('cancelled')
    expect(state).toEqual({ read: 1, isClosed: true })
  })
})

describe('a call that is given up', () => {
  it('has its generator return, wherever it is', async () => {
    const { context, cancel } = open()
    const gate = new Gate()
    const steps: string[] = []
    const made = streaming(async function* (_, { signal }) {
      try {
        yield 1
        signal.addEventListener('abort', () => gate.open())
        await gate.wait()
        steps.push('awake')
        yield 2
        steps.push('never')
      } finally {
        steps.push('closed')
      }
    })
    const result = made.call({}, context)
    await new Promise((resolve) => setImmediate(resolve))
    cancel()
    await expect(result).rejects.toThrow('cancelled')
    expect(steps).toEqual(['awake', 'closed'])
  })

  it('before it began never begins', async () => {
    const { context, cancel } = open()
    const { state, read } = cursor(10)
    cancel()
    await expect(streaming(read).call({}, context)).rejects.toThrow('cancelled')
    expect(state).toEqual({ read: 0, isClosed: false })
  })

  it('ends in time even if the generator never waits for anything', async () => {
    const { state, read } = cursor(Number.POSITIVE_INFINITY)
    const { context } = open({ logLevel: undefined, notify: () => undefined })
    await expect(streaming(read, 50).call({}, context)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await vi.waitFor(() => expect(state.isClosed).toBe(true))
  })

  it('is ended by time while it waits for the client, and closed', async () => {
    const { state, read } = cursor(10)
    const { context } = open({ flow: { isCongested: false, drained: () => new Gate().wait() } })
    await expect(streaming(read, 20).call({}, context)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await vi.waitFor(() => expect(state).toEqual({ read: 1, isClosed: true }))
  })

  it('is let go of once, and what goes wrong then is told', async () => {
    const { context, cancel } = open()
    const gate = new Gate()
    const made = streaming(async function* () {
      try {
        yield 1
        await gate.wait()
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: the point of the test
        throw new Error('cannot close')
      }
    })
    const result = made.call({}, context)
    await new Promise((resolve) => setImmediate(resolve))
    cancel()
    gate.open()
    await expect(result).rejects.toThrow('cannot close')
  })
})
