import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { api, clock, mcp, notebook } from '../../examples/guide/openapi-from-hono.ts'

describeEras(
  'the page on APIs, from code',
  (open) => {
    const namesOf = async (client: Awaited<ReturnType<typeof open>>) => (await client.tools()).map(({ name }) => name)

    it('an app that describes itself', async () => {
      const client = await open(mcp)
      expect(await namesOf(client)).toEqual(['get_pet'])
      expect((await client.callTool('get_pet', { id: 7 })).data).toEqual({ name: 'Pet 7' })
    })

    it('a plain app', async () => {
      const client = await open(notebook)
      const [tool, ...others] = await namesOf(client)
      expect(others).toEqual([])
      const { data } = await client.callTool(tool ?? '', { body: { text: 'Buy milk' } })
      expect(data).toEqual({ saved: { text: 'Buy milk' } })
      const [template] = await client.templates()
      const uri = template?.uriTemplate
        .replace('{id}', '7')
        .replace(/\{\?.*\}/, `?query=${encodeURIComponent('{"lang":"de"}')}`)
      expect(JSON.parse((await client.readResource(uri ?? '')).text ?? '')).toEqual({ id: '7', lang: 'de' })
    })

    it('anything that answers requests', async () => {
      const client = await open(clock)
      expect((await client.callTool('now')).text).toBe('noon')
    })
  },
  { transports: ['memory'] },
)

it('an app that serves itself', async () => {
  const request = new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_pet', arguments: { id: 7 } },
    }),
  })
  const answer = await api.fetch(request)
  expect(await answer.text()).toContain('Pet 7')
  await using client = await createTestClient(mcp)
  expect((await client.tools()).map(({ name }) => name)).toEqual(['get_pet'])
})
