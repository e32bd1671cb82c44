import { type Client, connect } from '@fastmcp/ts/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGateway } from '../../examples/gateway/server.ts'
import { mcp as tickets } from '../../examples/gateway/tickets.ts'

const namesFoundBy = async (client: Client, query: string): Promise<unknown> => {
  const { data } = await client.callTool<{ tools: { name: string }[] }>('search_tools', { query })
  return data.tools.map(({ name }) => name)
}

const isUnknown = (client: Client, names: readonly string[]) =>
  Promise.all(
    names.flatMap((name) => [
      expect(client.callTool(name)).rejects.toThrow(/Unknown tool/),
      expect(client.callTool('call_tool', { name })).rejects.toThrow(/Unknown tool|no tool/),
    ]),
  )

describe.each(['stateful', 'stateless'] as const)('the gateway, for clients that are %s', (era) => {
  let ada: Client
  let bob: Client
  const parts: { close(): Promise<void> }[] = []

  beforeAll(async () => {
    const behind = await tickets.listen({ port: 0 })
    const gateway = await createGateway(behind.url)
    const front = await gateway.listen({ port: 0 })
    const as = (person: string) => connect(front.url, { era, headers: { authorization: `Bearer token-of-${person}` } })
    ada = await as('ada')
    bob = await as('bob')
    parts.push(ada, bob, front, gateway, behind)
  })
  afterAll(async () => {
    for (const part of parts) await part.close()
  })

  it('knows everybody by a credential of their own, at every server behind', async () => {
    for (const [client, person] of [
      [ada, 'ada'],
      [bob, 'bob'],
    ] as const) {
      expect((await client.callTool('tickets_report', { title: 'Leak' })).text).toBe(`Leak, reported by ${person}`)
      expect((await client.callTool('order', { item: 'cap' })).data).toEqual({
        did: 'POST /orders',
        customer: person,
        body: { item: 'cap', warehouse: 'north', note: `for ${person}` },
      })
    }
  })

  it('shows few tools, and finds the others', async () => {
    expect((await ada.tools()).map(({ name }) => name)).toEqual(['search_tools', 'call_tool', 'order'])
    expect(await namesFoundBy(ada, 'refund')).toEqual(['shop_refund'])
    expect(await namesFoundBy(bob, 'refund')).toEqual([])
    expect((await ada.callTool('call_tool', { name: 'shop_refund', arguments: {} })).data).toMatchObject({
      customer: 'ada',
    })
  })

  it('reads what is elsewhere, as resources and by tools', async () => {
    expect((await bob.readResource('ticket://tickets/7')).text).toBe('Ticket 7')
    const { text } = await bob.callTool('read_resource', { uri: 'resource://shop/get_item/7' })
    expect(JSON.parse(text)).toEqual({ did: 'GET /items/7', customer: 'bob' })
  })

  it('has no way to what is hidden, excluded, refused or not open yet', async () => {
    const nobodys = [
      'tickets_purge',
      'purge',
      'tickets_create',
      'shop_create_order',
      'shop_reset',
      'reset',
      'shop_wish',
    ]
    await isUnknown(ada, nobodys)
    await isUnknown(bob, [...nobodys, 'shop_refund', 'open_beta'])
    await ada.callTool('open_beta')
    expect((await bob.callTool('shop_wish')).data).toMatchObject({ customer: 'bob' })
  })
})
