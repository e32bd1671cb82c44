import { createTestClient } from '@fastmcp/ts/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { requestText, sendRaw } from '../../../tests/kit/raw-socket.ts'
import { FastMCP } from '../../fastmcp.ts'
import type { FastMCPOptions } from '../../fastmcp-options.ts'
import type { HealthStatus } from './health.ts'

const SECRET = 'hunter2-canary'

function serverWith(options: Partial<FastMCPOptions> = {}) {
  const reported: Error[] = []
  const onError = (problem: Error): void => void reported.push(problem)
  const mcp = new FastMCP({ name: 'shop', version: '3.2.1', onError, diagnose: false, ...options })
  onTestFinished(() => mcp.close())
  return { mcp, reported }
}

async function statusOf(mcp: FastMCP): Promise<HealthStatus> {
  const client = await createTestClient(mcp)
  onTestFinished(() => client.close())
  const [contents] = (await client.readResource('health://status')).contents
  return JSON.parse(contents && 'text' in contents ? contents.text : '')
}

const ask = async (mcp: FastMCP, path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> => {
  const response = await mcp.fetch(new Request(`http://localhost${path}`, init))
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

describe('the resource', () => {
  it('tells how the server is, and why a check failed to operators alone', async () => {
    const { mcp, reported } = serverWith({
      health: {
        checks: {
          database: () => Promise.reject(new Error(`password ${SECRET} was refused`)),
          api: () => fetch('http://127.0.0.1:1/'),
          clock: () => true,
          queue: () => new Promise(() => undefined),
        },
        timeoutMs: 20,
      },
    })
    const status = await statusOf(mcp)
    expect(status).toMatchObject({
      status: 'degraded',
      name: 'shop',
      version: '3.2.1',
      uptime: expect.any(Number),
      ready: true,
      checks: { database: { status: 'down' }, clock: { status: 'up' }, queue: { status: 'down', timedOut: true } },
      eventLoop: { lagMs: expect.any(Number) },
      problems: { dropped: 0 },
    })
    const { rss = 0, heapUsed = 0, heapLimit = 0 } = status.memory
    expect(rss > heapUsed && heapLimit > heapUsed && heapUsed > 0).toBe(true)
    expect(JSON.stringify(status)).not.toContain(SECRET)
    const causes = reported.map(String).join()
    expect(causes).toContain(SECRET)
    expect(reported.length).toBe(3)
  })

  it('is healthy where nothing speaks against it, and there only if it is wanted', async () => {
    expect(await statusOf(serverWith({ health: {} }).mcp)).toMatchObject({ status: 'healthy', checks: {} })
    const client = await createTestClient(serverWith().mcp)
    onTestFinished(() => client.close())
    await expect(client.readResource('health://status')).rejects.toThrow(/not found/i)
  })

  it('tells what was found out about handlers, where somebody looks', async () => {
    const { mcp } = serverWith({ health: {}, diagnose: true })
    expect((await statusOf(mcp)).diagnosis).toEqual({ blocked: [], outlived: [] })
    expect((await statusOf(serverWith({ health: {} }).mcp)).diagnosis).toBeUndefined()
  })
})

describe('/health and /ready', () => {
  it('answer under fetch and over HTTP, whoever asks, and to nothing but GET and HEAD', async () => {
    const { mcp } = serverWith({ authenticate: () => undefined })
    expect(await ask(mcp, '/health')).toEqual({ status: 200, body: { status: 'healthy' } })
    expect(await ask(mcp, '/ready')).toEqual({ status: 200, body: { status: 'ready' } })
    expect(await ask(mcp, '/ready', { method: 'HEAD' })).toEqual({ status: 200, body: undefined })
    expect((await ask(mcp, '/ready', { method: 'POST' })).status).toBe(405)
    expect((await ask(mcp, '/ready', { headers: { host: 'evil.example' } })).status).toBe(403)
    const { port, close } = await mcp.listen({ port: 0 })
    onTestFinished(close)
    for (const path of ['/health', '/ready'])
      expect((await sendRaw(port, requestText(port, `GET ${path}`))).status).toBe(200)
    const evil = await sendRaw(port, requestText(port, 'GET /ready', [['Host', 'evil.example']]))
    expect(evil.status).toBe(403)
  })

  it('keep their paths to themselves', async () => {
    for (const path of ['/health', '/ready']) {
      await expect(serverWith({ http: { path } }).mcp.listen({ port: 0 })).rejects.toThrow(
        'not be "/health" or "/ready"',
      )
    }
  })

  it('are not there where nobody wants them', async () => {
    const { mcp } = serverWith({ http: { health: false } })
    for (const path of ['/health', '/ready']) expect((await ask(mcp, path)).status).toBe(404)
  })

  it('begin what runs beside the calls, and wait for it', async () => {
    let open = (): void => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const { mcp } = serverWith()
    mcp.extend({ id: 'io.example/slow', start: () => opened.then(() => undefined) })
    const starting = { status: 503, body: { status: 'unavailable', reasons: ['starting'] } }
    expect(await ask(mcp, '/ready')).toEqual(starting)
    expect(await ask(mcp, '/ready')).toEqual(starting)
    expect((await ask(mcp, '/health')).status).toBe(200)
    open()
    await new Promise((resolve) => setTimeout(resolve))
    expect((await ask(mcp, '/ready')).status).toBe(200)
  })

  it('report a start that fails, and try it again', async () => {
    const { mcp, reported } = serverWith()
    let tries = 0
    const start = async (): Promise<undefined> => {
      if (++tries < 3) throw new Error('no database')
    }
    mcp.extend({ id: 'io.example/flaky', start })
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) {
      statuses.push((await ask(mcp, '/ready')).status)
      await new Promise((resolve) => setTimeout(resolve))
    }
    expect(statuses).toEqual([503, 503, 503, 200])
    expect(reported.map(({ message }) => message)).toEqual(['no database', 'no database'])
  })

  it('say that there is too much to do while the heap is full', async () => {
    const { mcp } = serverWith({ health: { maxHeap: 0 } })
    expect(await ask(mcp, '/ready')).toEqual({
      status: 503,
      body: { status: 'unavailable', reasons: ['overloaded'] },
    })
    expect((await ask(mcp, '/health')).status).toBe(200)
    expect(await statusOf(mcp)).toMatchObject({ status: 'degraded', ready: false })
  })
})

it.each([
  ['timeoutMs', 0],
  ['timeoutMs', Number.NaN],
  ['timeoutMs', Number.POSITIVE_INFINITY],
  ['keepMs', -1],
  ['maxLagMs', 0],
  ['maxHeap', 1.5],
  ['maxHeap', -0.1],
])('refuses %s %d', (option, value) => {
  expect(() => serverWith({ health: { [option]: value } })).toThrow(`health.${option} is ${value}`)
})
