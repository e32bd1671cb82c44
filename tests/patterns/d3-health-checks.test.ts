import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import type { Client } from '@fastmcp/ts/client'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createServer, mcp } from '../../examples/patterns/d3-health-checks.ts'
import { deferred } from '../kit/echo-eras.ts'
import { settled, useFakeClock } from '../kit/fake-clock.ts'

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const apiThat = async (answers: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await portOf(createHttpServer(answers))}/`
const database = (): Promise<number> => portOf(createTcpServer((socket) => socket.on('error', () => undefined)))

async function statusOf(client: Client) {
  const [contents] = (await client.readResource('health://status')).contents
  return JSON.parse(contents && 'text' in contents ? contents.text : '')
}

describeEras('D3: a server that tells how it is', (open) => {
  it('is healthy while all that it needs is there', async () => {
    const client = await open(createServer(await apiThat((_, response) => response.end()), await database()))
    const status = await statusOf(client)
    expect(status).toMatchObject({
      status: 'healthy',
      version: '1.0.0',
      ready: true,
      checks: { api: { status: 'up' }, database: { status: 'up' } },
      memory: { rss: expect.any(Number), heapUsed: expect.any(Number) },
      eventLoop: { lagMs: expect.any(Number) },
      uptime: expect.any(Number),
    })
  })
})

describeEras(
  'D3: a server that lacks something',
  (open) => {
    it('is degraded, and serves on, with one thing down and one that hangs', async () => {
      const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      onTestFinished(() => quiet.mockRestore())
      const left = deferred()
      const url = await apiThat((request) => request.socket.once('close', () => left.resolve()))
      const closed = createTcpServer()
      const port = await portOf(closed)
      closed.close()
      const client = await open(createServer(url, port))
      useFakeClock()
      onTestFinished(() => void vi.useRealTimers())
      // The second that the check may take.
      const status = await settled(statusOf(client))
      vi.useRealTimers()
      expect(status).toMatchObject({
        status: 'degraded',
        ready: true,
        checks: { api: { status: 'down', timedOut: true }, database: { status: 'down' } },
      })
      expect(status.checks.api.durationMs).toBeLessThan(2_000)
      // The request to what hangs was given up, and not just forgotten.
      await left.promise
      expect(JSON.stringify(status)).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
      expect(quiet.mock.calls.join()).toMatch(/"check":"database"/)
      expect((await client.callTool('hello')).text).toBe('Hello')
    })
  },
  { transports: ['memory', 'http'] },
)

it('D3: probes are answered at once, whatever is down', async () => {
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  const ask = async (path: string) => {
    const response = await fetch(new URL(path, url))
    return [response.status, await response.json()]
  }
  expect(await ask('/health')).toEqual([200, { status: 'healthy' }])
  expect(await ask('/ready')).toEqual([200, { status: 'ready' }])
})
