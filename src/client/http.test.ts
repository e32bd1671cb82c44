import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { FastMCP } from '../index.ts'
import { connect } from './index.ts'

/** A server on a free port, and a `fetch` that notes what goes over it. */
async function listening() {
  const mcp = new FastMCP({ name: 'small', version: '1.0.0' })
  mcp.tool('ping', { description: 'Answers' }, (_, ctx) => ctx.header('x-tenant') ?? 'nobody')
  const server = await mcp.listen({ port: 0 })
  onTestFinished(() => server.close())
  const requests: { readonly method: string; readonly headers: Headers }[] = []
  const recorder = (url: string | URL, init?: RequestInit): Promise<Response> => {
    requests.push({ method: init?.method ?? 'GET', headers: new Headers(init?.headers) })
    return fetch(url, init)
  }
  return { url: server.url, requests, recorder }
}

describe('a connection over HTTP', () => {
  it('sends its headers with every request', async () => {
    const { url, requests, recorder } = await listening()
    await using client = await connect(url, { headers: { 'x-tenant': 'acme' }, fetch: recorder })
    expect((await client.callTool('ping')).data).toBe('acme')
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.every(({ headers }) => headers.get('x-tenant') === 'acme')).toBe(true)
  })

  it('ends its session when it is closed', async () => {
    const { url, requests, recorder } = await listening()
    const client = await connect(url, { era: 'stateful', fetch: recorder })
    const session = requests.at(-1)?.headers.get('mcp-session-id')
    expect(session).toBeTruthy()
    await client.close()
    const farewells = requests.filter(({ method }) => method === 'DELETE')
    expect(farewells.map(({ headers }) => headers.get('mcp-session-id'))).toEqual([session])
  })

  it('has no session to end in the stateless era', async () => {
    const { url, requests, recorder } = await listening()
    const client = await connect(url, { era: 'stateless', fetch: recorder })
    await client.close()
    expect(requests.map(({ method }) => method)).toEqual(['POST'])
  })

  it('closes all the same when the server does not take leave', async () => {
    const { url } = await listening()
    const silent = (input: string | URL, init?: RequestInit): Promise<Response> =>
      init?.method === 'DELETE' ? new Promise(() => undefined) : fetch(input, init)
    const client = await connect(url, { era: 'stateful', fetch: silent })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const closing = client.close()
    await vi.advanceTimersByTimeAsync(2_000)
    await closing
  })

  it('rejects what is in flight when the server stops', async () => {
    const mcp = new FastMCP({ name: 'stopping', version: '1.0.0', onError: () => undefined })
    let began = (): void => undefined
    const running = new Promise<void>((resolve) => {
      began = resolve
    })
    mcp.tool('wait', { description: 'Waits' }, () => {
      began()
      return new Promise(() => undefined)
    })
    const server = await mcp.listen({ port: 0, drainMs: 10 })
    const client = await connect(server.url)
    onTestFinished(() => client.close())
    const call = expect(client.callTool('wait')).rejects.toMatchObject({
      name: expect.stringMatching(/^(Client|Server)Error$/),
    })
    await running
    await server.close()
    await call
  })
})
