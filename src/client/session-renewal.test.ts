import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type Change, connect, type FastMCPError } from './index.ts'

/** A server of the stateful era whose sessions a test can take away. */
async function forgetful() {
  const seen: string[] = []
  const known = new Set<string>()
  let streams: ServerResponse[] = []
  let willing = true
  let count = 0
  const server = createServer((request, response) => {
    const session = request.headers['mcp-session-id']
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { id, method = request.method, params } = body === '' ? {} : JSON.parse(body)
      seen.push(method === 'tools/call' ? `${method} ${params.name}` : method)
      const answer = (result: object): void => {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
      }
      if (method === 'initialize') {
        if (!willing) return response.writeHead(500).end()
        const fresh = `session-${++count}`
        known.add(fresh)
        response.setHeader('mcp-session-id', fresh)
        const capabilities = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} }
        return answer({ protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'forgetful', version: '1' } })
      }
      if (!known.has(String(session))) return response.writeHead(404).end()
      if (method === 'DELETE') return response.writeHead(200).end()
      if (method === 'GET') {
        streams.push(response)
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      }
      if (id === undefined) return response.writeHead(202).end()
      answer(method === 'tools/call' ? { content: [{ type: 'text', text: String(session) }] } : {})
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    forget: () => known.clear(),
    refuse: () => {
      willing = false
    },
    streams: () => streams.length,
    breakStreams: () => {
      for (const stream of streams) stream.destroy()
      streams = []
    },
  }
}

async function open(url: string, options = {}) {
  const client = await connect(url, { era: 'stateful', ...options })
  onTestFinished(() => client.close())
  return client
}

it('a session that the server lost is begun anew, and the call is made in it', async () => {
  const { url, seen, forget } = await forgetful()
  const client = await open(url)
  expect((await client.callTool('a')).text).toBe('session-1')
  forget()
  expect((await client.callTool('b')).text).toBe('session-2')
  expect((await client.callTool('c')).text).toBe('session-2')
  const asked = seen.filter((method) => !['GET', 'DELETE'].includes(method))
  expect(asked).toEqual([
    ...['initialize', 'notifications/initialized', 'tools/call a', 'tools/call b'],
    ...['initialize', 'notifications/initialized', 'tools/call b', 'tools/call c'],
  ])
})

it('calls that find it lost at once begin one session together', async () => {
  const { url, seen, forget } = await forgetful()
  const client = await open(url)
  forget()
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => client.callTool(name)))
  expect(answers.map(({ text }) => text)).toEqual(['session-2', 'session-2', 'session-2', 'session-2'])
  expect(seen.filter((method) => method === 'initialize')).toHaveLength(2)
})

it('what the server knew of the old session is told to the new one', async () => {
  const { url, seen, forget } = await forgetful()
  const client = await open(url, { onLog: () => undefined })
  const changes: Change[] = []
  await client.listen({ tools: true, resources: ['a://1'] }, (change) => changes.push(change))
  await client.callTool('a')
  forget()
  await client.callTool('b')
  await vi.waitFor(() => expect(changes).toHaveLength(2))
  expect(changes).toEqual([
    { kind: 'tools', assumed: true },
    { kind: 'resource', uri: 'a://1', assumed: true },
  ])
  await client.callTool('c')
  const again = seen.slice(seen.lastIndexOf('initialize'))
  expect(again).toEqual(expect.arrayContaining(['resources/subscribe', 'logging/setLevel']))
})

it('a stream that finds its session lost begins a new one by itself', async () => {
  const { url, seen, forget, streams, breakStreams } = await forgetful()
  const client = await open(url)
  await vi.waitFor(() => expect(streams()).toBe(1))
  forget()
  breakStreams()
  await vi.waitFor(() => expect(streams()).toBe(1), 3_000)
  expect((await client.callTool('a')).text).toBe('session-2')
  expect(seen.filter((method) => method === 'initialize')).toHaveLength(2)
})

it('a server that will not begin anew fails the call', async () => {
  const { url, forget, refuse } = await forgetful()
  const problems: FastMCPError[] = []
  const client = await open(url, { onError: (problem: FastMCPError) => problems.push(problem) })
  forget()
  refuse()
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'HTTP_ERROR', status: 500 })
})

it('a server that loses every session at once is asked twice, and no more', async () => {
  let initialized = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { id, method } = body === '' ? { id: undefined, method: '' } : JSON.parse(body)
      if (method !== 'initialize') return response.writeHead(method.startsWith('notifications/') ? 202 : 404).end()
      initialized++
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' },
      }
      response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': `s${initialized}` })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.closeAllConnections())
  onTestFinished(() => void server.close())
  const client = await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'HTTP_ERROR', status: 404 })
  expect(initialized).toBe(2)
})
