import { createTestClient, recordedUpstream } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it } from 'vitest'
import { createServer } from '../../examples/guide/upstream.ts'
import '../../examples/guide/recorded-upstream.ts'

const ADA = { id: 7, name: 'Ada' }

describeEras(
  'the page on upstreams',
  (open) => {
    it('asks, sends, and catches', async () => {
      const api = recordedUpstream({
        'GET /v1/users/a%2Fb': ADA,
        'POST /v1/users': ADA,
        'GET /v1/users/nobody': new Response(null, { status: 404 }),
      })
      const client = await open(createServer(api.fetch))
      expect((await client.callTool('get_user', { id: 'a/b' })).data).toBe('Ada')
      expect((await client.callTool('add_user', { name: 'Ada' })).data).toBe(7)
      expect((await client.callTool('add_user_once', { name: 'Ada' })).data).toBe(7)
      expect((await client.callTool('find_user', { id: 'nobody' })).data).toBe('nobody')
      expect(api.requests).toMatchObject([
        { url: 'https://directory.example.com/v1/users/a%2Fb?fields=name', headers: { 'x-team': 'blue' } },
        { body: '{"name":"Ada"}', headers: { 'x-signature': 'signed-9' } },
        { headers: { 'idempotency-key': expect.any(String) } },
        { method: 'GET' },
      ])
    })

    it('calls nothing inside a network', async () => {
      const client = await open(createServer(recordedUpstream({}).fetch))
      for (const hook of ['http://169.254.169.254/', 'http://localhost:8080', 'http://127.1']) {
        await expect(client.callTool('tell', { hook })).rejects.toThrow('its address is not a public one')
      }
    })

    it('gives the answer itself', async () => {
      const image = new Response(new Uint8Array(3), { headers: { 'content-type': 'image/png' } })
      const api = recordedUpstream({
        'GET /v1/users/7/portrait': image,
        'GET /v1/users/8/portrait': new Response(null, { status: 404 }),
      })
      const client = await open(createServer(api.fetch))
      expect((await client.callTool('portrait', { id: '7' })).data).toBe('image/png, 3 bytes')
      await expect(client.callTool('portrait', { id: '8' })).rejects.toThrow('There is no portrait (404)')
    })
  },
  { transports: ['memory'] },
)

it('does nothing on behalf of nobody', async () => {
  await using client = await createTestClient(createServer(recordedUpstream({}).fetch))
  await expect(client.callTool('invoices')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
})
