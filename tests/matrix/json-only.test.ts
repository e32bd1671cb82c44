import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Listening } from '../../src/transports/node/listen.ts'
import { HttpSession, read } from '../kit/event-reader.ts'
import { headersOf, request } from '../kit/stateless.ts'

/** A server that talks whenever it can. */
function talkative(): FastMCP {
  const mcp = new FastMCP({ name: 'talkative', version: '1.0.0', http: { json: true } })
  mcp.tool('talk', { description: 'Talks' }, async function* (_, ctx) {
    ctx.progress(1, 2, 'half')
    ctx.log.info('said')
    yield ctx.closeStream()
    yield 'more'
  })
  mcp.tool('ask', { description: 'Asks' }, async (_, ctx) => (await ctx.roots()).map(({ uri }) => uri))
  return mcp
}

let listening: Listening
const mcp = talkative()
beforeAll(async () => {
  listening = await mcp.listen({ port: 0 })
})
afterAll(() => listening.close())

describe('a server that answers in JSON alone', () => {
  it.each(['stateless', 'stateful'] as const)('sends nothing ahead of an answer, %s', async (era) => {
    for (const options of [
      {},
      { fetch: async (url: string | URL, init?: RequestInit) => mcp.fetch(new Request(url, init)) },
    ]) {
      const target = 'fetch' in options ? 'http://localhost/mcp' : listening.url
      const heard: unknown[] = []
      const client = await connect(target, { ...options, era, logLevel: 'debug', onLog: (entry) => heard.push(entry) })
      const { data } = await client.callTool('talk', {}, { onProgress: (told) => heard.push(told) })
      expect([data, heard]).toEqual([[false, 'more'], []])
      await client.close()
    }
  })

  it('says how long its answer is', async () => {
    const message = request('tools/call', { name: 'talk' })
    const answers = [await read(listening.url, Object.fromEntries(headersOf(message)), message)]
    const session = await HttpSession.open(listening.url)
    answers.push(await session.call('talk'))
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
      expect(answer.headers.get('content-length')).toBe(`${(await answer.text()).length}`)
    }
    await session.delete()
  })

  it('refuses what can only be a stream', async () => {
    const message = request('subscriptions/listen', { notifications: { toolsListChanged: true } })
    const answer = await read(listening.url, Object.fromEntries(headersOf(message)), message)
    expect(answer.status).toBe(404)
    expect(JSON.parse(await answer.text())).toMatchObject({
      error: { code: -32601, message: expect.stringContaining('JSON alone') },
    })
    const only = await read(listening.url, { accept: 'text/event-stream' }, { jsonrpc: '2.0', id: 1, method: 'ping' })
    expect(only.status).toBe(406)
    await only.text()
  })

  it('asks a client on the stream of its session, while there is one', async () => {
    const session = await HttpSession.open(listening.url)
    const standing = await session.get()
    const call = session.call('ask')
    const { id, method } = JSON.parse((await standing.next())?.data ?? '')
    expect(method).toBe('roots/list')
    const answer = await session.post({ id, result: { roots: [{ uri: 'file:///home/ann' }] } })
    expect(answer.status).toBe(202)
    expect(JSON.parse(await (await call).text())).toMatchObject({
      result: { structuredContent: { result: ['file:///home/ann'] } },
    })
    standing.leave()
    await session.delete()
  })

  it('says what to do where there is none', async () => {
    const session = await HttpSession.open(listening.url)
    const { error } = JSON.parse(await (await session.call('ask')).text())
    expect(error).toMatchObject({ code: -32600, message: expect.stringContaining('open by GET') })
    await session.delete()
  })
})
