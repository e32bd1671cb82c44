import type { JSONRPCMessage, TransportSendOptions } from '@modelcontextprotocol/client'
import { describe, expect, it } from 'vitest'
import { Gate } from './gate.ts'
import type { Progress } from './options.ts'
import { ProgressReports } from './progress-reports.ts'
import type { Line } from './target.ts'

/** A gate before a line that a test holds in its hands. */
async function gate() {
  const sent: (TransportSendOptions | undefined)[] = []
  const line: Line = {
    start: async () => undefined,
    send: async (_, options) => void sent.push(options),
    close: async () => undefined,
  }
  const reports = new ProgressReports()
  const subject = new Gate(line, reports)
  const passed: JSONRPCMessage[] = []
  subject.onmessage = (message) => passed.push(message)
  await subject.start()
  return {
    subject,
    reports,
    passed,
    sent,
    ask: (id: string | number, method = 'tools/call', params = {}) =>
      subject.send({ jsonrpc: '2.0', id, method, params }),
    answer: (id: unknown, result: Record<string, unknown> = {}) =>
      line.onmessage?.({ jsonrpc: '2.0', id, result } as JSONRPCMessage),
    tell: (method: string, params: Record<string, unknown>) => line.onmessage?.({ jsonrpc: '2.0', method, params }),
  }
}

describe('CL-06: answers', () => {
  it('pass once, by exactly the id that was asked with', async () => {
    const { subject, passed, ask, answer } = await gate()
    await ask(0)
    for (const id of ['0', '', null, true, 0.5, -1, 7]) answer(id)
    expect([passed.length, subject.strays]).toEqual([0, 7])
    answer(0)
    answer(0)
    expect([passed.length, subject.strays]).toEqual([1, 8])
  })

  it('do not pass after the request was cancelled', async () => {
    const { subject, passed, ask, answer } = await gate()
    await ask(1)
    await subject.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
    answer(1)
    const abort = new AbortController()
    await subject.send({ jsonrpc: '2.0', id: 2, method: 'tools/call' }, { requestSignal: abort.signal })
    abort.abort()
    answer(2)
    expect([passed.length, subject.strays]).toEqual([0, 2])
  })

  it('to a request that could not be sent do not pass', async () => {
    const { subject, passed, answer } = await gate()
    const broken = new Gate(
      { start: async () => undefined, send: () => Promise.reject(new Error('gone')), close: async () => undefined },
      new ProgressReports(),
    )
    await expect(broken.send({ jsonrpc: '2.0', id: 1, method: 'x' })).rejects.toThrow('gone')
    answer(1)
    expect([passed.length, subject.strays]).toEqual([0, 1])
  })

  it('to questions answered lose their hints, for they are no answer to the question alone', async () => {
    const { passed, ask, answer } = await gate()
    await ask(1, 'resources/read', { uri: 'a://1' })
    await ask(2, 'resources/read', { uri: 'a://1', inputResponses: {} })
    await ask(3, 'resources/read', { uri: 'a://1', requestState: 'x' })
    for (const id of [1, 2, 3]) answer(id, { contents: [], ttlMs: 500 })
    expect(passed.map((message) => ('result' in message ? message.result.ttlMs : undefined))).toEqual([500, 0, 0])
  })
})

describe('CL-06: progress', () => {
  it('passes to the call that runs, in order', async () => {
    const { subject, reports, passed, tell, ask, answer } = await gate()
    const heard: Progress[] = []
    const { token, close } = reports.open((progress) => heard.push(progress))
    const report = (progressToken: unknown, progress: unknown, more = {}) =>
      tell('notifications/progress', { progressToken, progress, ...more })
    report(token, 1)
    await ask(1, 'tools/call', { _meta: { progressToken: token } })
    report(token, 1, { total: 3, message: 'one' })
    report(token, 1)
    report(token, 0.5)
    report(token, 2, { total: 'many', message: 7 })
    for (const [dead, value] of [
      ['other', 1],
      [1, 1],
      [token, 'x'],
      [token, null],
    ] as const)
      report(dead, value)
    answer(1)
    report(token, 3)
    await ask(2, 'tools/call', { _meta: { progressToken: token }, inputResponses: {} })
    report(token, 4)
    close()
    report(token, 5)
    expect(heard).toEqual([
      { progress: 1, total: 3, message: 'one' },
      { progress: 1 },
      { progress: 2 },
      { progress: 4 },
    ])
    expect([passed.length, subject.strays]).toEqual([1, 8])
  })

  it('leaves every other notification and request alone', async () => {
    const { subject, passed, tell } = await gate()
    tell('notifications/message', { level: 'info', data: 'x' })
    expect([passed.length, subject.strays]).toEqual([1, 0])
  })
})

describe('CL-06: changes', () => {
  const changed = (tell: (method: string, params: Record<string, unknown>) => void, id?: unknown): void =>
    tell('notifications/tools/list_changed', {
      ...(id !== undefined && { _meta: { 'io.modelcontextprotocol/subscriptionId': id } }),
    })

  it('pass for a subscription that stands, or for none', async () => {
    const { subject, passed, ask, answer, tell } = await gate()
    await ask('listen-1', 'subscriptions/listen')
    changed(tell)
    changed(tell, 'listen-1')
    for (const foreign of ['listen-2', '', 1, null, {}, '__proto__']) changed(tell, foreign)
    expect([passed.length, subject.strays]).toEqual([2, 6])
    answer('listen-1')
    changed(tell, 'listen-1')
    expect([passed.length, subject.strays]).toEqual([3, 7])
  })

  it('do not pass when the stream of the subscription has ended', async () => {
    const { subject, passed, tell, sent } = await gate()
    let ended = 0
    const message = { jsonrpc: '2.0', id: 'listen-1', method: 'subscriptions/listen' } as const
    await subject.send(message, { onRequestStreamEnd: () => ended++ })
    sent.at(-1)?.onRequestStreamEnd?.()
    changed(tell, 'listen-1')
    expect([passed.length, subject.strays, ended]).toEqual([0, 1, 1])
  })
})

describe('CL-04: pages', () => {
  const items = (count: number) => ({ tools: Array.from({ length: count }, () => ({})) })

  it('of one list are counted together', async () => {
    const { passed, ask, answer } = await gate()
    await ask(1, 'tools/list')
    answer(1, items(6_000))
    await ask(2, 'tools/list', { cursor: 'a' })
    answer(2, items(4_000))
    await ask(3, 'tools/list', { cursor: 'b' })
    answer(3, items(1))
    expect(passed.map((message) => 'result' in message)).toEqual([true, true, false])
    expect(passed[2]).toMatchObject({ id: 3, error: { data: { code: 'TOO_LARGE' } } })
  })

  it('of the next time count anew', async () => {
    const { passed, ask, answer } = await gate()
    for (const id of [1, 2]) {
      await ask(id, 'tools/list')
      answer(id, items(10_000))
    }
    expect(passed.every((message) => 'result' in message)).toBe(true)
  })
})
