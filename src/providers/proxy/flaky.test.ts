import type { Client } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { useFakeClock } from '../../../tests/kit/fake-clock.ts'
import { FastMCP } from '../../fastmcp.ts'
import { type ProxyOptions, type ProxyTarget, proxy } from './index.ts'

const ERAS = ['stateless', 'stateful'] as const
/** In no time, and never because of a busy machine. */
const SOON = { interval: 1, timeout: 10_000 }
const quiet = { onError: () => undefined }

function inFrontOf(target: ProxyTarget, options: ProxyOptions = {}): FastMCP {
  const mcp = new FastMCP({ name: 'front', version: '1', ...quiet })
  mcp.mount(proxy(target, { ...quiet, ...options }))
  mcp.tool('own', { description: 'x' }, () => 'own')
  onTestFinished(() => mcp.close())
  return mcp
}

async function client(mcp: FastMCP, options: Parameters<typeof createTestClient>[1] = {}): Promise<Client> {
  const opened = await createTestClient(mcp, options)
  onTestFinished(() => opened.close())
  return opened
}

describe('what a caller says in _meta', () => {
  const behind = new FastMCP({ name: 'behind', version: '1' })
  behind.tool('meta', { description: 'x' }, (_, ctx) => ({ meta: ctx.meta }))
  for (const version of ['1.0.0', '2.0.0']) behind.tool('which', { description: 'x', version }, () => version)

  for (const upstream of ERAS) {
    for (const era of ERAS) {
      it(`reaches a ${upstream} server from a ${era} caller, with the way it came`, async () => {
        const { url, close } = await behind.listen({ port: 0 })
        onTestFinished(close)
        for (const target of [behind, url]) {
          const caller = await client(inFrontOf(inFrontOf(target, { era: upstream })), { era })
          for (const onProgress of [undefined, () => undefined]) {
            const meta = { traceparent: '00-1-2-01', 'example.com/x': [1] }
            const { data } = await caller.callTool<{ meta: object }>(
              'meta',
              {},
              { meta, ...(onProgress && { onProgress }) },
            )
            expect(data.meta).toMatchObject({ ...meta, 'fastmcp/via': [expect.any(String), expect.any(String)] })
            const wanted = { meta: { 'fastmcp/version': '1.0.0' }, ...(onProgress && { onProgress }) }
            expect((await caller.callTool('which', {}, wanted)).data).toBe('1.0.0')
          }
        }
      })
    }
  }
})

describe('a server behind that never answers', () => {
  for (const era of ERAS) {
    it(`keeps no ${era} client from its own server`, async () => {
      useFakeClock()
      onTestFinished(() => void vi.useRealTimers())
      const front = inFrontOf('http://127.0.0.1:9/mcp', { fetch: () => new Promise(() => undefined) })
      const connecting = client(front, { era })
      await vi.advanceTimersByTimeAsync(3_000)
      const caller = await connecting
      expect(caller.capabilities).toMatchObject({ tools: { listChanged: true }, resources: {}, prompts: {} })
      expect((await caller.callTool('own')).data).toBe('own')
    })
  }
})

it('tells of what a server has that could not be asked at first', async () => {
  const behind = new FastMCP({ name: 'behind', version: '1' })
  behind.tool('late', { description: 'x' }, () => 'late')
  const { url, close } = await behind.listen({ port: 0 })
  onTestFinished(close)
  let isUp = false
  const flaky: typeof fetch = (input, init) => (isUp ? fetch(input, init) : Promise.reject(new TypeError('down')))
  const front = inFrontOf(url, { fetch: flaky, era: 'stateless' })
  const caller = await client(front)
  expect((await caller.tools()).map(({ name }) => name)).toEqual(['own'])
  let heard = 0
  await caller.listen({ tools: true }, () => heard++)
  isUp = true
  const other = await client(front)
  await expect.poll(async () => (await other.tools({ fresh: true })).length, SOON).toBe(2)
  await expect.poll(() => heard, SOON).toBe(1)
})

it('asks a server that tells of changes without end for its lists now and then, and misses none', async () => {
  const behind = new FastMCP({ name: 'behind', version: '1' })
  let lists = 0
  behind.use('tools/list', (_, next) => {
    lists++
    return next()
  })
  behind.tool('ping', { description: 'x' }, () => 'pong')
  const caller = await client(inFrontOf(behind))
  await caller.tools()
  const begun = performance.now()
  for (let i = 0; i < 500; i++) {
    behind.changed('tool')
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(lists).toBeLessThanOrEqual(3 + (performance.now() - begun) / 250)
  behind.tool('last', { description: 'x' }, () => 'last')
  await expect.poll(async () => (await caller.tools({ fresh: true })).length, SOON).toBe(3)
})

it('cuts off no call to make room for the connection of another caller', async () => {
  const behind = new FastMCP({ name: 'behind', version: '1' })
  behind.tool('who', { description: 'x' }, (_, ctx) => ctx.auth?.subject)
  const front = inFrontOf(behind, { era: 'stateful', maxSessions: 5 })
  const names = Array.from({ length: 10 }, (_, i) => `caller ${i}`)
  const callers = await Promise.all(names.map((subject) => client(front, { auth: { subject } })))
  const told = new Set<string>()
  const ask = async (caller: Client, name: string): Promise<void> => {
    const answer = await caller.callTool('who').then(
      ({ data }) => (data === name ? 'right' : 'wrong'),
      (problem: Error) => problem.message,
    )
    told.add(answer)
  }
  await Promise.all(
    callers.map(async (caller, i) => {
      for (let round = 0; round < 10; round++) await ask(caller, names[i] ?? '')
    }),
  )
  told.delete('5 connections to the server behind this one are in use already')
  expect([...told]).toEqual(['right'])
  told.clear()
  for (const [i, caller] of callers.entries()) await ask(caller, names[i] ?? '')
  expect([...told]).toEqual(['right'])
})

it('keeps room for calls, however many callers watch what a server has', async () => {
  const behind = new FastMCP({ name: 'behind', version: '1' })
  behind.resource('doc://a', {}, () => 'a')
  behind.tool('who', { description: 'x' }, (_, ctx) => ctx.auth?.subject)
  const problems: string[] = []
  const front = inFrontOf(behind, { maxSessions: 4, onError: ({ message }) => problems.push(message) })
  const heard: string[] = []
  for (const subject of ['a', 'b', 'c', 'd', 'e']) {
    const caller = await client(front, { auth: { subject } })
    await caller.listen({ resources: ['doc://a'] }, () => heard.push(subject))
    expect((await caller.callTool('who')).data).toBe(subject)
  }
  behind.changed('contents', 'doc://a')
  await expect.poll(() => [...heard].sort(), SOON).toEqual(['a', 'b', 'c'])
  expect(problems).toEqual(Array(2).fill(expect.stringMatching(/kept for 3 callers/)))
})
