import { expect, it, onTestFinished } from 'vitest'
import { FastMCP } from './fastmcp.ts'
import type { HttpRateLimit } from './transports/http/rate-limit.ts'

const serverWith = (rateLimit: HttpRateLimit): FastMCP =>
  new FastMCP({ name: 'shop', version: '1.0.0', http: { rateLimit } })

it.each<[string, Partial<HttpRateLimit>]>([
  ['limit', { limit: -1 }],
  ['limit', { limit: Number.NaN }],
  ['per', { per: 0 }],
  ['per', { per: Number.POSITIVE_INFINITY }],
  ['trustProxy', { trustProxy: ['proxy.example.com'] }],
])('a limit of requests that cannot be is refused where it is given: %s', (name, wrong) => {
  expect(() => serverWith({ limit: 10, per: 1_000, ...wrong })).toThrow(name)
})

it('a limit of requests is one, by whatever way they come', async () => {
  const mcp = serverWith({ limit: 3, per: 60_000, address: () => '198.51.100.7' })
  const message = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  }
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  const statuses: number[] = []
  for (let i = 0; i < 2; i++) {
    statuses.push((await fetch(url, message)).status)
    statuses.push((await mcp.fetch(new Request('http://localhost/mcp', message))).status)
  }
  expect(statuses).toEqual([200, 200, 200, 429])
})
