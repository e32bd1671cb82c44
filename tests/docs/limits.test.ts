import { expect, it, onTestFinished } from 'vitest'
import { mcp } from '../../examples/guide/limits.ts'

it('bounds what one caller may send, behind proxies that it trusts', async () => {
  const { url, close } = await mcp.listen({ port: 0 })
  onTestFinished(close)
  const ask = (from: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hello"}}',
    })
  for (let i = 0; i < 100; i++) expect((await ask('198.51.100.7')).status).toBe(200)
  const refused = await ask('198.51.100.7')
  expect([refused.status, Number(refused.headers.get('retry-after')) > 30]).toEqual([429, true])
  expect((await ask('198.51.100.8')).status).toBe(200)
})
