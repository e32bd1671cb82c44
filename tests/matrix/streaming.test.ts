import { FastMCP } from '@fastmcp/ts'
import type { LogEntry, Progress } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { describe, expect, it, onTestFinished } from 'vitest'
import { headersOf, META } from '../kit/stateless.ts'

describeEras('a tool that yields', (open) => {
  const talking = (): FastMCP => {
    const mcp = new FastMCP({ name: 'talker', version: '1.0.0', onError: () => undefined })
    mcp.tool('talk', { description: 'Yields' }, async function* () {
      yield 'one'
      yield { two: 2 }
      return 'said'
    })
    mcp.tool('both', { description: 'Yields and reports' }, async function* (_, ctx) {
      ctx.progress(50, 100)
      yield 'half'
      ctx.progress(100, 100)
    })
    mcp.tool('fail', { description: 'Fails half way' }, async function* () {
      yield 'one'
      throw new Error('secret')
    })
    return mcp
  }

  it('speaks by log messages to a client that listens to those', async () => {
    const heard: LogEntry[] = []
    const client = await open(talking, { onLog: (entry) => heard.push(entry), logLevel: 'info' })
    expect((await client.callTool('talk')).data).toBe('said')
    expect(heard).toMatchObject([
      { level: 'info', data: 'one' },
      { level: 'info', data: { two: 2 } },
    ])
  })

  it('keeps its parts out of the progress that it reports itself', async () => {
    const heard: LogEntry[] = []
    const told: Progress[] = []
    const client = await open(talking, { onLog: (entry) => heard.push(entry), logLevel: 'info' })
    const { data } = await client.callTool('both', {}, { onProgress: (progress) => told.push(progress) })
    expect(data).toEqual(['half'])
    expect(told).toEqual([
      { progress: 50, total: 100 },
      { progress: 100, total: 100 },
    ])
    expect(heard).toMatchObject([{ level: 'info', data: 'half' }])
  })

  it('fails like any other', async () => {
    const client = await open(talking)
    const result = await client.callTool('fail', {}, { throwOnError: false })
    expect([result.isError, result.text]).toEqual([true, expect.not.stringContaining('secret')])
  })
})

describe.each(['stateless', 'stateful'] as const)('the form of an answer over HTTP, %s', (era) => {
  const mcp = new FastMCP({ name: 'former', version: '1.0.0' })
  mcp.tool('work', { description: 'Reports' }, (_, ctx) => {
    ctx.progress(1, 2)
    return 'done'
  })

  async function ask(progressToken?: string): Promise<Response> {
    const { url, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    const _meta = { ...(era === 'stateless' && META), ...(progressToken && { progressToken }) }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work', _meta } }
    const headers = era === 'stateless' ? Object.fromEntries(headersOf(message)) : {}
    return fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(message),
    })
  }

  it('is one JSON text of known length where nothing is sent ahead of the result', async () => {
    const response = await ask()
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('content-length')).toBe(`${Buffer.byteLength(text)}`)
    expect(JSON.parse(text)).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } })
  })

  it('is an event stream where something is', async () => {
    const response = await ask('token')
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('content-length')).toBeNull()
    const messages = [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''))
    expect(messages).toMatchObject([{ method: 'notifications/progress' }, { id: 1, result: {} }])
  })
})
