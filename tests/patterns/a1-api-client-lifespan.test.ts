import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { createServer } from '../../examples/patterns/a1-api-client-lifespan.ts'

/** A real library, which counts the connections that it was ever asked over. */
async function openLibrary() {
  const sockets: Socket[] = []
  const asked: string[] = []
  const api = createHttp((request, response) => {
    asked.push(request.url ?? '')
    const id = /OL(\d+)W/.exec(request.url ?? '')?.[1]
    if (id === '404') response.writeHead(404).end('nothing')
    else response.end(JSON.stringify({ title: `Work ${id}` }))
  })
  // Only the client may end a connection.
  api.keepAliveTimeout = 0
  api.on('connection', (socket) => sockets.push(socket))
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  onTestFinished(() => {
    api.closeAllConnections()
    api.close()
  })
  const { port } = api.address() as AddressInfo // it listens on a port
  return { baseUrl: `http://127.0.0.1:${port}`, sockets, asked }
}

describeEras('A1: an API client with a managed life', (open) => {
  it('is opened once, shared by 50 calls, and closed with the server', async () => {
    const library = await openLibrary()
    const mcp = createServer(library.baseUrl)
    const client = await open(mcp)
    expect(library.sockets).toEqual([])

    const ids = Array.from({ length: 50 }, (_, index) => index + 1)
    const answers = await Promise.all(ids.map((id) => client.callTool('work_title', { id: `OL${id}W` })))
    expect(answers.map(({ data }) => data)).toEqual(ids.map((id) => `Work ${id}`))
    expect(library.asked).toHaveLength(50)
    // A client for each call would have had 50 connections.
    expect(library.sockets.length).toBeGreaterThan(0)
    expect(library.sockets.length).toBeLessThanOrEqual(4)
    expect(library.sockets.every((socket) => !socket.destroyed)).toBe(true)

    const ended = Promise.all(library.sockets.map((socket) => once(socket, 'close')))
    await client.close()
    await mcp.close()
    await ended
  })

  it('tells the model what the API answered', async () => {
    const { baseUrl } = await openLibrary()
    const mcp = createServer(baseUrl)
    onTestFinished(() => mcp.close())
    const client = await open(mcp)
    await expect(client.callTool('work_title', { id: 'OL404W' })).rejects.toThrow('The library answered 404')
  })
})
