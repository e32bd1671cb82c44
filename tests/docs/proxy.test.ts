import { FastMCP } from '@fastmcp/ts'
import { connect } from '@fastmcp/ts/client'
import { createTestClient } from '@fastmcp/ts/testing'
import { describeEras } from '@fastmcp/ts/testing/vitest'
import { expect, it, onTestFinished } from 'vitest'
import { approve, createForEach, createHub, createPinned, createServer } from '../../examples/guide/proxy.ts'
import { backstageOf } from '../../src/engine/backstage.ts'

function tickets(): FastMCP {
  const mcp = new FastMCP({ name: 'tickets', version: '1' })
  mcp.tool('open_ticket', { description: 'Opens a ticket' }, (_, ctx) => `opened ${ctx.header('x-team') ?? ''}`.trim())
  mcp.tool('sent', { description: 'x' }, (_, ctx) => [
    ctx.header('x-tenant'),
    backstageOf(ctx).origin.header('authorization'),
  ])
  mcp.resource('ticket://{id}', {}, ({ id }) => `ticket ${id}`)
  return mcp
}

function billing(): FastMCP {
  const mcp = new FastMCP({ name: 'billing', version: '1' })
  mcp.tool('create_invoice', { description: 'Bills' }, () => 'billed')
  mcp.tool('delete_all', { description: 'Deletes' }, () => 'gone')
  return mcp
}

describeEras(
  'the page on proxies',
  (open) => {
    it('shows what servers behind have, as it is told to', async () => {
      const client = await open(createServer(tickets(), billing()))
      expect((await client.tools()).map(({ name }) => name)).toEqual([
        'tickets_open_ticket',
        'tickets_sent',
        'billing_bill',
      ])
      expect((await client.callTool('tickets_open_ticket')).data).toBe('opened')
      expect((await client.callTool('billing_bill')).data).toBe('billed')
      expect((await client.readResource('ticket://tickets/7')).text).toBe('ticket 7')
    })

    it('shows only what was approved', async () => {
      const hashes = await approve(tickets())
      expect(Object.keys(hashes)).toEqual(['open_ticket', 'sent'])
      const client = await open(createPinned(tickets(), { ...hashes, sent: 'sha256-of-something-else' }))
      expect((await client.tools()).map(({ name }) => name)).toEqual(['open_ticket'])
    })
  },
  { transports: ['memory'] },
)

it('serves the servers of a config, each under its name', async () => {
  const { url, close } = await tickets().listen({ port: 0 })
  onTestFinished(close)
  await using hub = createHub(url)
  await using client = await createTestClient(hub)
  const [first] = await client.tools()
  expect(first).toMatchObject({ name: 'tickets_open_ticket', description: 'Opens a ticket for our team' })
  expect((await client.callTool('tickets_open_ticket')).data).toBe('opened blue')
})

it('sends along what it is told to, for each caller', async () => {
  const { url, close } = await tickets().listen({ port: 0 })
  onTestFinished(close)
  const mcp = createForEach(url, async (subject) => `for-${subject}`)
  const front = await mcp.listen({ port: 0 })
  onTestFinished(front.close)
  await using client = await connect(front.url, { headers: { 'x-tenant': 'acme', 'x-other': 'x' } })
  expect((await client.callTool('sent')).data).toEqual(['acme', null])
  await using ada = await createTestClient(mcp, { auth: { subject: 'ada' } })
  expect((await ada.callTool('sent')).data).toEqual([null, 'Bearer for-ada'])
  await mcp.close()
})
